import type { ColumnDefault } from '../../../sql/index.ts';
import type { TableColumn } from '../../schema/index.ts';

/** A text that reads the same in every sql_mode. */
const TEXT = /^(?:_utf8(?:mb[34])?\s*)?'([^'\\]*)'$/i;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
const NOW = /^(?:CURRENT_TIMESTAMP|NOW|LOCALTIME|LOCALTIMESTAMP)(?:\(([0-6]?)\))?$/i;
const DOCUMENTS: Readonly<Record<string, string>> = { 'JSON_ARRAY()': '[]', 'JSON_OBJECT()': '{}' };
/** Documents that MySQL prints as they are written. */
const PLAIN_DOCUMENT = /^(?:\[\]|\{\})$/;

/**
 * The default of a column, without the parentheses that MySQL asks for around those of TEXT, BLOB and JSON columns: `('')` is `''`, and
 * `(NOW())` is now. What is more than one value stays an expression.
 */
export function settledDefault({ default: given, type }: TableColumn): ColumnDefault | undefined {
  if (given?.kind !== 'expression') return given;
  const written = withoutParentheses(given.text);
  if (/^NULL$/i.test(written)) return { kind: 'null' };
  const text = DOCUMENTS[written.toUpperCase()] ?? TEXT.exec(written)?.[1];
  if (type.name === 'json' && !PLAIN_DOCUMENT.test(text ?? '')) return given;
  if (text !== undefined) return { kind: 'text', text };
  if (NUMBER.test(written)) return { kind: 'literal', text: written };
  const now = NOW.exec(written);
  return now === null ? given : { kind: 'now', decimals: Number(now[1] ?? 0) };
}

function withoutParentheses(text: string): string {
  const trimmed = text.trim();
  const inner = /^\(([^()]*(?:\(\w*\))?)\)$/.exec(trimmed)?.[1];
  return inner === undefined ? trimmed : inner.trim();
}

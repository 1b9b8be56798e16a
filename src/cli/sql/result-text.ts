import type { ResultSet } from '../../connection/index.ts';
import { ColumnFlag, ColumnType } from '../../wire/index.ts';

/** How rows are written. */
export type Layout = 'table' | 'batch' | 'vertical';

export interface LayoutOptions {
  readonly columnNames: boolean;
  /** Batch output as it is, without escapes. */
  readonly raw: boolean;
}

const NUMBERS: ReadonlySet<number> = new Set<number>([
  ColumnType.DECIMAL,
  ColumnType.TINY,
  ColumnType.SHORT,
  ColumnType.LONG,
  ColumnType.FLOAT,
  ColumnType.DOUBLE,
  ColumnType.NULL,
  ColumnType.LONGLONG,
  ColumnType.INT24,
  ColumnType.YEAR,
  ColumnType.NEWDECIMAL,
]);

/** How wide a character is on a terminal: East Asian ones take two columns, combining marks none. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (/\p{Mn}/u.test(character)) continue;
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return columns;
}

/** As mysql does: a NUL is a space where it is not escaped. */
const shown = (value: Buffer | null): string =>
  value === null ? 'NULL' : value.toString().replaceAll('\0', ' ');
const padEnd = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - width(text)));
const padStart = (text: string, columns: number): string =>
  ' '.repeat(Math.max(0, columns - width(text))) + text;

/** Rows in a frame, numbers to the right. */
function table({ columns, rows }: ResultSet, { columnNames }: LayoutOptions): string {
  const names = columns.map(({ name }) => name);
  const texts = rows.map((row) => row.map(shown));
  const widths = names.map((name, i) =>
    Math.max(columnNames ? width(name) : 0, roomForNull(columns[i]!), ...texts.map((row) => width(row[i]!))),
  );
  const rule = `+${widths.map((size) => '-'.repeat(size + 2)).join('+')}+\n`;
  const line = (cells: readonly string[], right: (i: number) => boolean): string =>
    `|${cells.map((cell, i) => ` ${right(i) ? padStart(cell, widths[i]!) : padEnd(cell, widths[i]!)} |`).join('')}\n`;
  const head = columnNames ? line(names, () => false) + rule : '';
  const numeric = (i: number): boolean => NUMBERS.has(columns[i]!.type);
  return rule + head + texts.map((row) => line(row, numeric)).join('') + rule;
}

/** A column that may hold NULL is at least as wide as the word, as with mysql. */
const roomForNull = ({ flags }: { readonly flags: number }): number => (flags & ColumnFlag.NOT_NULL ? 0 : 4);

/** Rows upright: one line a value. */
function vertical({ columns, rows }: ResultSet, { columnNames }: LayoutOptions): string {
  const names = columns.map(({ name }) => name);
  const size = Math.max(...names.map(width));
  return rows
    .map((row, i) => {
      const lines = row.map((value, j) =>
        columnNames ? `${padStart(names[j]!, size)}: ${shown(value)}\n` : `${shown(value)}\n`,
      );
      return `*************************** ${i + 1}. row ***************************\n${lines.join('')}`;
    })
    .join('');
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\0': '\\0', '\\': '\\\\' };
const escaped = (text: string): string => text.replaceAll(/[\n\t\0\\]/g, (character) => ESCAPES[character]!);

/** Values between tabs. */
function batch({ columns, rows }: ResultSet, { columnNames, raw }: LayoutOptions): string {
  const cell = (text: string): string => (raw ? text : escaped(text));
  const lines = rows.map((row) => row.map((value) => (value === null ? 'NULL' : cell(value.toString()))));
  if (columnNames) lines.unshift(columns.map(({ name }) => name));
  return lines.map((line) => `${line.join('\t')}\n`).join('');
}

const layouts = { table, batch, vertical } as const;

/** The rows as text; empty where there are none. */
export function resultText(result: ResultSet, layout: Layout, options: LayoutOptions): string {
  return result.rows.length === 0 ? '' : layouts[layout](result, options);
}

/** `1 row in set, 1 warning (0.00 sec)` */
export function summary(result: ResultSet, seconds: number): string {
  const { columns, rows, affectedRows, warnings } = result;
  const plural = (count: number | bigint): string => (Number(count) === 1 ? '' : 's');
  const what =
    columns.length === 0
      ? `Query OK, ${affectedRows} row${plural(affectedRows)} affected`
      : rows.length === 0
        ? 'Empty set'
        : `${rows.length} row${plural(rows.length)} in set`;
  const warned = warnings === 0 ? '' : `, ${warnings} warning${plural(warnings)}`;
  return `${what}${warned} (${seconds.toFixed(2)} sec)\n`;
}

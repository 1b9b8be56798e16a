import {
  ColumnCode,
  type JsonDiff,
  type JsonDocument,
  type JsonNode,
  JsonObject,
  JsonOpaque,
  readJsonDiffs,
  jsonText as textOf,
} from '../../../binlog/index.ts';
import type { Cursor } from '../../../bytes/index.ts';
import { FormatError, TruncatedError } from '../../../errors/index.ts';
import type { TextOutput } from '../../output/text-output.ts';
import { writeQuoted } from '../quoted.ts';
import { writeQuotedJson } from './json-binary-text.ts';
import type { ColumnText, ColumnTextMaker } from './value-text.ts';

const LENGTH_BYTES = 4;
const INDENT = '###      ';

function writeQuotedText(out: TextOutput, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  writeQuoted(out, bytes, 0, bytes.length);
}

/** Documents that began well and had something illegal inside, since {@link takeJsonFaults} was last called. */
let faults = 0;

/** Behind a document that is none the original prints no more of the event. What it says of it is out. */
export class RowsGivenUp extends FormatError {
  constructor() {
    super('a JSON document that is none');
  }
}

/** How many lines the original would have said on standard error. */
export function takeJsonFaults(): number {
  const count = faults;
  faults = 0;
  return count;
}

const json: ColumnText = {
  typeName: 'JSON',
  write(cursor, out) {
    const length = cursor.u32();
    const at = cursor.take(length);
    const from = out.length;
    try {
      writeQuotedJson(out, cursor.bytes, at, at + length);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      // Behind the quote stands something: the document itself was legal.
      const isInside = out.length > from + 1;
      out.length = from;
      if (!isInside) {
        out.text('Invalid JSON\n');
        throw new RowsGivenUp();
      }
      faults += 1;
      out.text('Failed to format JSON object as string.\n');
    }
  },
};
/** Of a column whose metadata does not say that lengths have four bytes: only a damaged log has one. */
const unreadable: ColumnText = {
  typeName: 'JSON',
  write: () => {
    throw new TruncatedError('a value of no known length');
  },
};

export const jsonText: ColumnTextMaker = ({ meta }) => (meta === LENGTH_BYTES ? json : unreadable);

/** A value inside an SQL function: what SQL has no literal for is cast. */
function writeValue(out: TextOutput, document: JsonDocument): void {
  const node: JsonNode = document.node;
  const text = textOf(document.bytes, { quoted: false });
  if (Array.isArray(node) || node instanceof JsonObject) {
    out.text('CAST(');
    writeQuotedText(out, text);
    out.text(' AS JSON)');
  } else if (
    typeof node === 'string' ||
    (node instanceof JsonOpaque && node.type !== ColumnCode.NEWDECIMAL)
  ) {
    writeQuotedText(out, text);
  } else {
    out.text(text);
  }
}

/** Paths that end in `[n]` insert into an array. */
function functionOf({ operation, path }: JsonDiff): string {
  if (operation === 'replace') return 'JSON_REPLACE';
  if (operation === 'remove') return 'JSON_REMOVE';
  return path.endsWith(']') ? 'JSON_ARRAY_INSERT' : 'JSON_INSERT';
}

/**
 * The diffs of a partial update as nested calls, the first diff innermost: `JSON_REMOVE(\n JSON_REPLACE(@2, '$.a', 1),\n '$.b')`.
 * Neighbours with one function share a call.
 */
export function writeJsonDiffs(cursor: Cursor, out: TextOutput, column: number): void {
  const diffs = readJsonDiffs(cursor);
  const functions = diffs.map(functionOf);
  // Outermost first: the last function encloses all before it.
  let separator = '';
  for (let i = functions.length - 1; i >= 0; i -= 1) {
    if (functions[i] === functions[i - 1]) continue;
    out.text(`${separator}${functions[i]}(`);
    separator = `\n${INDENT}`;
  }
  out.text(`@${column}`);
  for (const [i, { path, value }] of diffs.entries()) {
    const continues = i > 0;
    if (continues && functions[i] !== functions[i - 1]) out.text(')');
    out.text(continues ? `,\n${INDENT}` : ', ');
    writeQuotedText(out, path);
    if (value !== undefined) {
      out.text(', ');
      writeValue(out, value);
    }
  }
  if (diffs.length > 0) out.text(')');
}

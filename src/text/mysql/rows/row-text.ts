import { type RawEvent, type RowOperation, type Rows, rowsShape } from '../../../binlog/index.ts';
import { Cursor } from '../../../bytes/index.ts';
import { FormatError, TruncatedError } from '../../../errors/index.ts';
import { Literal } from '../../literal.ts';
import type { TextOutput } from '../../text-output.ts';
import { writeExtraRowInfo } from './extra-row-info.ts';
import { writeJsonDiffs } from './json-text.ts';
import type { ImagePlan, TableText } from './table-text.ts';
import type { TableTexts } from './table-texts.ts';

const SET_CLAUSE = new Literal('### SET\n');
const NO_CLAUSE = new Literal('');
/** Bit of a partial after image's options: JSON columns hold diffs. */
const PARTIAL_JSON = 1;

const cursor = new Cursor();
/** Where the value being written starts: bytes from there are what is left of the event. */
let valueAt = 0;

/** Writes one image; false where a column cannot be printed and the rest of the event is given up. */
function writeImage(out: TextOutput, plan: ImagePlan, clause: Literal): boolean {
  const { columns } = plan;
  const count = columns.length;
  const { bytes } = cursor;
  const nullsAt = cursor.take((count + 7) >> 3);
  out.literal(clause);
  for (let i = 0; i < count; i += 1) {
    const column = columns[i]!;
    out.literal(column.before);
    const { write } = column;
    if (write === undefined) {
      out.literal(column.refusal);
      return false;
    }
    if ((bytes[nullsAt + (i >> 3)]! & (1 << (i & 7))) !== 0) {
      out.literal(column.nullText);
      continue;
    }
    valueAt = cursor.position;
    write(cursor, out);
    out.literal(column.after);
  }
  return true;
}

/** As {@link writeImage}, for the after image of a partial update. */
function writePartialImage(out: TextOutput, table: TableText, plan: ImagePlan): boolean {
  if ((cursor.lenenc() & PARTIAL_JSON) === 0) return writeImage(out, plan, SET_CLAUSE);
  const { bytes } = cursor;
  const partialAt = cursor.take((table.jsonColumns + 7) >> 3);
  const nullsAt = cursor.take((plan.columns.length + 7) >> 3);
  out.literal(SET_CLAUSE);
  let partialBit = 0;
  let bit = 0;
  for (const column of table.columns) {
    let partial = false;
    if (column.isJson) {
      partial = (bytes[partialAt + (partialBit >> 3)]! & (1 << (partialBit & 7))) !== 0;
      partialBit += 1;
    }
    if (plan.columns[bit] !== column) continue;
    const isNull = (bytes[nullsAt + (bit >> 3)]! & (1 << (bit & 7))) !== 0;
    bit += 1;
    out.literal(column.before);
    if (column.write === undefined) {
      out.literal(column.refusal);
      return false;
    }
    if (isNull) {
      out.literal(column.nullText);
      continue;
    }
    valueAt = cursor.position;
    if (partial) writeJsonDiffs(cursor, out, column.number);
    else column.write(cursor, out);
    out.literal(column.after);
  }
  return true;
}

const openings: Readonly<Record<RowOperation, (table: TableText) => Literal>> = {
  insert: (table) => table.insert,
  update: (table) => table.update,
  delete: (table) => table.delete,
};

function writeAllRows(out: TextOutput, table: TableText, body: Rows): void {
  const { operation, partial } = body.shape;
  const opening = openings[operation](table);
  const first = table.plan(body.present);
  const second = operation === 'update' ? table.plan(body.presentAfter) : undefined;
  while (cursor.position < cursor.end) {
    valueAt = cursor.position;
    out.literal(opening);
    if (!writeImage(out, first, NO_CLAUSE)) return;
    if (second === undefined) continue;
    if (!(partial ? writePartialImage(out, table, second) : writeImage(out, second, SET_CLAUSE))) return;
  }
}

/** The rows of an event as pseudo SQL, every line a comment. */
export function writeRows(tables: TableTexts, out: TextOutput, event: RawEvent, body: Rows): void {
  writeExtraRowInfo(out, body);
  const table = tables.get(body.tableId);
  if (table === undefined) {
    out.text(`### Row event for unknown table #${body.tableId}`);
    return;
  }
  const { images } = body;
  // Images that lie in the event are read there: one memory for many events.
  const within = images.buffer === event.bytes.buffer;
  const start = within ? images.byteOffset - event.bytes.byteOffset : 0;
  const end = start + images.length;
  if (images.length === 0 && rowsShape(event.type)?.operation === 'insert') {
    out.literal(table.emptyInsert);
    return;
  }
  cursor.aim(within ? event.bytes : images, start, end);
  try {
    writeAllRows(out, table, body);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    if (!(error instanceof TruncatedError)) {
      out.text('\n');
      return;
    }
    out.text(
      `***Corrupted replication event was detected: field data is truncated; there are only ${end - valueAt} bytes left of the event. Not printing the value***\n`,
    );
  }
}

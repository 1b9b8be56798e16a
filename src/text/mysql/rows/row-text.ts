import { type RawEvent, type RowOperation, type Rows, rowsShape } from '../../../binlog/index.ts';
import { Cursor } from '../../../bytes/index.ts';
import { FormatError, TruncatedError } from '../../../errors/index.ts';
import { Literal } from '../../output/literal.ts';
import type { TextOutput } from '../../output/text-output.ts';
import { writeExtraRowInfo } from './extra-row-info.ts';
import { RowsGivenUp, writeJsonDiffs } from './json-text.ts';
import type { ColumnPlan, ImagePlan, TableText } from './table-text.ts';
import type { TableTexts } from './table-texts.ts';

const SET_CLAUSE = new Literal('### SET\n');
const WHERE_CLAUSE = new Literal('### WHERE\n');
const NO_CLAUSE = new Literal('');
/** Bit of a partial after image's options: JSON columns hold diffs. */
const PARTIAL_JSON = 1;

const cursor = new Cursor();
/** Where the value being written starts: bytes from there are what is left of the event. */
let valueAt = 0;

/** What the original says of an image that ends before the bits that tell which values are NULL. */
class MissingNulls extends TruncatedError {
  readonly size: number;
  /** Of the first image: its clause is out already. */
  readonly isFirst: boolean;

  constructor(size: number, isFirst: boolean) {
    super('an image ends in its NULL bitmap');
    this.size = size;
    this.isFirst = isFirst;
  }
}

function takeNulls(size: number, isFirst: boolean): number {
  if (size > cursor.remaining) {
    valueAt = cursor.position;
    throw new MissingNulls(size, isFirst);
  }
  return cursor.take(size);
}

/** Says that a column cannot be printed: of values whose length is not known the original thinks that they are too long. */
function refuse(out: TextOutput, column: ColumnPlan, isNull: boolean): false {
  valueAt = cursor.position;
  if (!isNull) {
    if (column.sized === undefined) throw new TruncatedError('a value of no known length');
    column.sized(cursor);
  }
  out.literal(column.refusal);
  return false;
}

/** Writes one image; false where a column cannot be printed and the rest of the event is given up. */
function writeImage(out: TextOutput, plan: ImagePlan, clause: Literal): boolean {
  const { columns, after, nullTexts } = plan;
  const count = columns.length;
  const { bytes } = cursor;
  const nullsAt = takeNulls(plan.nullBytes, clause === NO_CLAUSE);
  out.literal(clause);
  if (count > 0) out.literal(columns[0]!.before);
  for (let i = 0; i < count; i += 1) {
    const column = columns[i]!;
    const { write } = column;
    const isNull = (bytes[nullsAt + (i >> 3)]! & (1 << (i & 7))) !== 0;
    if (write === undefined) return refuse(out, column, isNull);
    if (isNull) {
      out.literal(nullTexts[i]!);
      continue;
    }
    valueAt = cursor.position;
    write(cursor, out);
    out.literal(after[i]!);
  }
  return true;
}

/** As {@link writeImage}, for the after image of a partial update. */
function writePartialImage(out: TextOutput, table: TableText, plan: ImagePlan): boolean {
  if ((cursor.lenenc() & PARTIAL_JSON) === 0) return writeImage(out, plan, SET_CLAUSE);
  const { bytes } = cursor;
  const partialAt = cursor.take((table.jsonColumns + 7) >> 3);
  const nullsAt = takeNulls(plan.nullBytes, false);
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
    if (column.write === undefined) return refuse(out, column, isNull);
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
  const first = table.plan(body.present, body.columnCount);
  const second = operation === 'update' ? table.plan(body.presentAfter, body.columnCount) : undefined;
  while (cursor.position < cursor.end) {
    let imageAt = cursor.position;
    valueAt = imageAt;
    out.literal(opening);
    // An image that takes no bytes is the last thing the original prints: no row after it would end.
    if (!writeImage(out, first, NO_CLAUSE) || cursor.position === imageAt) return;
    if (second === undefined) continue;
    imageAt = cursor.position;
    if (!(partial ? writePartialImage(out, table, second) : writeImage(out, second, SET_CLAUSE))) return;
    if (cursor.position === imageAt) return;
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
    if (error instanceof RowsGivenUp) return;
    if (!(error instanceof FormatError)) throw error;
    if (!(error instanceof TruncatedError)) {
      out.text('\n');
      return;
    }
    if (error instanceof MissingNulls && error.isFirst) {
      out.length -= (body.shape.operation === 'insert' ? SET_CLAUSE : WHERE_CLAUSE).length;
    }
    const what =
      error instanceof MissingNulls
        ? `NULL bitmap size is set to ${error.size}, but`
        : 'field data is truncated;';
    out.text(
      `***Corrupted replication event was detected: ${what} there are only ${end - valueAt} bytes left of the event. Not printing the value***\n`,
    );
  }
}

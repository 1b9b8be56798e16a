import {
  CHECKSUM_BYTES,
  EventType,
  HEADER_BYTES,
  LENGTH_AT,
  RawEvent,
  ROWS_FLAGS_AT,
  type RowOperation,
  type Rows,
  RowsFlag,
  type TableMap,
  TYPE_AT,
} from '../../../binlog/index.ts';
import { crc32 } from '../../../bytes/index.ts';

/** What a compressed rows event is once it is inflated. */
const inflatedTypes: Readonly<Record<number, number>> = {
  [EventType.WRITE_ROWS_COMPRESSED_EVENT_V1]: EventType.WRITE_ROWS_EVENT_V1,
  [EventType.UPDATE_ROWS_COMPRESSED_EVENT_V1]: EventType.UPDATE_ROWS_EVENT_V1,
  [EventType.DELETE_ROWS_COMPRESSED_EVENT_V1]: EventType.DELETE_ROWS_EVENT_V1,
  [EventType.WRITE_ROWS_COMPRESSED_EVENT]: EventType.WRITE_ROWS_EVENT,
  [EventType.UPDATE_ROWS_COMPRESSED_EVENT]: EventType.UPDATE_ROWS_EVENT,
  [EventType.DELETE_ROWS_COMPRESSED_EVENT]: EventType.DELETE_ROWS_EVENT,
};

/** An event of its own memory with another body; header fields and checksum as the given one's. */
function withBody(event: RawEvent, parts: readonly Uint8Array[]): RawEvent {
  const checksum = event.bytes.subarray(event.bodyEnd, event.end);
  const header = event.bytes.subarray(event.start, event.bodyStart);
  const bytes = Buffer.concat([header, ...parts, checksum]);
  bytes.writeUInt32LE(bytes.length, LENGTH_AT);
  const made = new RawEvent();
  Object.assign(made, event);
  made.bytes = bytes;
  made.isInFile = false;
  made.length = bytes.length;
  made.start = 0;
  made.end = bytes.length;
  made.bodyStart = HEADER_BYTES;
  made.bodyEnd = bytes.length - checksum.length;
  return made;
}

/** A compressed rows event as the uncompressed one it stands for, with a checksum of its own. */
export function inflatedRows(event: RawEvent, rows: Rows): RawEvent {
  const block = rows.block;
  const type = inflatedTypes[event.type];
  if (block === undefined || type === undefined) return event;
  const fixedEnd = event.bodyEnd - block.length;
  const made = withBody(event, [event.bytes.subarray(event.bodyStart, fixedEnd), rows.images]);
  made.bytes[TYPE_AT] = type;
  made.type = type;
  if (made.hasChecksum) {
    const at = made.end - CHECKSUM_BYTES;
    made.bytes.writeUInt32LE(crc32(made.bytes, 0, at), at);
  }
  return made;
}

/** A table map of another database. The checksum stays the old one, as the original leaves it. */
export function renamedTableMap(event: RawEvent, map: TableMap, schema: Buffer): RawEvent {
  const { bytes, bodyStart, bodyEnd } = event;
  // Before the schema's name stand table id, flags and the name's length.
  const nameAt = bytes.indexOf(map.schema, bodyStart + 7);
  return withBody(event, [
    bytes.subarray(bodyStart, nameAt - 1),
    Buffer.of(schema.length),
    schema,
    bytes.subarray(nameAt + map.schema.length, bodyEnd),
  ]);
}

const undoneTypes: Readonly<Record<number, number>> = {
  [EventType.WRITE_ROWS_EVENT_V1]: EventType.DELETE_ROWS_EVENT_V1,
  [EventType.DELETE_ROWS_EVENT_V1]: EventType.WRITE_ROWS_EVENT_V1,
  [EventType.WRITE_ROWS_EVENT]: EventType.DELETE_ROWS_EVENT,
  [EventType.DELETE_ROWS_EVENT]: EventType.WRITE_ROWS_EVENT,
};

/** What undoes an operation. */
export const undoes: Readonly<Record<RowOperation, RowOperation>> = {
  insert: 'delete',
  delete: 'insert',
  update: 'update',
};

/** One image of a row: where it lies in the bytes, and its values. */
export interface ImageFields {
  readonly start: number;
  readonly end: number;
  /** By place in the table; undefined for columns that are not in the image, null for NULL. */
  readonly values: readonly (Buffer | null | undefined)[];
}

/**
 * An image with the values that another one has, where it has them. What is left of the NULL bitmap's last byte is zero, as in
 * the original.
 */
function imageWith(fields: ImageFields, other: ImageFields): Buffer {
  const parts: Buffer[] = [];
  const nulls: number[] = [];
  let place = 0;
  fields.values.forEach((own, index) => {
    if (own === undefined) return;
    const theirs = other.values[index];
    const value = theirs === undefined ? own : theirs;
    if (value === null) nulls.push(place);
    else parts.push(value);
    place += 1;
  });
  const bitmap = Buffer.alloc((place + 7) >> 3);
  for (const bit of nulls) bitmap[bit >> 3]! |= 1 << (bit & 7);
  return Buffer.concat([bitmap, ...parts]);
}

function isFull({ values }: ImageFields): boolean {
  return !values.includes(undefined);
}

/**
 * The images of a row in the order that undoes it. Updates exchange them; where an image lacks columns, each keeps its columns
 * and they exchange the values of those that both have. The original looks at the second image only: where the first alone lacks
 * columns it exchanges the images, but not what says which columns each has.
 */
function undoneRow(images: Buffer, row: readonly ImageFields[], compat: 'better' | 'exact'): Buffer[] {
  const [before, after] = row;
  const bytesOf = ({ start, end }: ImageFields): Buffer => images.subarray(start, end);
  if (before === undefined) return [];
  if (after === undefined) return [bytesOf(before)];
  if (isFull(after) && (compat === 'exact' || isFull(before))) return [bytesOf(after), bytesOf(before)];
  return [imageWith(before, after), imageWith(after, before)];
}

/** A copy of a rows event that ends its statement or does not. */
export function withStatementEnd(event: RawEvent, endsStatement: boolean): RawEvent {
  const copy = event.keep();
  const { bytes } = copy;
  const at = copy.start + ROWS_FLAGS_AT;
  bytes[at] = endsStatement ? bytes[at]! | RowsFlag.STMT_END : bytes[at]! & ~RowsFlag.STMT_END;
  return copy;
}

/**
 * `--flashback`: the event that undoes this one. Rows come in reverse order, inserts are deletes and the other way round. The
 * checksum stays the old one, as the original leaves it.
 *
 * @param list the images of each row; undefined leaves them as they are
 */
export function undoingRows(
  event: RawEvent,
  { images }: Rows,
  list: readonly (readonly ImageFields[])[] | undefined,
  compat: 'better' | 'exact',
): RawEvent {
  const fixed = event.bytes.subarray(event.bodyStart, event.bodyEnd - images.length);
  const undone =
    list === undefined ? [images] : [...list].reverse().flatMap((row) => undoneRow(images, row, compat));
  const made = withBody(event, [fixed, ...undone]);
  const type = undoneTypes[event.type] ?? event.type;
  made.bytes[TYPE_AT] = type;
  made.type = type;
  return made;
}

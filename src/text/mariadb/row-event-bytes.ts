import {
  CHECKSUM_BYTES,
  EventType,
  HEADER_BYTES,
  RawEvent,
  type RowOperation,
  type Rows,
  type TableMap,
} from '../../binlog/index.ts';
import { crc32 } from '../../bytes/index.ts';

/** Offsets in an event's header. */
const TYPE_AT = 4;
const LENGTH_AT = 9;

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

/**
 * `--flashback`: the event that undoes this one. Rows come in reverse order, inserts are deletes and the other way round, the two
 * images of updates change places. The checksum stays the old one, as the original leaves it.
 *
 * @param boundaries where each image ends, in `rows.images`; two of them a row for updates
 */
export function undoingRows(
  event: RawEvent,
  rows: Rows,
  boundaries: readonly number[],
  endsStatement: boolean,
): RawEvent {
  const { images } = rows;
  const isUpdate = rows.shape.operation === 'update';
  const parts: Buffer[] = [];
  const image = (index: number): Buffer =>
    images.subarray(index === 0 ? 0 : boundaries[index - 1]!, boundaries[index]!);
  for (let i = boundaries.length - 1; i >= 0; i -= isUpdate ? 2 : 1) {
    parts.push(image(i));
    if (isUpdate) parts.push(image(i - 1));
  }
  const fixed = Buffer.from(event.bytes.subarray(event.bodyStart, event.bodyEnd - images.length));
  // Table id, then flags, whose lowest bit ends the statement.
  const flagsAt = 6;
  fixed[flagsAt] = endsStatement ? fixed[flagsAt]! | 1 : fixed[flagsAt]! & ~1;
  if (isUpdate) {
    const size = rows.present.length;
    const bitmapsAt = fixed.length - 2 * size;
    const before = Buffer.from(rows.present);
    rows.presentAfter.copy(fixed, bitmapsAt);
    before.copy(fixed, bitmapsAt + size);
  }
  const made = withBody(event, [fixed, ...parts]);
  const type = undoneTypes[event.type] ?? event.type;
  made.bytes[TYPE_AT] = type;
  made.type = type;
  return made;
}

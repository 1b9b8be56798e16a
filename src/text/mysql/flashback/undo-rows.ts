import {
  CHECKSUM_BYTES,
  decodeRowsExtra,
  EventType,
  encodeRowsExtra,
  hasColumn,
  LENGTH_AT,
  type RawEvent,
  ROWS_FLAGS_AT,
  RowReader,
  type Rows,
  RowsFlag,
  type TableMap,
  TYPE_AT,
} from '../../../binlog/index.ts';
import { crc32 } from '../../../bytes/index.ts';
import { wholeEvent } from '../payload-events.ts';
import { NotUndoable } from './not-undoable.ts';

/** The event that undoes one of this type. */
const undoingTypes: Readonly<Record<number, number>> = {
  [EventType.WRITE_ROWS_EVENT_V1]: EventType.DELETE_ROWS_EVENT_V1,
  [EventType.UPDATE_ROWS_EVENT_V1]: EventType.UPDATE_ROWS_EVENT_V1,
  [EventType.DELETE_ROWS_EVENT_V1]: EventType.WRITE_ROWS_EVENT_V1,
  [EventType.WRITE_ROWS_EVENT]: EventType.DELETE_ROWS_EVENT,
  [EventType.UPDATE_ROWS_EVENT]: EventType.UPDATE_ROWS_EVENT,
  [EventType.DELETE_ROWS_EVENT]: EventType.WRITE_ROWS_EVENT,
  [EventType.PARTIAL_UPDATE_ROWS_EVENT]: EventType.UPDATE_ROWS_EVENT,
};

const FULL_IMAGE_HINT =
  'only rows written under binlog_row_image=FULL can be undone; undo what comes after them, or other tables (--database, --table)';

function isFull(columns: number, present: Uint8Array): boolean {
  for (let at = 0; at < columns; at += 1) {
    if (!hasColumn(present, at)) return false;
  }
  return true;
}

function checkImages(rows: Rows): void {
  const { columnCount, present, presentAfter } = rows;
  if (isFull(columnCount, present) && isFull(columnCount, presentAfter)) return;
  throw new NotUndoable('its rows leave columns out', FULL_IMAGE_HINT);
}

/** An update knows from which partition to which a row went: now it goes back. */
function undoneExtra(rows: Rows): Buffer {
  if (rows.extra.length === 0 || rows.shape.operation !== 'update') return rows.extra;
  const extra = decodeRowsExtra(rows);
  const { partition } = extra;
  if (partition?.sourcePartitionId === undefined) return rows.extra;
  return encodeRowsExtra({
    ...extra,
    partition: { partitionId: partition.sourcePartitionId, sourcePartitionId: partition.partitionId },
  });
}

/** Where the after image of a partial update begins: behind its options, which must say that no column is a difference. */
function afterStart(rows: Rows, reader: RowReader): number {
  if (!rows.shape.partial) return reader.afterStart;
  if (rows.images[reader.afterStart] !== 0) {
    throw new NotUndoable(
      'its JSON values are differences',
      'only JSON written without binlog_row_value_options=PARTIAL_JSON can be undone; undo what comes after it, or other tables (--database, --table)',
    );
  }
  return reader.afterStart + 1;
}

/** Writes the images of all rows, the last row first and updates with theirs exchanged. Returns how many bytes. */
function writeImages(rows: Rows, table: TableMap, into: Buffer): number {
  const { images } = rows;
  const reader = new RowReader(rows, table);
  let at = into.length;
  while (reader.skip()) {
    if (rows.shape.operation !== 'insert') {
      at -= reader.beforeEnd - reader.beforeStart;
      images.copy(into, at, reader.beforeStart, reader.beforeEnd);
    }
    if (rows.shape.operation !== 'delete') {
      const start = afterStart(rows, reader);
      at -= reader.afterEnd - start;
      images.copy(into, at, start, reader.afterEnd);
    }
  }
  return at;
}

/**
 * The event that undoes a rows event, in memory of its own: inserts are deletes and the other way round, rows come in reverse
 * order. It ends its statement, so that it can be applied alone, and its checksum is right.
 *
 * @throws NotUndoable where the rows are not whole; FormatError where they do not fit their table
 */
export function undoRows(event: RawEvent, rows: Rows, table: TableMap): RawEvent {
  const type = undoingTypes[event.type];
  if (type === undefined) throw new NotUndoable('nothing is known to undo it', 'start after it');
  checkImages(rows);
  const bitmaps = rows.shape.operation === 'update' ? 2 : 1;
  const extra = undoneExtra(rows);
  // Extra data keeps its size; before the images stands the same as before.
  const fixedBytes = event.bodyEnd - event.start - rows.images.length;
  const images = Buffer.allocUnsafe(rows.images.length);
  const unused = writeImages(rows, table, images);
  const checksumBytes = event.hasChecksum ? CHECKSUM_BYTES : 0;
  const length = fixedBytes + images.length - unused + checksumBytes;
  const bytes = Buffer.allocUnsafe(length);
  event.bytes.copy(bytes, 0, event.start, event.start + fixedBytes);
  images.copy(bytes, fixedBytes, unused);
  const columnsAt = fixedBytes - bitmaps * rows.present.length;
  extra.copy(bytes, columnsAt - lenencBytes(rows.columnCount) - extra.length);
  bytes[TYPE_AT] = type;
  bytes[ROWS_FLAGS_AT] = bytes[ROWS_FLAGS_AT]! | RowsFlag.STMT_END;
  bytes.writeUInt32LE(length, LENGTH_AT);
  if (checksumBytes > 0)
    bytes.writeUInt32LE(crc32(bytes, 0, length - CHECKSUM_BYTES), length - CHECKSUM_BYTES);
  const undone = wholeEvent(event, bytes, checksumBytes);
  undone.type = type;
  undone.isInFile = false;
  return undone;
}

/** Bytes of a length-encoded number below 65,536. */
function lenencBytes(value: number): number {
  return value < 251 ? 1 : 3;
}

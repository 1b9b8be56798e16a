import { FormatError, LimitError } from '../../errors/index.ts';
import { deflateBlock, inflateBlock } from '../compressed-block.ts';
import { EventType } from '../event-type.ts';
import { limits } from '../limits.ts';
import type { EventDefinition } from './definition.ts';

/** Flags of a row event, as MySQL's `Rows_event` numbers them. */
export const RowsFlag = {
  STMT_END: 0x1,
  NO_FOREIGN_KEY_CHECKS: 0x2,
  RELAXED_UNIQUE_CHECKS: 0x4,
  COMPLETE_ROWS: 0x8,
  /** MySQL 9.6: foreign keys are checked by the SQL layer. */
  USE_SQL_FOREIGN_KEY: 0x10,
  /** MariaDB. */
  NO_CHECK_CONSTRAINT_CHECKS: 0x80,
} as const;

/** What a row event does with its rows. */
export type RowOperation = 'insert' | 'update' | 'delete';

/** How the bytes of one of the fifteen rows events are laid out. */
export interface RowsShape {
  readonly operation: RowOperation;
  readonly version: 0 | 1 | 2;
  /** MariaDB `log_bin_compress`. */
  readonly compressed: boolean;
  /** MySQL `binlog_row_value_options=PARTIAL_JSON`. */
  readonly partial: boolean;
}

function shape(operation: RowOperation, version: 0 | 1 | 2, compressed = false, partial = false): RowsShape {
  return { operation, version, compressed, partial };
}

const shapes: readonly (readonly [code: number, shape: RowsShape])[] = [
  [EventType.PRE_GA_WRITE_ROWS_EVENT, shape('insert', 0)],
  [EventType.PRE_GA_UPDATE_ROWS_EVENT, shape('update', 0)],
  [EventType.PRE_GA_DELETE_ROWS_EVENT, shape('delete', 0)],
  [EventType.WRITE_ROWS_EVENT_V1, shape('insert', 1)],
  [EventType.UPDATE_ROWS_EVENT_V1, shape('update', 1)],
  [EventType.DELETE_ROWS_EVENT_V1, shape('delete', 1)],
  [EventType.WRITE_ROWS_EVENT, shape('insert', 2)],
  [EventType.UPDATE_ROWS_EVENT, shape('update', 2)],
  [EventType.DELETE_ROWS_EVENT, shape('delete', 2)],
  [EventType.PARTIAL_UPDATE_ROWS_EVENT, shape('update', 2, false, true)],
  [EventType.WRITE_ROWS_COMPRESSED_EVENT_V1, shape('insert', 1, true)],
  [EventType.UPDATE_ROWS_COMPRESSED_EVENT_V1, shape('update', 1, true)],
  [EventType.DELETE_ROWS_COMPRESSED_EVENT_V1, shape('delete', 1, true)],
  [EventType.WRITE_ROWS_COMPRESSED_EVENT, shape('insert', 2, true)],
  [EventType.UPDATE_ROWS_COMPRESSED_EVENT, shape('update', 2, true)],
  [EventType.DELETE_ROWS_COMPRESSED_EVENT, shape('delete', 2, true)],
];

const shapeByCode: (RowsShape | undefined)[] = Array.from({ length: 256 });
for (const [code, layout] of shapes) shapeByCode[code] = layout;

/** The layout of a rows event, or undefined for any other type code. */
export function rowsShape(type: number): RowsShape | undefined {
  return shapeByCode[type];
}

/**
 * Changed rows of one table, still as bytes: a {@link RowReader} walks them.
 *
 *   bytes   field
 *   6       table id (4 before MySQL 5.1.4); 0xFFFFFF alone releases all table maps
 *   2       flags
 *   2 + n   version 2: length of the extra data, its own two bytes included, and the data
 *   lenenc  number of columns
 *   n       bitmap of columns in the (first) image, first column in the lowest bit
 *   n       updates: bitmap of columns in the after image
 *   rest    rows; compressed events: a compressed block of them
 */
export interface Rows {
  readonly kind: 'rows';
  readonly shape: RowsShape;
  readonly tableId: number;
  readonly flags: number;
  /** Version 2 only: chunks of `type, …`; see {@link rowsExtra}. */
  readonly extra: Buffer;
  readonly columnCount: number;
  /** Columns present in the only image of an insert or delete, and in the before image of an update. */
  readonly present: Buffer;
  /** Columns present in the after image of an update; the same as `present` otherwise. */
  readonly presentAfter: Buffer;
  /** The row images, inflated if they were compressed. */
  readonly images: Buffer;
  /** Compressed events: the block as logged, so that the event can be written back byte for byte. */
  readonly block: Buffer | undefined;
}

/** The id in a rows event that stands for "release all table maps". */
export const DUMMY_TABLE_ID = 0xff_ffff;

const EMPTY = Buffer.alloc(0);

export const rows: EventDefinition<Rows> = {
  kind: 'rows',
  codes: shapes.map(([code]) => code),
  decode(cursor, header, log) {
    const layout = shapeByCode[header.type]!;
    const tableId = log.tableIdBytes(header.type) === 4 ? cursor.u32() : cursor.u48();
    const flags = cursor.u16();
    let extra: Buffer = EMPTY;
    if (layout.version === 2) {
      const length = cursor.u16();
      if (length < 2 && !log.tolerant)
        throw new FormatError(`extra row data of ${length} bytes is shorter than its length field`);
      if (length > 2) extra = cursor.view(length - 2);
    }
    const columnCount = cursor.lenenc();
    if (columnCount > limits.columns) {
      throw new LimitError(`rows of ${columnCount} columns exceed ${limits.columns}`);
    }
    if (columnCount === 0 && log.tolerant && log.flavor === 'mysql')
      throw new FormatError('rows of no columns');
    const bitmapBytes = (columnCount + 7) >> 3;
    const present = cursor.view(bitmapBytes);
    const presentAfter = layout.operation === 'update' ? cursor.view(bitmapBytes) : present;
    const area = cursor.view(cursor.remaining);
    const images = layout.compressed ? inflateBlock(area) : area;
    const block = layout.compressed ? area : undefined;
    return {
      kind: 'rows',
      shape: layout,
      tableId,
      flags,
      extra,
      columnCount,
      present,
      presentAfter,
      images,
      block,
    };
  },
  encode(body, writer, header, log) {
    if (log.tableIdBytes(header.type) === 4) writer.u32(body.tableId);
    else writer.u48(body.tableId);
    writer.u16(body.flags);
    if (body.shape.version === 2) {
      writer.u16(body.extra.length + 2);
      writer.bytes(body.extra);
    }
    writer.lenenc(body.columnCount);
    writer.bytes(body.present);
    if (body.shape.operation === 'update') writer.bytes(body.presentAfter);
    writer.bytes(body.shape.compressed ? (body.block ?? deflateBlock(body.images)) : body.images);
  },
};

import { Cursor, Writer } from '../../bytes/index.ts';
import type { Rows } from '../events/rows.ts';

/** Chunks of a version 2 rows event's extra data (MySQL `enum_extra_row_info_typecode`). */
export const RowsExtraType = { NDB: 0, PARTITION: 1 } as const;

/** What a version 2 rows event says beyond its rows. */
export interface RowsExtra {
  readonly ndb?: { readonly format: number; readonly data: Buffer };
  readonly partition?: {
    readonly partitionId: number;
    /** Updates only: where the row was before. */
    readonly sourcePartitionId: number | undefined;
  };
  /** From the first chunk of an unknown type on, whose length only its writer knows. */
  readonly unknown?: Buffer;
}

/**
 * Decodes the extra data of a rows body.
 *
 *   bytes  field
 *   1      type
 *   NDB        length 1 (its own byte and the format's included), format 1, data
 *   PARTITION  partition id 2; updates: id of the partition the row came from 2
 */
export function decodeRowsExtra(rows: Pick<Rows, 'extra' | 'shape'>): RowsExtra {
  const cursor = new Cursor(rows.extra);
  const extra: { -readonly [Key in keyof RowsExtra]: RowsExtra[Key] } = {};
  while (cursor.remaining > 0) {
    const type = cursor.u8();
    if (type === RowsExtraType.NDB) {
      const length = cursor.u8();
      const format = cursor.u8();
      extra.ndb = { format, data: cursor.copy(Math.max(0, length - 2)) };
    } else if (type === RowsExtraType.PARTITION) {
      const partitionId = cursor.u16();
      const sourcePartitionId = rows.shape.operation === 'update' ? cursor.u16() : undefined;
      extra.partition = { partitionId, sourcePartitionId };
    } else {
      cursor.position -= 1;
      extra.unknown = cursor.copy(cursor.remaining);
    }
  }
  return extra;
}

/** The mirror of {@link decodeRowsExtra}. */
export function encodeRowsExtra(extra: RowsExtra): Buffer {
  const writer = new Writer(16);
  if (extra.ndb !== undefined) {
    writer.u8(RowsExtraType.NDB);
    writer.u8(extra.ndb.data.length + 2);
    writer.u8(extra.ndb.format);
    writer.bytes(extra.ndb.data);
  }
  if (extra.partition !== undefined) {
    writer.u8(RowsExtraType.PARTITION);
    writer.u16(extra.partition.partitionId);
    if (extra.partition.sourcePartitionId !== undefined) writer.u16(extra.partition.sourcePartitionId);
  }
  if (extra.unknown !== undefined) writer.bytes(extra.unknown);
  return writer.take();
}

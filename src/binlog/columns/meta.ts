import type { Cursor, Writer } from '../../bytes/index.ts';
import type { ColumnType } from './definition.ts';

type Meta = Pick<ColumnType, 'readMeta' | 'writeMeta'>;

export const noMeta: Meta = { readMeta: () => 0, writeMeta: () => undefined };

export const oneByteMeta: Meta = {
  readMeta: (cursor: Cursor) => cursor.u8(),
  writeMeta: (writer: Writer, meta) => writer.u8(meta),
};

/** VARCHAR: a little-endian length. */
export const lengthMeta: Meta = {
  readMeta: (cursor: Cursor) => cursor.u16(),
  writeMeta: (writer: Writer, meta) => writer.u16(meta),
};

/** STRING, NEWDECIMAL, BIT: two separate bytes, the first in the high half. */
export const twoByteMeta: Meta = {
  readMeta: (cursor: Cursor) => cursor.u16be(),
  writeMeta: (writer: Writer, meta) => writer.u16be(meta),
};

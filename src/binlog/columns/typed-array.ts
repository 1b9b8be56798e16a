import type { Cursor } from '../../bytes/index.ts';
import type { Column } from './column.ts';
import { ColumnCode } from './column-code.ts';
import type { ColumnType, ColumnValue } from './definition.ts';

/**
 * The hidden column of a multi-valued index (MySQL 8.0.17). Servers leave it out of table maps; its bytes are kept as they are.
 *
 * Metadata is the element's type, then that type's own metadata: here `own metadata << 8 | element type`.
 */
export const typedArray = (columnTypeOf: (code: number) => ColumnType): ColumnType => ({
  code: ColumnCode.TYPED_ARRAY,
  name: 'MYSQL_TYPE_TYPED_ARRAY',
  readMeta: (cursor) => {
    const element = cursor.u8();
    return element === ColumnCode.TYPED_ARRAY
      ? element
      : (columnTypeOf(element).readMeta(cursor) << 8) | element;
  },
  writeMeta: (writer, meta) => {
    const element = meta & 0xff;
    writer.u8(element);
    if (element !== ColumnCode.TYPED_ARRAY) columnTypeOf(element).writeMeta(writer, meta >> 8);
  },
  skip: (cursor) => cursor.skip(cursor.u32()),
  read: (cursor: Cursor, _column: Column): ColumnValue => cursor.copy(cursor.u32()),
  write: (writer, value) => {
    const bytes = value as Buffer;
    writer.u32(bytes.length);
    writer.bytes(bytes);
  },
});

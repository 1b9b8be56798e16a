import type { Cursor } from '../../../bytes/index.ts';
import type { Column } from '../column.ts';
import { ColumnCode } from '../column-code.ts';
import type { ColumnType, ColumnValue } from '../definition.ts';
import { givenText } from '../given-text.ts';
import { twoByteMeta } from '../meta.ts';
import { decimalBytes, readDecimal, writeDecimal } from './decimal.ts';

/** Metadata is precision, then scale. */
export const newDecimal: ColumnType = {
  code: ColumnCode.NEWDECIMAL,
  name: 'MYSQL_TYPE_NEWDECIMAL',
  ...twoByteMeta,
  skip: (cursor, { meta }) => cursor.skip(decimalBytes(meta >> 8, meta & 0xff)),
  read: (cursor: Cursor, { meta }: Column): ColumnValue => readDecimal(cursor, meta >> 8, meta & 0xff),
  write: (writer, value, { meta }) => writeDecimal(writer, givenText(value), meta >> 8, meta & 0xff),
};

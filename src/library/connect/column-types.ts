import { type Column, ColumnCode } from '../../binlog/index.ts';

const blob = [ColumnCode.BLOB, ColumnCode.BLOB_COMPRESSED];
const varying = [ColumnCode.VARCHAR, ColumnCode.VAR_STRING, ColumnCode.VARCHAR_COMPRESSED];
const geometry = [ColumnCode.GEOMETRY];

/** `DATA_TYPE` of information_schema → the codes that columns of it can have in a log. */
const codesOf: Readonly<Record<string, readonly number[]>> = {
  tinyint: [ColumnCode.TINY],
  smallint: [ColumnCode.SHORT],
  mediumint: [ColumnCode.INT24],
  int: [ColumnCode.LONG],
  bigint: [ColumnCode.LONGLONG],
  float: [ColumnCode.FLOAT],
  double: [ColumnCode.DOUBLE],
  decimal: [ColumnCode.NEWDECIMAL],
  bit: [ColumnCode.BIT],
  year: [ColumnCode.YEAR],
  date: [ColumnCode.DATE, ColumnCode.NEWDATE],
  time: [ColumnCode.TIME, ColumnCode.TIME2],
  datetime: [ColumnCode.DATETIME, ColumnCode.DATETIME2],
  timestamp: [ColumnCode.TIMESTAMP, ColumnCode.TIMESTAMP2],
  char: [ColumnCode.STRING],
  binary: [ColumnCode.STRING],
  varchar: varying,
  varbinary: varying,
  tinyblob: blob,
  blob,
  mediumblob: blob,
  longblob: blob,
  tinytext: blob,
  text: blob,
  mediumtext: blob,
  longtext: blob,
  enum: [ColumnCode.ENUM],
  set: [ColumnCode.SET],
  json: [ColumnCode.JSON],
  geometry,
  point: geometry,
  linestring: geometry,
  polygon: geometry,
  multipoint: geometry,
  multilinestring: geometry,
  multipolygon: geometry,
  geometrycollection: geometry,
  geomcollection: geometry,
  // MariaDB keeps them as bytes of a fixed length.
  uuid: [ColumnCode.STRING],
  inet4: [ColumnCode.STRING],
  inet6: [ColumnCode.STRING],
};

/** Whether a column of the log can be one of this type. A type that is not known here fits everything. */
export function fitsType(column: Column, dataType: string): boolean {
  return codesOf[dataType]?.includes(column.realCode) ?? true;
}

const member = /'((?:[^']|'')*)'/g;

/** How servers write what would not stand well between quotes (`append_unescaped` of both families). */
const escaped: Readonly<Record<string, string>> = {
  "''": "'",
  '\\\\': '\\',
  '\\n': '\n',
  '\\r': '\r',
  '\\0': '\0',
};

/** The members in `enum('a','it''s')`, as UTF-8. */
export function membersOf(columnType: string): readonly Buffer[] {
  return [...columnType.matchAll(member)].map(([, text]) =>
    Buffer.from(text!.replaceAll(/''|\\[\\nr0]/g, (pair) => escaped[pair]!)),
  );
}

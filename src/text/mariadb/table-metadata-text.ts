import { Column, ColumnCode, columnTypeOf, type TableMap } from '../../binlog/index.ts';
import { Cursor, Writer } from '../../bytes/index.ts';
import { charsetOfCollation, collationName } from '../../charset/index.ts';
import type { TextOutput } from '../text-output.ts';

/** The collation of byte strings, which print as BINARY and BLOB. */
const BINARY_COLLATION = 63;

const geometryNames = [
  'GEOMETRY',
  'POINT',
  'LINESTRING',
  'POLYGON',
  'MULTIPOINT',
  'MULTILINESTRING',
  'MULTIPOLYGON',
  'GEOMETRYCOLLECTION',
] as const;
const sizes = [undefined, 'TINY', '', 'MEDIUM', 'LONG'] as const;

/** A column that the log gives a character set of text. */
function isText({ collation }: Column): boolean {
  return collation !== undefined && collation !== BINARY_COLLATION;
}

/** Bytes of the longest value as characters; byte strings and columns of unknown character set count bytes. */
function stringType(column: Column, text: string, binary: string): string {
  const charset = isText(column) ? charsetOfCollation(column.collation!, 'mariadb') : undefined;
  if (charset === undefined) return `${binary}(${column.length})`;
  return `${text}(${Math.floor(column.length / charset.maxBytes)})`;
}

function fractional(name: string) {
  return ({ meta }: Column): string => (meta === 0 ? name : `${name}(${meta})`);
}

/** Types as SQL writes them. Those that are not here the original has no name for. */
const types: Readonly<Record<number, (column: Column) => string>> = {
  [ColumnCode.TINY]: () => 'TINYINT',
  [ColumnCode.SHORT]: () => 'SMALLINT',
  [ColumnCode.INT24]: () => 'MEDIUMINT',
  [ColumnCode.LONG]: () => 'INT',
  [ColumnCode.LONGLONG]: () => 'BIGINT',
  [ColumnCode.NEWDECIMAL]: ({ meta }) => `DECIMAL(${meta >> 8},${meta & 0xff})`,
  [ColumnCode.FLOAT]: () => 'FLOAT',
  [ColumnCode.DOUBLE]: () => 'DOUBLE',
  [ColumnCode.BIT]: ({ meta }) => `BIT(${(meta >> 8) + (meta & 0xff) * 8})`,
  [ColumnCode.YEAR]: () => 'YEAR',
  [ColumnCode.DATE]: () => 'DATE',
  [ColumnCode.NEWDATE]: () => 'DATE',
  [ColumnCode.TIME2]: fractional('TIME'),
  [ColumnCode.DATETIME2]: fractional('DATETIME'),
  [ColumnCode.TIMESTAMP2]: fractional('TIMESTAMP'),
  [ColumnCode.ENUM]: () => 'ENUM',
  [ColumnCode.SET]: () => 'SET',
  [ColumnCode.BLOB](column) {
    const name = isText(column) ? 'TEXT' : 'BLOB';
    const size = sizes[column.meta];
    return size === undefined ? `INVALID_${name}(${column.meta})` : `${size}${name}`;
  },
  [ColumnCode.VARCHAR]: (column) => stringType(column, 'VARCHAR', 'VARBINARY'),
  [ColumnCode.VAR_STRING]: (column) => stringType(column, 'VARCHAR', 'VARBINARY'),
  [ColumnCode.STRING]: (column) => stringType(column, 'CHAR', 'BINARY'),
  [ColumnCode.GEOMETRY]: ({ geometryType }) => geometryNames[geometryType ?? 0] ?? 'INVALID_GEOMETRY_TYPE',
};

const escapes: Readonly<Record<number, string>> = {
  0x00: '\\0',
  0x08: '\\b',
  0x09: '\\t',
  0x0a: '\\n',
  0x0d: '\\r',
  0x27: "\\'",
  0x5c: '\\\\',
};

/** Between two of the same quotes; backticks inside a name stay as they are. */
function writeEscaped(out: TextOutput, text: Uint8Array, quote: string): void {
  out.text(quote);
  for (const byte of text) {
    const escaped = escapes[byte];
    if (escaped === undefined) out.byte(byte);
    else out.text(escaped);
  }
  out.text(quote);
}

function writeMembers(out: TextOutput, members: readonly Buffer[]): void {
  let before = '(';
  for (const member of members) {
    out.text(before);
    before = ',';
    writeEscaped(out, member, "'");
  }
  out.text(')');
}

/** One column; false where its type has no name, and nothing may follow it. */
function writeColumn(out: TextOutput, column: Column, isUnsigned: boolean): boolean {
  if (column.name !== undefined) {
    writeEscaped(out, Buffer.from(column.name, 'utf8'), '`');
    out.text(' ');
  }
  const type = types[column.realCode]?.(column);
  if (type === undefined) {
    out.text(`INVALID_TYPE(${column.realCode})`);
    return false;
  }
  out.text(type);
  if (isUnsigned) out.text(' UNSIGNED');
  if (!column.nullable) out.text(' NOT NULL');
  if (column.members !== undefined) writeMembers(out, column.members);
  const isMembers = column.realCode === ColumnCode.ENUM || column.realCode === ColumnCode.SET;
  if (column.collation !== undefined && (isMembers || isText(column))) {
    const charset = charsetOfCollation(column.collation, 'mariadb')?.name;
    if (charset !== undefined) {
      out.text(` CHARSET ${charset} COLLATE ${collationName(column.collation, 'mariadb')}`);
    }
  }
  return true;
}

function writePrimaryKey(out: TextOutput, columns: readonly Column[]): void {
  const parts = columns
    .filter(({ primaryKeyPart }) => primaryKeyPart !== undefined)
    .sort((a, b) => a.primaryKeyPart! - b.primaryKeyPart!);
  if (parts.length === 0) return;
  out.text('# Primary Key(');
  parts.forEach(({ index, name, primaryKeyPrefix }, place) => {
    if (place > 0) out.text(', ');
    out.bytes(Buffer.from(name ?? String(index), 'utf8'));
    if (primaryKeyPrefix > 0) out.text(`(${primaryKeyPrefix})`);
  });
  out.text(')\n');
}

/**
 * The columns as the original sees them: it does not step over the metadata of a type that it has no name for, so that all columns
 * behind it get metadata that is not theirs.
 */
function asMisread(columns: readonly Column[]): readonly Column[] {
  const isNamed = ({ realCode }: Column): boolean => types[realCode] !== undefined;
  if (columns.every(isNamed)) return columns;
  const writer = new Writer(columns.length * 2);
  for (const { code, meta } of columns) columnTypeOf(code).writeMeta(writer, meta);
  const cursor = new Cursor(writer.take());
  return columns.map((column) => {
    if (!isNamed(column)) return column;
    const misread = new Column(column.index, column.code, columnTypeOf(column.code).readMeta(cursor));
    const { name, unsigned, nullable, collation, members, geometryType, primaryKeyPart, primaryKeyPrefix } =
      column;
    return Object.assign(misread, {
      name,
      unsigned,
      nullable,
      collation,
      members,
      geometryType,
      primaryKeyPart,
      primaryKeyPrefix,
    });
  });
}

/** What the original takes for numbers: servers write a bit of signedness for YEAR too, which it gives to the next column. */
const numericCodes: ReadonlySet<number> = new Set([
  ColumnCode.TINY,
  ColumnCode.SHORT,
  ColumnCode.INT24,
  ColumnCode.LONG,
  ColumnCode.LONGLONG,
  ColumnCode.NEWDECIMAL,
  ColumnCode.FLOAT,
  ColumnCode.DOUBLE,
]);
const SIGNEDNESS = 1;

/** Indexes of the columns that the original calls unsigned. */
function unsignedAsRead(map: TableMap): ReadonlySet<number> {
  const bits = map.metadata.find(({ type }) => type === SIGNEDNESS)?.value;
  const numbers = map.columns.filter(({ code }) => numericCodes.has(code));
  const isSet = (at: number): boolean => ((bits?.[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0;
  return new Set(numbers.filter((_, at) => isSet(at)).map(({ index }) => index));
}

/** `--print-table-metadata`: the table as a comment, as far as the log tells. */
export function writeTableMetadata(out: TextOutput, map: TableMap): void {
  const columns = asMisread(map.columns);
  const unsigned = unsignedAsRead(map);
  out.text('# Columns(');
  columns.forEach((column, place) => {
    const named = writeColumn(out, column, unsigned.has(column.index));
    if (named && place < columns.length - 1) out.text(',\n#         ');
  });
  out.text(')\n');
  writePrimaryKey(out, columns);
}

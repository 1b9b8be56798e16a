import { type Column, ColumnCode, type TableMap } from '../../binlog/index.ts';
import type { TextOutput } from '../text-output.ts';
import { charsetName, charsetWidth, collationName } from './collations.ts';
import { writeEscaped } from './escaped.ts';

/** Collation id of what is bytes and no text. */
const BINARY = 63;
const BACKTICK = 0x60;
/** What the server calls the primary key that it makes itself. */
const GENERATED_KEY = 'my_row_id';

const geometryNames = [
  'GEOMETRY',
  'POINT',
  'LINESTRING',
  'POLYGON',
  'MULTIPOINT',
  'MULTILINESTRING',
  'MULTIPOLYGON',
  'GEOMCOLLECTION',
] as const;

const blobPrefixes: Readonly<Record<number, string>> = { 1: 'TINY', 2: '', 3: 'MEDIUM', 4: 'LONG' };

/** A text's length in characters; bytes where the log does not say that it is text. */
function sized(text: string, bytes: string, column: Column): string {
  const { collation, length } = column;
  if (collation === undefined || collation === BINARY) return `${bytes}(${length})`;
  return `${text}(${Math.floor(length / charsetWidth(collation))})`;
}

function blobName({ meta, collation }: Column): string {
  const isText = collation !== undefined && collation !== BINARY;
  return `${blobPrefixes[meta] ?? ''}${isText ? 'TEXT' : 'BLOB'}`;
}

const withFraction =
  (name: string) =>
  ({ meta }: Column): string =>
    meta === 0 ? name : `${name}(${meta})`;
const fixed = (name: string) => (): string => name;
const varchar = (column: Column): string => sized('VARCHAR', 'VARBINARY', column);

const typeNames: Readonly<Partial<Record<number, (column: Column) => string>>> = {
  [ColumnCode.TINY]: fixed('TINYINT'),
  [ColumnCode.SHORT]: fixed('SMALLINT'),
  [ColumnCode.INT24]: fixed('MEDIUMINT'),
  [ColumnCode.LONG]: fixed('INT'),
  [ColumnCode.LONGLONG]: fixed('BIGINT'),
  [ColumnCode.NEWDECIMAL]: ({ meta }) => `DECIMAL(${meta >> 8},${meta & 0xff})`,
  [ColumnCode.FLOAT]: fixed('FLOAT'),
  [ColumnCode.DOUBLE]: fixed('DOUBLE'),
  [ColumnCode.BIT]: ({ meta }) => `BIT(${(meta & 0xff) * 8 + (meta >> 8)})`,
  [ColumnCode.TIMESTAMP]: fixed('TIMESTAMP'),
  [ColumnCode.TIMESTAMP2]: withFraction('TIMESTAMP'),
  [ColumnCode.DATETIME]: fixed('DATETIME'),
  [ColumnCode.DATETIME2]: withFraction('DATETIME'),
  [ColumnCode.TIME]: fixed('TIME'),
  [ColumnCode.TIME2]: withFraction('TIME'),
  [ColumnCode.DATE]: fixed('DATE'),
  [ColumnCode.NEWDATE]: fixed('DATE'),
  [ColumnCode.YEAR]: fixed('YEAR'),
  [ColumnCode.ENUM]: fixed('ENUM'),
  [ColumnCode.SET]: fixed('SET'),
  [ColumnCode.BLOB]: blobName,
  [ColumnCode.STRING]: (column) => sized('CHAR', 'BINARY', column),
  [ColumnCode.VARCHAR]: varchar,
  [ColumnCode.VAR_STRING]: varchar,
  [ColumnCode.JSON]: fixed('JSON'),
  [ColumnCode.VECTOR]: ({ vectorDimension }) => `VECTOR(${vectorDimension ?? 0})`,
  [ColumnCode.GEOMETRY]: ({ geometryType }) => geometryNames[geometryType ?? 0] ?? 'INVALID_GEOMETRY_TYPE',
};

/** Types whose collation says something of them. */
const textTypes: ReadonlySet<number> = new Set([
  ColumnCode.STRING,
  ColumnCode.VARCHAR,
  ColumnCode.VAR_STRING,
  ColumnCode.BLOB,
  ColumnCode.ENUM,
  ColumnCode.SET,
]);

function writeMembers(out: TextOutput, members: readonly Buffer[]): void {
  out.text('(');
  for (const [index, member] of members.entries()) {
    out.text(index === 0 ? "'" : ", '");
    writeEscaped(out, member);
    out.text("'");
  }
  out.text(')');
}

function writeColumn(out: TextOutput, column: Column, isGenerated: boolean): void {
  if (isGenerated && column.name === undefined) {
    out.text(`\`${GENERATED_KEY}\` `);
  } else if (column.name !== undefined) {
    out.text('`');
    writeEscaped(out, Buffer.from(column.name, 'utf8'), BACKTICK);
    out.text('` ');
  }
  const typeName = typeNames[column.realCode]?.(column);
  if (typeName === undefined) {
    out.text(`INVALID_TYPE(${column.realCode})`);
    return;
  }
  out.text(typeName);
  if (column.unsigned === true && column.code !== ColumnCode.YEAR) out.text(' UNSIGNED');
  if (!column.nullable) out.text(' NOT NULL');
  if (column.members !== undefined) writeMembers(out, column.members);
  const { collation } = column;
  const isNamed = column.realCode === ColumnCode.ENUM || column.realCode === ColumnCode.SET;
  if (collation !== undefined && (isNamed || collation !== BINARY) && textTypes.has(column.realCode)) {
    const name = collationName(collation);
    if (name !== undefined) out.text(` CHARSET ${charsetName(collation)} COLLATE ${name}`);
  }
  if (column.visible === false || (isGenerated && column.visible === undefined)) out.text(' INVISIBLE');
  if (isGenerated) out.text(' AUTO_INCREMENT');
}

function writePrimaryKey(out: TextOutput, columns: readonly Column[], hasGeneratedKey: boolean): void {
  const parts = columns
    .filter(({ primaryKeyPart }) => primaryKeyPart !== undefined)
    .sort((a, b) => a.primaryKeyPart! - b.primaryKeyPart!);
  if (parts.length === 0) {
    if (hasGeneratedKey) out.text(`# Primary Key(${GENERATED_KEY})\n`);
    return;
  }
  out.text('# Primary Key(');
  for (const [index, { name, primaryKeyPrefix }] of parts.entries()) {
    if (index > 0) out.text(', ');
    out.bytes(Buffer.from(name ?? '', 'utf8'));
    if (primaryKeyPrefix > 0) out.text(`(${primaryKeyPrefix})`);
  }
  out.text(')\n');
}

/** `--print-table-metadata`: the columns and the primary key, as far as the log tells, in comments. */
export function writeTableMetadata(out: TextOutput, table: TableMap, hasGeneratedKey: boolean): void {
  const { columns } = table;
  out.text('# Columns(');
  for (const [index, column] of columns.entries()) {
    if (index > 0) out.text(',\n#         ');
    writeColumn(out, column, hasGeneratedKey && index === 0);
  }
  out.text(')\n');
  writePrimaryKey(out, columns, hasGeneratedKey);
}

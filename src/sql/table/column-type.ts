import type { Flavor } from '../../charset/index.ts';
import type { ColumnType } from './definition.ts';
import type { DefinitionReader } from './reader.ts';
import { meantType, TYPE_DIALECTS } from './type-dialect.ts';

/** Names that stand for another type, with its length where they imply one. */
const SYNONYMS: Readonly<Record<string, readonly [name: string, length?: number]>> = {
  bool: ['tinyint', 1],
  boolean: ['tinyint', 1],
  int1: ['tinyint'],
  int2: ['smallint'],
  int3: ['mediumint'],
  middleint: ['mediumint'],
  int4: ['int'],
  integer: ['int'],
  int8: ['bigint'],
  dec: ['decimal'],
  numeric: ['decimal'],
  fixed: ['decimal'],
  number: ['decimal'],
  float4: ['float'],
  float8: ['double'],
  real: ['double'],
  character: ['char'],
  nchar: ['char'],
  nvarchar: ['varchar'],
  varchar2: ['varchar'],
  varcharacter: ['varchar'],
  raw: ['varbinary'],
  clob: ['longtext'],
  geometrycollection: ['geomcollection'],
};

const NATIONAL = new Set(['nchar', 'nvarchar']);

const KNOWN = new Set(
  `tinyint smallint mediumint int bigint decimal float double bit year date time datetime timestamp char varchar binary
  varbinary tinytext text mediumtext longtext tinyblob blob mediumblob longblob enum set json vector geometry point linestring
  polygon multipoint multilinestring multipolygon geomcollection uuid inet4 inet6 xmltype`.split(/\s+/),
);

/** The second words that turn one type into another. */
function compound(
  name: string,
  reader: DefinitionReader,
): { readonly name: string; readonly national: boolean; readonly charset?: string } {
  if (name === 'double') reader.accept('PRECISION');
  if (name === 'long') {
    if (reader.accept('VARBINARY')) return { name: 'mediumblob', national: false };
    const text = { name: 'mediumtext', national: false };
    // LONG CHARACTER SET utf8mb4, LONG CHARACTER VARYING
    if (!reader.accept('CHAR', 'CHARACTER')) reader.accept('VARCHAR', 'VARCHARACTER');
    else if (reader.accept('SET')) return { ...text, charset: reader.nameOrString().toLowerCase() };
    else reader.expect('VARYING');
    return text;
  }
  if (name === 'national') {
    const second = reader.name().toLowerCase();
    const varying = second.startsWith('var') || reader.accept('VARYING');
    return { name: varying ? 'varchar' : 'char', national: true };
  }
  const national = NATIONAL.has(name);
  if (name === 'char' || name === 'character' || name === 'nchar') {
    if (reader.accept('VARYING', 'VARCHAR', 'VARCHARACTER')) return { name: 'varchar', national };
    // CHAR BYTE is BINARY.
    if (reader.accept('BYTE')) return { name: 'binary', national };
  }
  return { name, national };
}

/**
 * Takes a data type with its own attributes. SERIAL is BIGINT UNSIGNED; the rest of what it means is the column's.
 *
 * @throws NotUnderstood for types of other servers
 */
export function columnType(reader: DefinitionReader): ColumnType {
  const first = reader.name().toLowerCase();
  const named = reader.flavor === 'mariadb' ? TYPE_DIALECTS.get(first) : undefined;
  const isQualified = named !== undefined && reader.acceptSymbol('.');
  const written = isQualified ? reader.name().toLowerCase() : first;
  const dialect = isQualified ? named : reader.types;
  if (written === 'serial') return { ...plainType('bigint'), unsigned: true };
  const { name: joined, national, charset } = compound(written, reader);
  const [plain, implied] = (Object.hasOwn(SYNONYMS, joined) ? SYNONYMS[joined] : undefined) ?? [joined];
  const name = meantType(dialect, joined, reader.lexer.isSymbol('(')) ?? plain;
  if (!KNOWN.has(name)) reader.fail(`a type instead of «${written}»`);

  let length = implied;
  let decimals: number | undefined;
  let values: string[] | undefined;
  if (reader.acceptSymbol('(')) {
    if (name === 'enum' || name === 'set') {
      values = [reader.string()];
      while (reader.acceptSymbol(',')) values.push(reader.string());
      // Trailing spaces are no part of a member.
      values = values.map((value) => value.replace(/(?<! ) +$/, ''));
    } else {
      length = reader.number();
      if (reader.acceptSymbol(',')) decimals = reader.number();
      reader.accept('BYTE', 'CHAR');
    }
    reader.expectSymbol(')');
  }
  const type = { ...ofLength(name, length, decimals), values, charset: national ? 'utf8mb3' : charset };
  return stored(withAttributes(reader, type), reader.flavor);
}

/** Types that become others by their character set, or in one family of servers. */
function stored(type: ColumnType, flavor: Flavor): ColumnType {
  if (type.name === 'json' && flavor === 'mariadb') {
    return { ...type, name: 'longtext', charset: 'utf8mb4', collation: 'utf8mb4_bin' };
  }
  const bytes = type.charset === 'binary' ? BINARY_FORM[type.name] : undefined;
  return bytes === undefined ? type : { ...type, name: bytes, charset: undefined };
}

const BINARY_FORM: Readonly<Record<string, string>> = {
  char: 'binary',
  varchar: 'varbinary',
  tinytext: 'tinyblob',
  text: 'blob',
  mediumtext: 'mediumblob',
  longtext: 'longblob',
};

/** A type of which no more is said than its name, and what is `given`. */
export const plainType = (name: string, given: Partial<ColumnType> = {}): ColumnType => ({
  name,
  length: undefined,
  decimals: undefined,
  unsigned: false,
  zerofill: false,
  values: undefined,
  charset: undefined,
  collation: undefined,
  binaryCollation: false,
  ...given,
});

const TEMPORAL = new Set(['time', 'datetime', 'timestamp']);

/** The lengths that the server fills in. */
function ofLength(name: string, length: number | undefined, decimals: number | undefined): ColumnType {
  const type = plainType(name);
  if (TEMPORAL.has(name)) return { ...type, decimals: length ?? 0 };
  if (name === 'decimal')
    return { ...type, length: length === undefined || length === 0 ? 10 : length, decimals: decimals ?? 0 };
  if (name === 'char' || name === 'binary' || name === 'bit') return { ...type, length: length ?? 1 };
  // FLOAT(25) and above has room for a double only.
  if (name === 'float' && decimals === undefined && length !== undefined)
    return plainType(length > 24 ? 'double' : 'float');
  if ((name === 'text' || name === 'blob') && length !== undefined)
    return { ...type, name: sized(name, length) };
  return { ...type, length, decimals };
}

/** TEXT(n) and BLOB(n) are the smallest type that holds n bytes. */
function sized(name: 'text' | 'blob', length: number): string {
  if (length < 0x100) return `tiny${name}`;
  if (length < 0x1_0000) return name;
  return length < 0x100_0000 ? `medium${name}` : `long${name}`;
}

/** UNSIGNED, ZEROFILL, CHARACTER SET and their kind, in any order. */
function withAttributes(reader: DefinitionReader, start: ColumnType): ColumnType {
  let type = start;
  for (;;) {
    if (reader.accept('UNSIGNED')) type = { ...type, unsigned: true };
    else if (reader.accept('SIGNED')) continue;
    else if (reader.accept('ZEROFILL')) type = { ...type, zerofill: true, unsigned: true };
    else if (reader.accept('ASCII')) type = { ...type, charset: 'latin1' };
    else if (reader.accept('UNICODE')) type = { ...type, charset: 'ucs2' };
    else if (reader.accept('BYTE')) type = { ...type, charset: 'binary' };
    else if (reader.accept('BINARY')) type = { ...type, binaryCollation: true };
    else if (reader.accept('CHARSET')) type = { ...type, charset: reader.nameOrString().toLowerCase() };
    else if (reader.word === 'CHARACTER' || (reader.word === 'CHAR' && start.values === undefined)) {
      reader.advance();
      reader.expect('SET');
      type = { ...type, charset: reader.nameOrString().toLowerCase() };
    } else return type;
  }
}

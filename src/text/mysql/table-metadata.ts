import { ColumnCode } from '../../binlog/index.ts';
import { Cursor } from '../../bytes/index.ts';
import type { TextOutput } from '../output/text-output.ts';
import { charsetName, charsetWidth, collationName } from './collations.ts';
import { writeEscaped } from './escaped.ts';
import { type CharsetList, OptionalMetadata } from './optional-metadata.ts';

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

/** What the name of a column's type is made of. */
interface Described {
  /** Where its metadata begins. */
  readonly meta: Cursor;
  /** Undefined: bytes, or not told. */
  readonly collation: number | undefined;
  readonly optional: OptionalMetadata;
}

/** Metadata that is missing reads as zeros. */
function metaByte(meta: Cursor): number {
  return meta.remaining > 0 ? meta.u8() : 0;
}

const isText = (collation: number | undefined): collation is number =>
  collation !== undefined && collation !== BINARY;

/** A text's length in characters; bytes where the log does not say that it is text. */
function sized(text: string, bytes: string, length: number, collation: number | undefined): string {
  return isText(collation)
    ? `${text}(${Math.floor(length / charsetWidth(collation))})`
    : `${bytes}(${length})`;
}

function varchar({ meta, collation }: Described): string {
  const length = metaByte(meta) | (metaByte(meta) << 8);
  return sized('VARCHAR', 'VARBINARY', length, collation);
}

/** The two highest bits of a length hide, inverted, in the first byte. */
function char({ meta, collation }: Described): string {
  const high = metaByte(meta);
  return sized('CHAR', 'BINARY', metaByte(meta) | (((high & 0x30) ^ 0x30) << 4), collation);
}

function blob({ meta, collation }: Described): string {
  const size = metaByte(meta);
  const prefix = blobPrefixes[size];
  const kind = isText(collation) ? 'TEXT' : 'BLOB';
  return prefix === undefined ? `INVALID_${kind}(${size})` : prefix + kind;
}

const withFraction =
  (name: string) =>
  ({ meta }: Described): string => {
    const digits = metaByte(meta);
    return digits === 0 ? name : `${name}(${digits})`;
  };
const fixed = (name: string) => (): string => name;
const withBytes =
  (name: string, bytes: number) =>
  ({ meta }: Described): string => {
    for (let left = bytes; left > 0; left -= 1) metaByte(meta);
    return name;
  };

const typeNames: Readonly<Partial<Record<number, (column: Described) => string>>> = {
  [ColumnCode.TINY]: fixed('TINYINT'),
  [ColumnCode.SHORT]: fixed('SMALLINT'),
  [ColumnCode.INT24]: fixed('MEDIUMINT'),
  [ColumnCode.LONG]: fixed('INT'),
  [ColumnCode.LONGLONG]: fixed('BIGINT'),
  [ColumnCode.NEWDECIMAL]: ({ meta }) => `DECIMAL(${metaByte(meta)},${metaByte(meta)})`,
  [ColumnCode.FLOAT]: withBytes('FLOAT', 1),
  [ColumnCode.DOUBLE]: withBytes('DOUBLE', 1),
  [ColumnCode.BIT]: ({ meta }) => `BIT(${metaByte(meta) + metaByte(meta) * 8})`,
  [ColumnCode.TIMESTAMP]: fixed('TIMESTAMP'),
  [ColumnCode.TIMESTAMP2]: withFraction('TIMESTAMP'),
  [ColumnCode.DATETIME]: fixed('DATETIME'),
  [ColumnCode.DATETIME2]: withFraction('DATETIME'),
  [ColumnCode.TIME]: fixed('TIME'),
  [ColumnCode.TIME2]: withFraction('TIME'),
  [ColumnCode.DATE]: fixed('DATE'),
  [ColumnCode.NEWDATE]: fixed('DATE'),
  [ColumnCode.YEAR]: fixed('YEAR'),
  [ColumnCode.ENUM]: withBytes('ENUM', 2),
  [ColumnCode.SET]: withBytes('SET', 2),
  [ColumnCode.BLOB]: blob,
  [ColumnCode.STRING]: char,
  [ColumnCode.VARCHAR]: varchar,
  [ColumnCode.VAR_STRING]: varchar,
  [ColumnCode.JSON]: withBytes('JSON', 1),
  [ColumnCode.VECTOR]: ({ meta, optional }) => {
    metaByte(meta);
    return `VECTOR(${optional.vectorDimensions.shift() ?? 0})`;
  },
  [ColumnCode.GEOMETRY]: ({ meta, optional }) => {
    metaByte(meta);
    const kind = optional.geometryTypes.shift() ?? 0;
    return geometryNames[kind] ?? `INVALID_GEOMETRY_TYPE(${kind})`;
  },
};

const numericTypes: ReadonlySet<number> = new Set([
  ColumnCode.TINY,
  ColumnCode.SHORT,
  ColumnCode.INT24,
  ColumnCode.LONG,
  ColumnCode.LONGLONG,
  ColumnCode.NEWDECIMAL,
  ColumnCode.FLOAT,
  ColumnCode.DOUBLE,
  ColumnCode.YEAR,
]);

/** Types that take an entry of the list of collations; to MySQL a VECTOR is one. */
const characterTypes: ReadonlySet<number> = new Set([
  ColumnCode.STRING,
  ColumnCode.VARCHAR,
  ColumnCode.VAR_STRING,
  ColumnCode.BLOB,
  ColumnCode.VECTOR,
]);

const isNamed = (type: number): boolean => type === ColumnCode.ENUM || type === ColumnCode.SET;

function writeMembers(out: TextOutput, members: readonly Buffer[]): void {
  // Nothing at all opens where there is no member, but it closes.
  for (const [index, member] of members.entries()) {
    out.text(index === 0 ? "('" : ", '");
    writeEscaped(out, member);
    out.text("'");
  }
  out.text(')');
}

/** Walks over the columns of a table map as the original does: each list by itself, as far as it goes. */
class ColumnWriter {
  readonly #out: TextOutput;
  readonly #meta: Cursor;
  readonly #optional: OptionalMetadata;
  readonly #hasGeneratedKey: boolean;

  constructor(out: TextOutput, metadata: Buffer, optional: OptionalMetadata, hasGeneratedKey: boolean) {
    this.#out = out;
    this.#meta = new Cursor(metadata);
    this.#optional = optional;
    this.#hasGeneratedKey = hasGeneratedKey;
  }

  /** Writes one; false: its type is none, and what belongs behind a column is left out. */
  write(code: number, index: number, isNullable: boolean): boolean {
    const out = this.#out;
    const optional = this.#optional;
    const isGenerated = this.#hasGeneratedKey && index === 0;
    const behind = this.#meta.remaining > 0 ? this.#meta.bytes[this.#meta.position]! : 0;
    const type = code === ColumnCode.STRING && isNamed(behind) ? behind : code;
    const collation = this.#collation(type);
    const name = optional.names?.[index];
    if (name !== undefined) {
      out.text('`');
      writeEscaped(out, name, BACKTICK);
      out.text('` ');
    } else if (isGenerated) out.text(`\`${GENERATED_KEY}\` `);
    const typeName = typeNames[type]?.({ meta: this.#meta, collation, optional });
    if (typeName === undefined) {
      out.text(`INVALID_TYPE(${type})`);
      return false;
    }
    out.text(typeName);
    // What the log does not say of a key that the server made is known.
    const isUnsigned = numericTypes.has(type) && (optional.unsigned.shift() ?? isGenerated);
    if (isUnsigned && type !== ColumnCode.YEAR) out.text(' UNSIGNED');
    if (!isNullable || isGenerated) out.text(' NOT NULL');
    const members = isNamed(type) ? optional.members(type)?.shift() : undefined;
    if (members !== undefined) writeMembers(out, members);
    if (collation !== undefined && (isNamed(type) || collation !== BINARY) && type !== ColumnCode.VECTOR) {
      out.text(` CHARSET ${charsetName(collation)} COLLATE ${collationName(collation)}`);
    }
    const visible = optional.visible?.[index];
    if (visible === false || (isGenerated && visible === undefined)) out.text(' INVISIBLE');
    if (isGenerated) out.text(' AUTO_INCREMENT');
    return true;
  }

  /** Undefined: bytes, or a number that is no collation's. */
  #collation(type: number): number | undefined {
    const list: CharsetList | undefined = isNamed(type)
      ? this.#optional.namedCharsets
      : characterTypes.has(type)
        ? this.#optional.charsets
        : undefined;
    const id = list?.next();
    return id === undefined || collationName(id) === undefined ? undefined : id;
  }
}

/** A key that the server made has its name, whatever the list says; columns without names are told by their numbers. */
function writePrimaryKey(out: TextOutput, optional: OptionalMetadata, hasGeneratedKey: boolean): void {
  const { primaryKey, names } = optional;
  if (hasGeneratedKey) {
    out.text(`# Primary Key(${GENERATED_KEY})\n`);
    return;
  }
  if (primaryKey.length === 0) return;
  out.text('# Primary Key(');
  for (const [index, { column, prefix }] of primaryKey.entries()) {
    if (index > 0) out.text(', ');
    if (names === undefined) out.text(String(column));
    else out.bytes(names[column] ?? Buffer.alloc(0));
    if (prefix > 0) out.text(`(${prefix})`);
  }
  out.text(')\n');
}

/** What `--print-table-metadata` needs of a table map: the event's own bytes, of which the original reads more than it checks. */
export interface RawTableMap {
  readonly types: Buffer;
  readonly metadata: Buffer;
  /** A bit a column, first column in the lowest. */
  readonly nullable: Buffer;
  readonly optional: Buffer;
}

/** `--print-table-metadata`: the columns and the primary key, as far as the log tells, in comments. */
export function writeTableMetadata(out: TextOutput, table: RawTableMap, hasGeneratedKey: boolean): void {
  const { types, metadata, nullable } = table;
  const optional = new OptionalMetadata(table.optional);
  const columns = new ColumnWriter(out, metadata, optional, hasGeneratedKey);
  out.text('# Columns(');
  for (const [index, code] of types.entries()) {
    const isNullable = ((nullable[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
    const isWhole = columns.write(code, index, isNullable);
    if (isWhole && index < types.length - 1) out.text(',\n#         ');
  }
  out.text(')\n');
  writePrimaryKey(out, optional, hasGeneratedKey);
}

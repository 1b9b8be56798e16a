import { type Column, ColumnCode, columnTypeOf, type TableMap } from '../../../binlog/index.ts';
import { Writer } from '../../../bytes/index.ts';
import { charsetOfCollation, collationName } from '../../../charset/index.ts';
import type { TextOutput } from '../../output/text-output.ts';
import { type MetadataLists, metadataLists } from './table-metadata-lists.ts';
import { typeNames } from './table-metadata-types.ts';

/** The collation of byte strings, which print as BINARY and BLOB. */
const BINARY_COLLATION = 63;

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

/** What it takes for text: servers list a character set for compressed columns too, which it gives to the next column. */
const textCodes: ReadonlySet<number> = new Set([
  ColumnCode.STRING,
  ColumnCode.VAR_STRING,
  ColumnCode.VARCHAR,
  ColumnCode.BLOB,
  ColumnCode.GEOMETRY,
]);

const isMembers = (code: number): boolean => code === ColumnCode.ENUM || code === ColumnCode.SET;

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

/** Walks the columns of a table map as the original does. */
class ColumnWalk {
  readonly #out: TextOutput;
  readonly #lists: MetadataLists;
  /** Type metadata of all columns. */
  readonly #meta: Uint8Array;
  #metaAt = 0;
  #numbers = 0;
  #enums = 0;
  #sets = 0;
  #geometries = 0;
  /** Of the last geometry column. */
  #geometryType = 0;

  constructor(out: TextOutput, map: TableMap, lists: MetadataLists) {
    this.#out = out;
    this.#lists = lists;
    const meta = new Writer(map.columns.length * 2);
    for (const { code, meta: value } of map.columns) columnTypeOf(code).writeMeta(meta, value);
    this.#meta = meta.take();
  }

  /** One column; false where its type has no name, and nothing may follow it. */
  write({ index, code: logged, nullable }: Column): boolean {
    const out = this.#out;
    const lists = this.#lists;
    const code = this.#realCode(logged);
    const collation = textCodes.has(code)
      ? lists.textCollation()
      : isMembers(code)
        ? lists.memberCollation()
        : undefined;
    const name = lists.names[index];
    if (name !== undefined) {
      writeEscaped(out, name, '`');
      out.text(' ');
    }
    if (code === ColumnCode.GEOMETRY) this.#geometryType = lists.geometryTypes[this.#geometries++] ?? 0;
    const type = typeNames[code];
    if (type === undefined) {
      // Its metadata, if it has some, is left to the next columns.
      out.text(`INVALID_TYPE(${code})`);
      return false;
    }
    const charset = collation === undefined ? undefined : charsetOfCollation(collation, 'mariadb');
    const textCharset = collation === BINARY_COLLATION ? undefined : charset;
    out.text(
      type.name({
        first: this.#meta[this.#metaAt] ?? 0,
        second: this.#meta[this.#metaAt + 1] ?? 0,
        charset: textCharset,
        geometryType: this.#geometryType,
      }),
    );
    this.#metaAt += type.metaBytes;
    if (numericCodes.has(code) && lists.unsigned[this.#numbers++] === true) out.text(' UNSIGNED');
    if (!nullable) out.text(' NOT NULL');
    this.#writeMembersOf(code);
    const shown = isMembers(code) ? charset : textCharset;
    if (shown !== undefined)
      out.text(` CHARSET ${shown.name} COLLATE ${collationName(collation!, 'mariadb')}`);
    return true;
  }

  /** ENUM and SET are logged as STRING, their own code as the first byte of metadata. */
  #realCode(logged: number): number {
    const first = this.#meta[this.#metaAt] ?? 0;
    return logged === ColumnCode.STRING && isMembers(first) ? first : logged;
  }

  #writeMembersOf(code: number): void {
    const { enumMembers, setMembers } = this.#lists;
    let members: readonly Buffer[] | undefined;
    if (code === ColumnCode.ENUM) members = enumMembers[this.#enums++];
    else if (code === ColumnCode.SET) members = setMembers[this.#sets++];
    if (members !== undefined) writeMembers(this.#out, members);
  }
}

function writePrimaryKey(out: TextOutput, { primaryKey, names }: MetadataLists): void {
  if (primaryKey.length === 0) return;
  out.text('# Primary Key(');
  primaryKey.forEach(({ index, prefix }, place) => {
    if (place > 0) out.text(', ');
    const name = names[index];
    if (name === undefined) out.integer(index);
    else out.bytes(name);
    if (prefix > 0) out.text(`(${prefix})`);
  });
  out.text(')\n');
}

/** `--print-table-metadata`: the table as a comment, as far as the log tells. */
export function writeTableMetadata(out: TextOutput, map: TableMap): void {
  const lists = metadataLists(map);
  const walk = new ColumnWalk(out, map, lists);
  const last = map.columns.length - 1;
  out.text('# Columns(');
  for (const column of map.columns) {
    if (walk.write(column) && column.index < last) out.text(',\n#         ');
  }
  out.text(')\n');
  writePrimaryKey(out, lists);
}

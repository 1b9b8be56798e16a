import { type Column, ColumnCode, JsonDocument, type RowImage } from '../../../binlog/index.ts';
import { encodeText } from '../../../charset/index.ts';
import { areDiffs } from '../../applier/whole-image.ts';
import { jsonExpression } from './json-expression.ts';
import { type RowZone, UTC } from './row-zone.ts';
import { sqlLiteral } from './sql-literal.ts';
import type { TargetColumn, TargetTable } from './target-tables.ts';

/** How the rows of one table are written: their values, and what finds them. */
export class RowText {
  readonly #table: TargetTable;
  readonly #columns: readonly Column[];
  /** Of the columns, quoted. */
  readonly #names: readonly string[];
  /** Indexes of the columns that hold something of their own. */
  readonly #kept: readonly number[];
  zone: RowZone = UTC;

  constructor(table: TargetTable, columns: readonly Column[], names: readonly string[]) {
    this.#table = table;
    this.#columns = columns;
    this.#names = names;
    this.#kept = table.columns.flatMap(({ isGenerated }, index) => (isGenerated ? [] : [index]));
  }

  get kept(): readonly number[] {
    return this.#kept;
  }

  /** Whether a column holds documents as MySQL knows them; MariaDB's are texts. */
  hasDocuments(index: number): boolean {
    return this.#table.columns[index]!.type === 'json';
  }

  /** The columns that an image has. */
  present(row: RowImage): number[] {
    return this.#kept.filter((index) => row[index] !== undefined);
  }

  /** `id=7`: the key and nothing else of the row. */
  keyText(row: RowImage): string {
    const key = this.keyOf(row);
    if (key === undefined) return 'the table has no key';
    return key
      .map((index) => {
        const value = row[index];
        const shown = typeof value === 'object' && value !== null ? '(bytes)' : String(value);
        return `${this.#table.columns[index]!.name}=${shown}`;
      })
      .join(', ');
  }

  /** The key's columns, as far as the image has them all. */
  keyOf(row: RowImage): readonly number[] | undefined {
    const { key } = this.#table;
    return key?.every((index) => row[index] !== undefined) === true ? key : undefined;
  }

  /** What finds a row, and no other. `more`: what else must hold of it. */
  where(row: RowImage, more: readonly string[] = []): string {
    const key = this.keyOf(row);
    if (key !== undefined) return [...key.map((index) => this.#equal(row, index)), ...more].join(' AND ');
    const terms = this.present(row).map((index) => this.same(row, index));
    // Without a key, of several equal rows one is meant.
    return `${[...terms, ...more].join(' AND ')} LIMIT 1`;
  }

  /** What is true of a row that has exactly these values: its key first, by which the server finds it. */
  holds(row: RowImage): string {
    const key = (this.keyOf(row) ?? []).map((index) => this.#equal(row, index));
    const values = this.present(row).filter((index) => !areDiffs(row[index]));
    return [...key, ...values.map((index) => this.same(row, index))].join(' AND ') || '1';
  }

  /** What finds other rows that hold what is unique in a row, index by index: several at once the servers may look for in the whole table. */
  whereInTheWay(before: RowImage, after: RowImage): string[] {
    const own = this.where(before);
    return this.#table.uniques.flatMap(({ parts }) => {
      if (parts.some(({ index }) => after[index] === undefined || after[index] === null)) return [];
      const same = parts.map(({ index, prefix }) => {
        const [name, value] = [this.#names[index]!, this.literal(after, index)];
        return prefix === undefined
          ? this.#equal(after, index)
          : `LEFT(${name},${prefix})=LEFT(${value},${prefix})`;
      });
      const term = same.join(' AND ');
      return term === own ? [] : [`${term} AND NOT (${own})`];
    });
  }

  /** Whether a column holds exactly a value; collations would find others equal to it. */
  same(row: RowImage, index: number): string {
    const [name, value, known] = [this.#names[index]!, row[index]!, this.#table.columns[index]!];
    if (value === null) return `${name} IS NULL`;
    if (value instanceof JsonDocument && this.hasDocuments(index))
      return `${name}=${jsonExpression(value.node, false)}`;
    const literal = this.literal(row, index);
    if (typeof value === 'string' && known.charset !== undefined)
      return `HEX(${name})='${hexOf(encodeText(value, known.charset))}'`;
    if (SHOWN_AS_TEXT.has(known.type)) return `${name}=${literal}`;
    if (Buffer.isBuffer(value)) return `HEX(${name})='${hexOf(whole(value, known))}'`;
    if (typeof value === 'object') return `HEX(${name})=HEX(${literal})`;
    const { realCode } = this.#columns[index]!;
    // With + the 64th member of a SET would become a double.
    if (realCode === ColumnCode.SET) return `${name}|0=${literal}`;
    const isNumber = typeof value === 'bigint' || realCode === ColumnCode.ENUM;
    return `${name}${isNumber ? '+0' : ''}=${literal}`;
  }

  /** What the servers put where a column without a default may not be NULL. */
  implicit(index: number): string {
    if (this.#columns[index]!.realCode === ColumnCode.JSON) return "'null'";
    return IMPLICIT[this.#table.columns[index]!.type] ?? "''";
  }

  /** Whether a column has a value for its index. */
  #equal(row: RowImage, index: number): string {
    const [name, value] = [this.#names[index]!, row[index]];
    // The servers take a SET for a signed number: as another one its 64th member would be found nowhere.
    const isSet = this.#columns[index]!.realCode === ColumnCode.SET && typeof value === 'bigint';
    return `${name}=${isSet ? BigInt.asIntN(64, value) : this.literal(row, index)}`;
  }

  /** A value as a literal that means exactly it. */
  literal(row: RowImage, index: number): string {
    const value = row[index]!;
    const known = this.#table.columns[index]!;
    if (value instanceof JsonDocument && this.hasDocuments(index)) return jsonExpression(value.node, true);
    if (typeof value === 'string' && MOMENTS.has(this.#columns[index]!.realCode))
      return this.zone.moment(value);
    return sqlLiteral(Buffer.isBuffer(value) ? whole(value, known) : value, this.#columns[index]!);
  }
}

const MOMENTS: ReadonlySet<number> = new Set([ColumnCode.TIMESTAMP, ColumnCode.TIMESTAMP2]);

/** What the servers put where a column without a default may not be NULL; all others are empty. */
const IMPLICIT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'tinyint smallint mediumint int bigint decimal float double bit year'
      .split(' ')
      .map((name) => [name, '0']),
  ),
  date: "'0000-00-00'",
  datetime: "'0000-00-00 00:00:00'",
  timestamp: "'0000-00-00 00:00:00'",
  time: "'00:00:00'",
  enum: '1',
  uuid: "'00000000-0000-0000-0000-000000000000'",
  inet6: "'::'",
  inet4: "'0.0.0.0'",
};

/** Types of MariaDB that take bytes, and give text. */
const SHOWN_AS_TEXT: ReadonlySet<string> = new Set(['uuid', 'inet6', 'inet4']);

/** The bytes that a column takes for those of its log. */
function whole(bytes: Buffer, { type, length }: TargetColumn): Buffer {
  const all = bytes.length < length ? Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]) : bytes;
  return type === 'uuid' ? uuidInOrder(all) : all;
}

/** MariaDB keeps UUIDs of the versions 1 to 5 last part first. */
function uuidInOrder(kept: Buffer): Buffer {
  const version = kept[8]! >> 4;
  if (version < 1 || version > 5 || (kept[6]! & 0x80) === 0) return kept;
  const part = (from: number, to: number): Buffer => kept.subarray(from, to);
  return Buffer.concat([part(12, 16), part(10, 12), part(8, 10), part(6, 8), part(0, 6)]);
}

/** As HEX() of the servers writes it. */
const hexOf = (bytes: Buffer): string => bytes.toString('hex').toUpperCase();

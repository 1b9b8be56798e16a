import {
  type Column,
  ColumnCode,
  JsonDocument,
  type RowImage,
  type TableMap,
} from '../../../binlog/index.ts';
import { encodeText } from '../../../charset/index.ts';
import { type ServerError, UsageError } from '../../../errors/index.ts';
import { ConflictErrno, ConflictError, duplicate, notFound } from '../../conflict.ts';
import { CatalogError } from '../../schema/index.ts';
import type { ConflictRule } from '../../target.ts';
import { completedImage, wholeImage } from '../../whole-image.ts';
import type { Tolerated } from './conflict-count.ts';
import { isIrregular, sqlLiteral } from './sql-literal.ts';
import type { TargetColumn, TargetTable } from './target-tables.ts';

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** A change of one row, in a form that several can be put into one statement by. */
export interface RowChange {
  /** Rows of the same verb and text before them can share a statement. Undefined: by itself. */
  readonly shared: string | undefined;
  /** What stands for this row: a whole statement, or a list of values. */
  readonly text: string;
  /** What closes a statement of several. */
  readonly close: string;
  /** Whether each row must have been found. */
  readonly isCounted: boolean;
  /** What is counted of rows in conflict; undefined: they stop it. */
  readonly tolerated: Tolerated | undefined;
  /** Which row it is, for messages: its key alone. */
  readonly key: string;
  /** Whether a strict session refuses it. */
  readonly isIrregular: boolean;
}

/** Writes rows of one table as statements. Made anew when the table changes. */
export class TableRows {
  readonly table: TargetTable;
  readonly #columns: readonly Column[];
  readonly #rule: ConflictRule;
  readonly #name: string;
  readonly #names: readonly string[];
  readonly #kept: readonly number[];
  readonly #end: number;

  constructor(map: TableMap, table: TargetTable, rule: ConflictRule) {
    const { schema, name, columns } = table;
    if (table.hasTriggers || table.isVersioned) {
      throw new UsageError(
        `${schema}.${name} has ${table.hasTriggers ? 'triggers, which would fire a second time' : 'versions of its own'}: its rows can only be replayed`,
        { hint: 'Drop them on the target, or give the account what BINLOG needs.' },
      );
    }
    if (map.columns.length !== columns.length) {
      throw new CatalogError(
        `table ${schema}.${name} has drifted from the source: rows of ${map.columns.length} columns, a table of ${columns.length}`,
        { context: { table: `${schema}.${name}` } },
      );
    }
    this.table = table;
    this.#rule = rule;
    this.#name = `${quote(schema)}.${quote(name)}`;
    this.#names = columns.map((column) => quote(column.name));
    this.#kept = columns.flatMap(({ isGenerated }, index) => (isGenerated ? [] : [index]));
    this.#end = columns.findIndex(({ isRowEnd }) => isRowEnd);
    this.#columns = map.columns;
    map.columns.forEach((column, index) => {
      const known = columns[index]!;
      column.unsigned ??= known.unsigned;
      // A text that became another kind of column here keeps what its log says.
      column.charset ??= known.charset ?? 'binary';
    });
  }

  /** Several changes: see {@link #placed}. */
  insert(row: RowImage): RowChange[] {
    return this.#isPast(row) ? [] : this.#placed(row, (image) => this.#insert(image));
  }

  #insert(row: RowImage): RowChange {
    const present = this.#present(row);
    // What an image leaves out is the column's default at the source: that of its type, where the definition has none.
    const demanded = this.#kept.filter(
      (index) => row[index] === undefined && this.table.columns[index]!.isDemanded,
    );
    const names = [...present, ...demanded].map((index) => this.#names[index]).join(',');
    const values = [
      ...present.map((index) => this.#literal(row, index)),
      ...demanded.map((index) => this.#implicit(index)),
    ];
    const verb = this.#rule === 'overwrite' ? 'REPLACE' : 'INSERT';
    const kept = present[0] ?? 0;
    const unchanged = `${this.#names[kept]}=${this.#names[kept]}`;
    return {
      shared: `${verb} INTO ${this.#name} (${names}) VALUES `,
      text: `(${values.join(',')})`,
      close: this.#rule === 'skip' ? ` ON DUPLICATE KEY UPDATE ${unchanged}` : '',
      isCounted: false,
      tolerated: this.#tolerated(this.#rule === 'overwrite' ? 'replaced' : 'inserted'),
      key: this.#rule === 'stop' ? '' : this.#keyText(row),
      isIrregular: false,
    };
  }

  /** Several changes: to overwrite what stands in the way, a row is taken away and put in anew. */
  update(before: RowImage, logged: RowImage): RowChange[] {
    const after = wholeImage(before, logged);
    if (this.#isPast(before)) return this.insert(after);
    if (this.#isPast(after)) return listed(this.delete(before));
    if (this.#rule === 'overwrite' && this.#present(after).length === this.#kept.length)
      return [this.delete(before)!, ...this.insert(after)];
    const update = (image: RowImage): RowChange => ({
      shared: undefined,
      text: `UPDATE ${this.#rule === 'skip' ? 'IGNORE ' : ''}${this.#name} SET ${this.#assignments(image, this.#present(image))} WHERE ${this.#where(before)}`,
      close: '',
      isCounted: this.#rule === 'stop',
      tolerated: this.#tolerated('updated'),
      key: this.#keyText(before),
      isIrregular: false,
    });
    return this.#placed(after, update, before);
  }

  /**
   * A session that takes an ENUM's place 0 bends what else does not fit, and says nothing. So a strict one writes the row with the first
   * member there, and the other one puts the place in, and nothing else.
   */
  #placed(row: RowImage, change: (image: RowImage) => RowChange, before: RowImage = row): RowChange[] {
    const present = this.#present(row);
    const places = present.filter((index) => isIrregular(row[index]!, this.#columns[index]!));
    if (places.length === 0) return [change(row)];
    const standing = row.map((value, index) => (places.includes(index) ? FIRST_MEMBER : value));
    // What would take the time of the UPDATE stays as it is.
    const moments = present
      .filter((index) => MOMENTS.has(this.table.columns[index]!.type))
      .map((index) => `,${this.#names[index]}=${this.#names[index]}`);
    const whole = completedImage(before, standing);
    const same = this.#present(whole)
      .map((index) => this.#same(whole, index))
      .join(' AND ');
    return [
      change(standing),
      {
        shared: undefined,
        text: `UPDATE ${this.#name} SET ${this.#assignments(row, places)}${moments.join('')} WHERE ${same} LIMIT 1`,
        close: '',
        isCounted: this.#rule === 'stop',
        tolerated: undefined,
        key: this.#keyText(row),
        isIrregular: true,
      },
    ];
  }

  #assignments(row: RowImage, columns: readonly number[]): string {
    return columns.map((index) => `${this.#names[index]}=${this.#literal(row, index)}`).join(',');
  }

  delete(before: RowImage): RowChange | undefined {
    if (this.#isPast(before)) return undefined;
    const key = this.#keyOf(before);
    const shared = {
      close: '',
      isCounted: this.#rule === 'stop',
      tolerated: this.#tolerated('deleted'),
      key: this.#keyText(before),
      isIrregular: false,
    };
    if (key === undefined)
      return { ...shared, shared: undefined, text: `DELETE FROM ${this.#name} WHERE ${this.#where(before)}` };
    const names = key.map((index) => this.#names[index]).join(',');
    const values = key.map((index) => this.#literal(before, index)).join(',');
    return {
      ...shared,
      shared: `DELETE FROM ${this.#name} WHERE (${names}) IN (`,
      text: `(${values})`,
      close: ')',
    };
  }

  /** A row that should have been there was not. */
  missing(key: string): ConflictError {
    return notFound(this.table, key);
  }

  /** Rows of a statement that were not as the source had them, though it went on. */
  conflict(errno: number, key: string, rows: number): ConflictError {
    const which = rows === 1 ? key : `one of ${rows} rows, the first ${key}`;
    return (errno === ConflictErrno.DUPLICATE ? duplicate : notFound)(this.table, which);
  }

  /** The server's error as what it means here. */
  explain(error: ServerError): Error {
    return error.errno === ConflictErrno.DUPLICATE
      ? new ConflictError(ConflictErrno.DUPLICATE, error.message, this.table)
      : error;
  }

  #tolerated(what: Tolerated): Tolerated | undefined {
    return this.#rule === 'stop' ? undefined : what;
  }

  /** `id=7`: the key and nothing else of the row. */
  #keyText(row: RowImage): string {
    const key = this.#keyOf(row);
    if (key === undefined) return 'the table has no key';
    return key
      .map((index) => {
        const value = row[index];
        const shown = typeof value === 'object' && value !== null ? '(bytes)' : String(value);
        return `${this.table.columns[index]!.name}=${shown}`;
      })
      .join(', ');
  }

  /** The key's columns, as far as the image has them all. */
  #keyOf(row: RowImage): readonly number[] | undefined {
    const { key } = this.table;
    return key?.every((index) => row[index] !== undefined) === true ? key : undefined;
  }

  #where(row: RowImage): string {
    const key = this.#keyOf(row);
    if (key !== undefined)
      return key.map((index) => `${this.#names[index]}=${this.#literal(row, index)}`).join(' AND ');
    const terms = this.#present(row).map((index) => this.#same(row, index));
    // Without a key, of several equal rows one is meant.
    return `${terms.join(' AND ')} LIMIT 1`;
  }

  /** Whether a column holds exactly a value; collations would find others equal to it. */
  #same(row: RowImage, index: number): string {
    const [name, value, known] = [this.#names[index]!, row[index]!, this.table.columns[index]!];
    if (value === null) return `${name} IS NULL`;
    const literal = this.#literal(row, index);
    if (value instanceof JsonDocument && known.type === 'json') return `${name}=CAST(${literal} AS JSON)`;
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

  #implicit(index: number): string {
    if (this.#columns[index]!.realCode === ColumnCode.JSON) return "'null'";
    return IMPLICIT[this.table.columns[index]!.type] ?? "''";
  }

  #literal(row: RowImage, index: number): string {
    const value = row[index]!;
    const known = this.table.columns[index]!;
    return sqlLiteral(Buffer.isBuffer(value) ? whole(value, known) : value, this.#columns[index]!);
  }

  #present(row: RowImage): number[] {
    return this.#kept.filter((index) => row[index] !== undefined);
  }

  /** A versioned row that has ended is history, which a table without versions does not keep. */
  #isPast(row: RowImage): boolean {
    const end = this.#end < 0 ? undefined : row[this.#end];
    if (typeof end === 'bigint') return end !== NO_TRANSACTION;
    return typeof end === 'string' && !FOR_EVER.test(end);
  }
}

const listed = (change: RowChange | undefined): RowChange[] => (change === undefined ? [] : [change]);

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

/** An ENUM's place 1. */
const FIRST_MEMBER = 1;

const MOMENTS: ReadonlySet<string> = new Set(['timestamp', 'datetime']);

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

/** The end of a row that holds, where transactions are counted and not the time. */
const NO_TRANSACTION = 2n ** 64n - 1n;

/** The last moment of a TIMESTAMP, with 31 and with 32 bits. */
const FOR_EVER = /^(2038-01-19 03:14:07|2106-02-07 06:28:15)/;

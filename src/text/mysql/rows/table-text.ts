import { type Column, ColumnCode, hasColumn, type TableMap } from '../../../binlog/index.ts';
import type { Cursor } from '../../../bytes/index.ts';
import { writeIdentifier, writeIdentifierRaw } from '../../output/identifier.ts';
import { Literal } from '../../output/literal.ts';
import { TextOutput } from '../../output/text-output.ts';
import type { RowTextOptions } from '../../row-printer.ts';
import { columnTextOf } from './column-texts.ts';
import type { ValueWriter } from './value-text.ts';

const blobTypes: ReadonlySet<number> = new Set([
  ColumnCode.TINY_BLOB,
  ColumnCode.MEDIUM_BLOB,
  ColumnCode.LONG_BLOB,
  ColumnCode.BLOB,
  ColumnCode.GEOMETRY,
]);

/** Longer values have a length of two bytes. */
const MOST_SHORT_BYTES = 255;
/** Bytes of a length that the original can read. */
const MOST_LENGTH_BYTES = 4;

function sizedWithoutText({ code, realCode, meta, length }: Column): ((cursor: Cursor) => void) | undefined {
  if (realCode === ColumnCode.ENUM) return (cursor) => cursor.skip(length);
  if (code === ColumnCode.STRING)
    return (cursor) => cursor.skip(length > MOST_SHORT_BYTES ? cursor.u16() : cursor.u8());
  if (code === ColumnCode.DECIMAL || code === ColumnCode.NULL) return (cursor) => cursor.skip(meta);
  if (!blobTypes.has(code)) return undefined;
  if (meta === 0 || meta > MOST_LENGTH_BYTES) return undefined;
  return (cursor) => {
    const at = cursor.take(meta);
    cursor.skip(cursor.bytes.readUIntLE(at, meta));
  };
}

/** What to write for one column of every row. All columns have the same shape, so that the row loop stays monomorphic. */
export class ColumnPlan {
  /** From 1, as printed. */
  readonly number: number;
  readonly isJson: boolean;
  /** `###   @1=`. */
  readonly before: Literal;
  /** What follows a value, and what stands for NULL: both end the line. */
  readonly after: Literal;
  readonly nullText: Literal;
  /** Undefined: a type that cannot be printed. */
  readonly write: ValueWriter | undefined;
  /** The line that says so. */
  readonly refusal: Literal;
  /** For types that cannot be printed: reads over a value, where the original knows how long it is. */
  readonly sized: ((cursor: Cursor) => void) | undefined;

  constructor(table: TableMap, index: number, options: RowTextOptions) {
    const column = table.columns[index]!;
    const text = columnTextOf(column, options.compat);
    this.number = index + 1;
    this.isJson = column.code === ColumnCode.JSON;
    this.before = new Literal(`###   @${index + 1}=`);
    const comment = (isNull: 0 | 1): string =>
      options.verbose > 1
        ? ` /* ${text?.typeName ?? ''} meta=${text?.meta ?? column.meta} nullable=${column.nullable ? 1 : 0} is_null=${isNull} */\n`
        : '\n';
    this.after = new Literal(comment(0));
    this.write = text?.write;
    this.nullText = new Literal(`NULL${comment(1)}`);
    this.sized = sizedWithoutText(column);
    const hex = column.meta.toString(16).padStart(4, '0');
    this.refusal = new Literal(
      column.realCode === ColumnCode.BLOB
        ? '!! Unknown BLOB packlen=0'
        : column.realCode === ColumnCode.ENUM
          ? `!! Unknown ENUM packlen=${column.length}`
          : `!! Don't know how to handle column type=${column.realCode} meta=${column.meta} (${hex})\n`,
    );
  }
}

/** The columns present in one kind of image. */
export interface ImagePlan {
  /** The bitmap this was made for. */
  readonly present: Buffer;
  readonly columns: readonly ColumnPlan[];
  /** What follows the value of each column, and what stands for it if it is NULL, with the beginning of the next column's line. */
  readonly after: readonly Literal[];
  readonly nullTexts: readonly Literal[];
  /** NULL bits: one each, and one for each column that the table does not have. */
  readonly nullBytes: number;
}

const INSERT = 'INSERT INTO';
const UPDATE = 'UPDATE';
const DELETE = 'DELETE FROM';

/** How rows of one table print: made once for a table map, used for every row. */
export class TableText {
  readonly insert: Literal;
  readonly update: Literal;
  readonly delete: Literal;
  /** Here alone the original leaves backticks in names as they are. */
  readonly emptyInsert: Literal;
  /** JSON columns of the table: a partial update has a bit for each. */
  readonly jsonColumns: number;
  readonly columnCount: number;
  readonly #columns: readonly ColumnPlan[];
  #plans: ImagePlan[] = [];

  constructor(table: TableMap, options: RowTextOptions) {
    const name = new TextOutput(undefined, 512);
    writeIdentifier(name, table.schema);
    name.text('.');
    writeIdentifier(name, table.table);
    const quoted = name.take().toString('latin1');
    this.insert = new Literal(`### ${INSERT} ${quoted}\n### SET\n`);
    this.update = new Literal(`### ${UPDATE} ${quoted}\n### WHERE\n`);
    this.delete = new Literal(`### ${DELETE} ${quoted}\n### WHERE\n`);
    writeIdentifierRaw(name, table.schema);
    name.text('.');
    writeIdentifierRaw(name, table.table);
    this.emptyInsert = new Literal(`### ${INSERT} ${name.take().toString('latin1')} VALUES ()\n`);
    this.columnCount = table.columns.length;
    this.#columns = table.columns.map((_, index) => new ColumnPlan(table, index, options));
    this.jsonColumns = this.#columns.filter(({ isJson }) => isJson).length;
  }

  /** All columns, for the bits of a partial update. */
  get columns(): readonly ColumnPlan[] {
    return this.#columns;
  }

  /** The plan for an image with these columns. */
  plan(present: Buffer, columnCount: number): ImagePlan {
    for (const plan of this.#plans) if (plan.present.equals(present)) return plan;
    const columns = this.#columns.filter((_, index) => hasColumn(present, index));
    let beyond = 0;
    for (let index = this.#columns.length; index < columnCount; index += 1)
      beyond += (present[index >> 3]! >> (index & 7)) & 1;
    const nullBytes = (columns.length + beyond + 7) >> 3;
    const thenNext = (text: Literal, index: number): Literal => {
      const next = columns[index + 1];
      return next === undefined ? text : text.with(next.before);
    };
    const made = {
      present: Buffer.from(present),
      columns,
      after: columns.map((column, index) => thenNext(column.after, index)),
      nullTexts: columns.map((column, index) => thenNext(column.nullText, index)),
      nullBytes,
    };
    // A log alternates between a few shapes at most.
    if (this.#plans.length >= 8) this.#plans = [];
    this.#plans.push(made);
    return made;
  }
}

import type { ColumnValue, ImagePlan, JsonDiff, RowImage, RowOperation, TableMap } from '../binlog/index.ts';
import type { Bigints } from './column-code.ts';
import type { ChangeOptions } from './options.ts';
import { RowCode } from './row-code.ts';

/** A row by column name. Columns that the log leaves out (`binlog_row_image=MINIMAL`) are missing. */
export type Row = Record<string, ColumnValue>;

/** One changed row of one table. */
export interface RowChange {
  readonly schema: string;
  readonly table: string;
  readonly operation: RowOperation;
  /** The row as it was, of updates and deletes. */
  readonly before: Row | undefined;
  /** The row as it became, of inserts and updates. */
  readonly after: Row | undefined;
  /** Where the rows event begins in its log, in bytes. */
  readonly position: number;
  /** The transaction: `uuid:tag:number` or `domain-server-sequence`; undefined where GTIDs are off. */
  readonly gtid: string | undefined;
  /** When the statement began, in seconds since 1970, by the clock of the server that ran it. */
  readonly timestamp: number;
  /** The server that ran it. */
  readonly serverId: number;
}

/** How the rows of one table map become objects. */
export class RowShape {
  readonly schema: string;
  readonly table: string;
  readonly wanted: boolean;
  /** Names of the table's columns. */
  readonly names: readonly string[];
  readonly #bigints: Bigints;
  readonly #codes = new WeakMap<ImagePlan, RowCode>();

  constructor(table: TableMap, options: ChangeOptions) {
    this.schema = table.schema.toString('utf8');
    this.table = table.table.toString('utf8');
    this.wanted = options.tables?.(this.schema, this.table) ?? true;
    const given = options.columnNames?.(this.schema, this.table);
    this.names = table.columns.map(({ name, index }) => name ?? given?.[index] ?? `@${index + 1}`);
    this.#bigints = options.bigints ?? 'bigint';
  }

  /** The code that reads these columns of the table. */
  codeOf(plan: ImagePlan): RowCode {
    let code = this.#codes.get(plan);
    if (code === undefined) {
      const names = plan.columns.map(({ index }) => this.names[index]!);
      code = RowCode.for(plan, names, this.#bigints);
      this.#codes.set(plan, code);
    }
    return code;
  }

  row(image: RowImage): Row {
    const row: Row = {};
    const { names } = this;
    for (let index = 0; index < image.length; index += 1) {
      let value = image[index];
      if (value === undefined) continue;
      if (typeof value === 'bigint' && this.#bigints !== 'bigint') {
        value = this.#bigints === 'number' ? Number(value) : String(value);
      }
      const name = names[index]!;
      // Assigned plainly, this name would set the object's prototype.
      if (name === '__proto__') {
        Object.defineProperty(row, name, { value, enumerable: true, writable: true, configurable: true });
      } else row[name] = value;
    }
    return row;
  }
}

/** Whether a value is the steps of a partial JSON update (`binlog_row_value_options=PARTIAL_JSON`) rather than a document. */
export function isJsonDiffs(value: ColumnValue): value is readonly JsonDiff[] {
  return Array.isArray(value);
}

import type { ImagePlan, RowImage, TableMap } from '../../binlog/index.ts';
import type { ChangeOptions } from '../options.ts';
import type { Bigints } from './column-code.ts';
import type { Row } from './row-change.ts';
import { RowCode } from './row-code.ts';

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

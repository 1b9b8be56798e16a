import type { ColumnValue } from '../binlog/index.ts';
import type { Row } from './row-change.ts';

type Make = (values: readonly ColumnValue[]) => Row;

/** Rows after which code of its own is worth making for a table, some 50 µs. */
const ROWS_BEFORE_CODE = 256;
/** More would be more code than engines compile well. */
const MOST_COLUMNS = 256;
const MOST_MAKERS = 500;

const makers = new Map<string, RowMaker>();

/**
 * Makes objects of one table's columns.
 *
 * Code that sets properties under the names of one table only takes an eighth of the time of code that all tables share (11 columns:
 * 30 ns and 230, Node 20.20). So after some rows a table gets code of its own. It is made of text that depends on the number of columns
 * and on nothing else: the names are arguments, and nothing that came from a server becomes code. Where code may not be made of text
 * (`--disallow-code-generation-from-strings`), the shared code goes on.
 */
export class RowMaker {
  readonly #names: readonly string[];
  #make: Make | undefined;
  #left: number;

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#left = names.length > MOST_COLUMNS ? Number.POSITIVE_INFINITY : ROWS_BEFORE_CODE;
  }

  /** The maker for these names, none of which is `__proto__`. */
  static for(names: readonly string[]): RowMaker {
    const key = JSON.stringify(names);
    let maker = makers.get(key);
    if (maker === undefined) {
      if (makers.size >= MOST_MAKERS) makers.clear();
      maker = new RowMaker(names);
      makers.set(key, maker);
    }
    return maker;
  }

  /** An object of these values, in the order of the names. */
  row(values: readonly ColumnValue[]): Row {
    if (this.#make !== undefined) return this.#make(values);
    if (--this.#left === 0) this.#make = codeFor(this.#names);
    const row: Row = {};
    const names = this.#names;
    for (let at = 0; at < names.length; at += 1) row[names[at]!] = values[at]!;
    return row;
  }
}

/** A function of its own for these names; undefined where that is not allowed. */
function codeFor(names: readonly string[]): Make | undefined {
  const properties = names.map((_, index) => `row[name${index}] = values[${index}];`);
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- no text of anybody else's is in it
    const outer = new Function(
      ...names.map((_, index) => `name${index}`),
      `return (values) => { const row = {}; ${properties.join(' ')} return row; };`,
    ) as (...given: readonly string[]) => Make;
    return outer(...names);
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

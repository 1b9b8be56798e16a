import type { ImagePlan } from '../../binlog/index.ts';
import { type Bigints, columnCode } from './column-code.ts';
import type { RowBytes } from './row-bytes.ts';
import type { Row } from './row-change.ts';

/** Reads the row image at `rows.at` and moves that behind it: past `rows.end` where the bytes do not fit the columns. */
export type ReadRow = (rows: RowBytes) => Row;

/** Images after which code of its own is worth making for a table, some 100 µs: reading them otherwise took as long. */
const IMAGES_BEFORE_CODE = 64;
/** More would be more code than engines compile well. */
const MOST_COLUMNS = 256;
const MOST_CODES = 500;

/**
 * Names that may stand in the code, between quotes: there is nothing in them that could end those. Objects are made in a third of the
 * time where their names are known to the engine as it reads the code (Node 20.20).
 */
const plainName = /^[A-Za-z0-9_@$]{1,64}$/;

const codes = new Map<string, RowCode>();

/**
 * Code that reads the images of one table, and makes objects of its columns.
 *
 * It is three times as quick as code that all tables share: nothing is looked up for a column, and properties are set under the names
 * of one table only. So after some rows a table gets code of its own. It is made of text that depends on the types of the columns. Of what
 * came from a server only plain names are in it, see {@link plainName}: other names, members and sizes are arguments. Where code may not
 * be made of text (`--disallow-code-generation-from-strings`), the shared code goes on.
 */
export class RowCode {
  /** Size of the last image that was read. */
  rowBytes = 0;
  /** Whether values are cut out of the bytes, which must outlive the event then. */
  readonly keeps: boolean;
  readonly #plan: ImagePlan;
  readonly #names: readonly string[];
  readonly #bigints: Bigints;
  #left: number;
  #read: ReadRow | undefined;

  constructor(plan: ImagePlan, names: readonly string[], bigints: Bigints) {
    this.#plan = plan;
    this.keeps = plan.copies;
    this.#names = names;
    this.#bigints = bigints;
    // Assigned plainly, this name would set the object's prototype.
    const isPlain = names.length > 0 && names.length <= MOST_COLUMNS && !names.includes('__proto__');
    this.#left = isPlain ? IMAGES_BEFORE_CODE : Number.POSITIVE_INFINITY;
  }

  /** The code for tables with columns like these. `names`: of the columns in the plan. */
  static for(plan: ImagePlan, names: readonly string[], bigints: Bigints): RowCode {
    const columns = plan.columns.map(({ code, meta, unsigned, charset, members }) => [
      code,
      meta,
      unsigned,
      charset,
      members?.map((member) => member.toString('latin1')),
    ]);
    const key = JSON.stringify([bigints, names, columns]);
    let code = codes.get(key);
    if (code === undefined) {
      if (codes.size >= MOST_CODES) codes.clear();
      code = new RowCode(plan, names, bigints);
      codes.set(key, code);
    }
    return code;
  }

  /** The code, where there is some by now. */
  get read(): ReadRow | undefined {
    return this.#read;
  }

  /** An image was read in another way. */
  count(): void {
    this.#left -= 1;
    if (this.#left === 0) this.#read = codeFor(this.#plan, this.#names, this.#bigints);
  }
}

/** Undefined where code may not be made of text. */
function codeFor(plan: ImagePlan, names: readonly string[], bigints: Bigints): ReadRow | undefined {
  const values = names.map((_, index) => `value${index}`);
  const pieces = plan.columns.map((column, index) => columnCode(column, plan.types[index]!, bigints));
  const reads = pieces.map(({ text }, index) => {
    const isThere = `(bytes[nulls + ${index >> 3}] & ${1 << (index & 7)}) === 0`;
    return `let value${index} = null; if (${isThere}) { ${text(`value${index}`, `given${index}`)} }`;
  });
  const sets = names.map((name, index) => {
    const key = plainName.test(name) ? `'${name}'` : `name${index}`;
    return `this[${key}] = value${index};`;
  });
  // Objects of a constructor have room for their properties from the start. With this prototype they are plain ones.
  const code = `'use strict';
    function Row(${values.join(', ')}) { ${sets.join(' ')} }
    Row.prototype = Object.prototype;
    return (rows) => {
      const { bytes, view, at: nulls } = rows;
      let at = nulls + ${plan.nullBytes};
      let start = 0;
      let length = 0;
      ${reads.join('\n')}
      rows.at = at;
      return new Row(${values.join(', ')});
    };`;
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- plain names are all that is in it of anybody else's
    const outer = new Function(
      ...names.map((_, index) => `name${index}`),
      ...names.map((_, index) => `given${index}`),
      code,
    ) as (...given: readonly unknown[]) => ReadRow;
    return outer(...names, ...pieces.map(({ given }) => given));
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

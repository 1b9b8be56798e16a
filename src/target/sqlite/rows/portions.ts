import type { SqliteValue } from '../../../store/index.ts';

/**
 * Rows that one statement takes. Measured with @photostructure/sqlite: a call costs as much as six values of an INSERT, or half of an
 * UPDATE; beyond this nothing is gained.
 */
const MOST_ROWS = 16;
/** … and values. */
const MOST_VALUES = 1000;

const powerBelow = (count: number): number => 2 ** (31 - Math.clz32(count));

/** How many rows of so many values go into one statement: a power of two. */
export const rowsTogether = (width: number): number =>
  powerBelow(Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_VALUES / width))));

/** Some rows that go together, and how many stand before them. */
export interface Portion {
  readonly from: number;
  readonly rows: number;
  readonly values: readonly SqliteValue[];
}

/**
 * Rows in portions of a power of two, the largest first: five statements do for any number, of which each takes some ten kilobytes of
 * memory.
 *
 * @param values of all rows, `width` a row
 */
export function* portions(values: readonly SqliteValue[], width: number): Generator<Portion> {
  const all = values.length / width;
  for (let from = 0; from < all; ) {
    const rows = powerBelow(all - from);
    yield { from, rows, values: rows === all ? values : values.slice(from * width, (from + rows) * width) };
    from += rows;
  }
}

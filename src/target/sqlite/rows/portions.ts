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

/**
 * Rows in portions of a power of two, the largest first: five statements do for any number, of which each takes some ten kilobytes of
 * memory.
 */
export function* portions(rows: number): Generator<readonly [from: number, count: number]> {
  for (let from = 0; from < rows; ) {
    const count = powerBelow(rows - from);
    yield [from, count];
    from += count;
  }
}

import type { SqliteValue } from '../../../store/index.ts';

/** How values of a column compare with one that a partition names; neither is NULL. Both throw Untold where nobody here knows. */
export interface Comparison<T extends SqliteValue = SqliteValue> {
  /** Below zero: the row's value is less. */
  readonly compare: (value: T) => number;
  readonly equals: (value: T) => boolean;
}

/** Where values are equal that neither is less. */
export const ordered = <T extends SqliteValue = SqliteValue>(
  compare: (value: T) => number,
): Comparison<T> => ({
  compare,
  equals: (value) => compare(value) === 0,
});

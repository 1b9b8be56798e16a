import { ColumnCode, type TableMap } from '../../binlog/index.ts';
import type { Table } from './table.ts';

/** What MariaDB calls the columns of a sequence, which its log takes for a table of one row. */
const FIRST_COLUMN = 'next_not_cached_value';

/** What its numbers may be: CREATE SEQUENCE … AS. */
const NUMBERS: ReadonlySet<number> = new Set([
  ColumnCode.TINY,
  ColumnCode.SHORT,
  ColumnCode.INT24,
  ColumnCode.LONG,
  ColumnCode.LONGLONG,
]);
/** How many of its numbers come first: next value, bounds, start. */
const OWN_NUMBERS = 4;
/** Types of the rest: increment, cache size, whether it cycles, how often it did. */
const REST: readonly number[] = [
  ColumnCode.LONGLONG,
  ColumnCode.LONGLONG,
  ColumnCode.TINY,
  ColumnCode.LONGLONG,
];
const SIZE = OWN_NUMBERS + REST.length;

/** Whether a definition is a sequence's: it holds no rows that anybody put there. */
export const isSequence = ({ columns }: Table): boolean =>
  columns.length === SIZE && columns[0]!.name === FIRST_COLUMN;

/** Whether rows may be a sequence's, where nobody knows a table of that name any more. */
export const looksLikeSequence = ({ columns }: TableMap): boolean =>
  columns.length === SIZE &&
  NUMBERS.has(columns[0]!.realCode) &&
  columns.every(
    ({ realCode, nullable }, index) =>
      realCode === (REST[index - OWN_NUMBERS] ?? columns[0]!.realCode) && !nullable,
  );

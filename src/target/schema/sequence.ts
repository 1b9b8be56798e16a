import { ColumnCode, type TableMap } from '../../binlog/index.ts';
import type { Table } from './table.ts';

/** What MariaDB calls the columns of a sequence, which its log takes for a table of one row. */
const FIRST_COLUMN = 'next_not_cached_value';

/** Their types: next value, bounds, start, increment, cache size, whether it cycles, how often it did. */
const CODES: readonly number[] = [
  ...Array.from({ length: 6 }, () => ColumnCode.LONGLONG),
  ColumnCode.TINY,
  ColumnCode.LONGLONG,
];

/** Whether a definition is a sequence's: it holds no rows that anybody put there. */
export const isSequence = ({ columns }: Table): boolean =>
  columns.length === CODES.length && columns[0]!.name === FIRST_COLUMN;

/** Whether rows may be a sequence's, where nobody knows a table of that name any more. */
export const looksLikeSequence = ({ columns }: TableMap): boolean =>
  columns.length === CODES.length &&
  columns.every(({ realCode, nullable }, index) => realCode === CODES[index] && !nullable);

import type { ColumnValue } from '../../binlog/index.ts';

/** The last moment of a TIMESTAMP, with 31 and with 32 bits. */
const FOR_EVER = /^(2038-01-19 03:14:07|2106-02-07 06:28:15)/;

/** The end of a row that holds, where transactions are counted and not the time. */
const NO_TRANSACTION = 2n ** 64n - 1n;

/** Whether a versioned row has ended, by the column that says until when it holds: then it is history. */
export function isPastEnd(end: ColumnValue | undefined): boolean {
  if (typeof end === 'bigint') return end !== NO_TRANSACTION;
  return typeof end === 'string' && !FOR_EVER.test(end);
}

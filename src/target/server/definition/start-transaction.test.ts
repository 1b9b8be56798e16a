import { expect, it } from 'vitest';
import { startTransaction, withoutStart } from './start-transaction.ts';

const without = (sql: string): string => Buffer.from(withoutStart(Buffer.from(sql), {})).toString();

it('is found behind the columns, whatever options come behind it', () => {
  const columns = "CREATE TABLE `c` (`start` int COMMENT 'START TRANSACTION')";
  expect(without(`${columns} START TRANSACTION`)).toBe(`${columns} `);
  expect(without(`${columns} START TRANSACTION ENGINE=InnoDB`)).toBe(`${columns}  ENGINE=InnoDB`);
  expect(without(`${columns} START /* */ TRANSACTION COMMENT='x'`)).toBe(`${columns}  COMMENT='x'`);
});

it('is not what a comment, a text or a column says', () => {
  for (const sql of [
    "CREATE TABLE c (start int, transaction int) COMMENT='START TRANSACTION'",
    'CREATE TABLE c (a int) /* START TRANSACTION */',
  ])
    expect(startTransaction(Buffer.from(sql), {})).toBeUndefined();
});

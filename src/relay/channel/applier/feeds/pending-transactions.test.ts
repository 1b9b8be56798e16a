import { expect, test } from 'vitest';
import { TransactionBuffer } from '../../../binary-log/index.ts';
import { type PendingTransaction, PendingTransactions } from './pending-transactions.ts';

/** @param committedAt undefined: the target need not be asked */
function transaction(timestamp: number, committedAt: number | undefined): PendingTransaction {
  return {
    buffer: new TransactionBuffer(),
    again: undefined,
    commit: { gtid: undefined, channel: '', place: null },
    timestamp,
    label: committedAt === undefined ? undefined : { committedAt },
    startsFile: false,
  };
}

function kept(...committed: readonly (number | undefined)[]): PendingTransactions {
  const pending = new PendingTransactions();
  for (const [index, at] of committed.entries()) pending.keep(transaction(index, at));
  return pending;
}

const timestamps = (taken: readonly PendingTransaction[]): number[] => taken.map((one) => one.timestamp);

test('what the target has is taken in the order of the source, up to the first that it may not have', () => {
  const pending = kept(7, undefined, 0, 9);
  expect(timestamps(pending.takeDone())).toEqual([0, 1]);
  expect(pending.oldest).toBe(2);
  expect(timestamps(pending.takeDone())).toEqual([]);
  expect(timestamps(pending.takeAll(false))).toEqual([2, 3]);
  expect(pending.oldest).toBeUndefined();
});

test('what a target that failed has not comes again, and what it has behind that', () => {
  const pending = kept(7, 0, 9);
  expect(timestamps(pending.takeAll(true))).toEqual([0]);
  expect(timestamps(pending.takeAll(false))).toEqual([]);
});

test('they are as many as may wait until they are taken', () => {
  const pending = kept(...Array.from({ length: 499 }, () => 1));
  expect(pending.isFull).toBe(false);
  pending.keep(transaction(499, 0));
  expect(pending.isFull).toBe(true);
  pending.takeDone();
  expect(pending.isFull).toBe(false);
});

import { expect, test } from 'vitest';
import { RawEvent, type TransactionPlace } from '../../binlog/index.ts';
import type { TransactionGtid } from '../../replication/index.ts';
import { type TransactionName, UnwantedTransactions } from './unwanted-transactions.ts';

interface Seen {
  readonly file: string;
  readonly gtid: TransactionGtid | undefined;
  readonly place: TransactionPlace;
}

/** Events of 100 bytes that a client gives. */
const reader = (names: readonly TransactionName[]) => {
  const unwanted = new UnwantedTransactions(names);
  const event = new RawEvent();
  return (position: number, place: TransactionPlace, gtid?: TransactionGtid, file = 'b.000002'): boolean => {
    const seen: Seen = { file, gtid, place };
    return unwanted.has(Object.assign(event, { position, length: 100 }), seen);
  };
};

const mariadb = (seqNo: bigint): TransactionGtid => ({
  flavor: 'mariadb',
  domainId: 0,
  serverId: 1,
  seqNo,
});

test('a transaction is known by the event that the place names, and until it ends', () => {
  const has = reader([{ file: 'b.000002', position: 350 }]);
  expect([has(200, 'begins'), has(300, 'inside'), has(400, 'ends')]).toEqual([false, true, true]);
  expect([has(500, 'begins'), has(600, 'ends')]).toEqual([false, false]);
  expect([has(250, 'alone'), has(350, 'alone'), has(351, 'alone')]).toEqual([false, true, false]);
  expect([has(350, 'outside'), has(350, 'alone', undefined, 'b.000003')]).toEqual([false, false]);
});

test('GTIDs name whole transactions, of either family', () => {
  const has = reader([{ gtids: '0-1-100,0-1-102' }, { gtids: '11111111-2222-3333-4444-555555555555:5-6' }]);
  const of = (sequence: bigint): boolean => has(4, 'alone', mariadb(sequence));
  expect([99n, 100n, 101n, 102n, 1n].map(of)).toEqual([false, true, false, true, false]);
  expect([has(4, 'begins', mariadb(102n)), has(104, 'ends', mariadb(102n))]).toEqual([true, true]);
  expect(has(4, 'alone')).toBe(false);
});

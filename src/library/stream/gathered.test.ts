import { expect, test } from 'vitest';
import { Gathered } from './gathered.ts';
import type { StreamChange } from './stream-change.ts';

/** Numbers stand for changes. What is left of both, and the statements in their order. */
function left(...log: readonly (string | number)[]): unknown[] {
  const gathered = new Gathered();
  for (const entry of log) {
    if (typeof entry === 'string') gathered.note({ schema: 'd', statement: entry });
    else gathered.changes.push(entry as unknown as StreamChange);
  }
  return [...gathered.changes, ...gathered.statements.map(({ statement }) => statement)];
}

test('what frames a transaction is no part of it', () => {
  expect(left('BEGIN', 1, 'SAVEPOINT `a`', 2, "XA END X'61',X'',1", 'COMMIT')).toEqual([1, 2]);
});

test('what was taken back is not there', () => {
  expect(left('BEGIN', 1, 'ROLLBACK')).toEqual([]);
  expect(left(1, 'SAVEPOINT `a`', 2, 'SAVEPOINT `b`', 3, 'ROLLBACK TO `A`', 4, 'COMMIT')).toEqual([1, 4]);
});

test('a savepoint holds until it is set anew, and through what is taken back to it', () => {
  const again = ['ROLLBACK TO `a`', 4, 'ROLLBACK TO `a`', 5];
  expect(left(1, 'SAVEPOINT `a`', 2, 'SAVEPOINT `b`', 3, 'SAVEPOINT `a`', 4, ...again)).toEqual([1, 2, 3, 5]);
  expect(left('SAVEPOINT `a`', 1, 'SAVEPOINT `b`', 2, 'SAVEPOINT `a`', 3, 'ROLLBACK TO `b`', 4)).toEqual([
    1, 4,
  ]);
});

test('statements that were taken back are there with those that say so', () => {
  expect(left('INSERT 1', 'ROLLBACK')).toEqual(['INSERT 1', 'ROLLBACK']);
  const twice = ['SAVEPOINT `a`', 'INSERT 2', 3, 'ROLLBACK TO `a`', 4, 'ROLLBACK TO `a`'];
  expect(left('INSERT 1', ...twice, 'INSERT 5', 'ROLLBACK TO `a`')).toEqual([
    'INSERT 1',
    'SAVEPOINT `a`',
    'INSERT 2',
    'ROLLBACK TO `a`',
    'SAVEPOINT `a`',
    'INSERT 5',
    'ROLLBACK TO `a`',
  ]);
});

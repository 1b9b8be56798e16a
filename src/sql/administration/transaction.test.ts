import { describe, expect, test } from 'vitest';
import { readStatement } from './statement.ts';
import { StatementCursor } from './statement-cursor.ts';

const read = (sql: string) => readStatement(new StatementCursor(Buffer.from(sql)));

/** What MySQL 9.7.4 and MariaDB 11.8.6 take and refuse, from asking them. */
describe('statements of transactions', () => {
  test.each([
    ['BEGIN WORK', { kind: 'begin' }],
    ['START TRANSACTION', { kind: 'begin' }],
    ['start transaction read only, with consistent snapshot', { kind: 'begin' }],
    ['COMMIT AND CHAIN', { kind: 'commit', chain: true }],
    ['COMMIT WORK AND NO CHAIN NO RELEASE', { kind: 'commit', chain: false }],
    ['ROLLBACK RELEASE', { kind: 'rollback', chain: false }],
    ['ROLLBACK WORK TO SAVEPOINT a', { kind: 'nothing', word: 'SAVEPOINT' }],
    ['ROLLBACK TO a', { kind: 'nothing', word: 'SAVEPOINT' }],
    ['RELEASE SAVEPOINT a', { kind: 'nothing', word: 'SAVEPOINT' }],
  ])('%s', (sql, statement) => {
    expect(read(sql)).toEqual(statement);
  });

  test.each([
    ['BEGIN x', "near 'x'"],
    ['COMMIT AND', "near ''"],
    ['COMMIT NO CHAIN', "near 'CHAIN'"],
    ['COMMIT AND CHAIN RELEASE', "near 'RELEASE'"],
    ['START TRANSACTION READ ONLY READ WRITE', "near 'READ WRITE'"],
    ['START TRANSACTION READ ONLY, READ WRITE', "near 'WRITE'"],
    ['RELEASE a', "near 'a'"],
  ])('%s is error 1064 %s', (sql, near) => {
    expect(() => read(sql)).toThrow(near);
  });
});

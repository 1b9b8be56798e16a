import { expect, test } from 'vitest';
import { SqlMode } from '../lexer.ts';
import { parseTableStatement } from './table-statement.ts';

const membersOf = (sqlMode: number): unknown => {
  const sql = Buffer.from(String.raw`CREATE TABLE t (e ENUM('a''b', "c""d", 'e\tf', 'g\%'))`);
  const statement = parseTableStatement(sql, { flavor: 'mysql', sqlMode });
  return statement.kind === 'createTable' ? statement.columns[0]?.type.values : statement;
};

test('a text is what stands between its quotes, with and without backslashes', () => {
  expect(membersOf(0)).toEqual(["a'b", 'c"d', 'e\tf', String.raw`g\%`]);
  expect(membersOf(SqlMode.NO_BACKSLASH_ESCAPES)).toEqual(["a'b", 'c"d', String.raw`e\tf`, String.raw`g\%`]);
});

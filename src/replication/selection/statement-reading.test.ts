import { expect, test } from 'vitest';
import type { Query } from '../../binlog/index.ts';
import { classifyStatement } from '../../sql/index.ts';
import { readingOf } from './statement-reading.ts';

const GBK_CHINESE_CI = 28;
const LATIN1_SWEDISH_CI = 8;
const NO_BACKSLASH_ESCAPES = 0x10_0000n;

/** Whether a query makes the table. */
function isSelect(statement: Buffer, sqlMode: bigint, client: number): boolean {
  const charset = { client, connection: client, server: client };
  const query = { statement, status: { sqlMode, charset } } as Query;
  return classifyStatement(statement, readingOf(query, 'mysql')).select;
}

test('a statement is read in the character set of its client', () => {
  // As gbk, the character 0xBF5C and the end of a string; as anything else, a quote in it. Then a query, and the end of a string.
  const statement = Buffer.concat([
    Buffer.from("CREATE TABLE x (a INT) COMMENT '"),
    Buffer.of(0xbf, 0x5c, 0x27),
    Buffer.from(" AS SELECT 1 AS b -- '"),
  ]);
  expect(isSelect(statement, 0n, GBK_CHINESE_CI)).toBe(true);
  expect(isSelect(statement, 0n, LATIN1_SWEDISH_CI)).toBe(false);
});

test('a statement is read in its sql_mode, whatever else that has', () => {
  const statement = Buffer.from("CREATE TABLE x (a INT) COMMENT '\\' AS SELECT 1 AS b -- '");
  const others = 0xffff_ffff_0000_0001n;
  expect(isSelect(statement, others, LATIN1_SWEDISH_CI)).toBe(false);
  expect(isSelect(statement, others | NO_BACKSLASH_ESCAPES, LATIN1_SWEDISH_CI)).toBe(true);
});

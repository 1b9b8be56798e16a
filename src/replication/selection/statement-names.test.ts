import { describe, expect, test } from 'vitest';
import type { Query } from '../../binlog/index.ts';
import { classifyStatement } from '../../sql/index.ts';
import { namedDatabase } from './named-database.ts';
import { withNames } from './statement-names.ts';
import { readingOf } from './statement-reading.ts';

const ANSI_QUOTES = 4n;

function named(sql: string | Buffer, status: Partial<Query['status']> = {}): string | undefined {
  const statement = Buffer.from(sql);
  const reading = readingOf({ statement, status } as Query, 'mysql');
  return namedDatabase(classifyStatement(statement, reading), statement, reading);
}

describe('the database that a statement is about', () => {
  test.each([
    ['CREATE DATABASE shop', 'shop'],
    ['create schema if not exists `of ``us``` default character set utf8mb4', 'of `us`'],
    ['DROP DATABASE IF EXISTS käufe', 'käufe'],
    ['ALTER DATABASE `if` COLLATE utf8mb4_bin', 'if'],
    ['DROP TABLE shop.orders', undefined],
  ])('of %s', (sql, name) => {
    expect(named(sql)).toBe(name);
  });

  test('stands in double quotes where the sql_mode says so', () => {
    expect(named('CREATE DATABASE "of ""us"""', { sqlMode: ANSI_QUOTES })).toBe('of "us"');
  });
});

describe('the tables that a statement names', () => {
  const LATIN1_SWEDISH_CI = 8;
  const GBK_CHINESE_CI = 28;

  test.each([
    [
      'of UTF-8',
      undefined,
      'DROP TABLE läden.käufe, `a`',
      'utf8',
      [
        ['läden', 'käufe'],
        [undefined, 'a'],
      ],
    ],
    [
      'of a client that writes latin1',
      LATIN1_SWEDISH_CI,
      'CREATE TABLE käufe (a INT)',
      'latin1',
      [[undefined, 'käufe']],
    ],
  ] as const)('are text: %s', (_, client, sql, encoding, names) => {
    const statement = Buffer.from(sql, encoding);
    const charset = client && { client, connection: client, server: client };
    const reading = readingOf({ statement, status: { charset } } as Query, 'mysql');
    const { tables } = withNames(classifyStatement(statement, reading), reading);
    expect(tables.map(({ schema, table }) => [schema, table])).toEqual(names);
  });

  test('are text of a client that writes gbk, of which a half may be a backtick', () => {
    const statement = Buffer.concat([Buffer.from('DROP TABLE `'), Buffer.of(0xd2, 0x60), Buffer.from('`')]);
    const charset = { client: GBK_CHINESE_CI, connection: GBK_CHINESE_CI, server: GBK_CHINESE_CI };
    const reading = readingOf({ statement, status: { charset } } as Query, 'mysql');
    expect(withNames(classifyStatement(statement, reading), reading).tables).toEqual([
      { schema: undefined, table: '襚' },
    ]);
  });
});

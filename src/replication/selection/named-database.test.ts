import { describe, expect, test } from 'vitest';
import type { Query } from '../../binlog/index.ts';
import { classifyStatement } from '../../sql/index.ts';
import { namedDatabase } from './named-database.ts';
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

import { expect, it } from 'vitest';
import type { ResultSet } from '../../../connection/index.ts';
import { refersToItself } from './foreign-cycle.ts';

/** A server whose tables, all of schema `d`, refer to others as this says. */
const server =
  (parents: Readonly<Record<string, readonly string[]>>) =>
  async (sql: string): Promise<Pick<ResultSet, 'rows'>> => {
    const [, schema = '', table = ''] =
      /constraint_schema = x'([0-9a-f]*)' AND table_name = x'([0-9a-f]*)'/.exec(sql) ?? [];
    expect(Buffer.from(schema, 'hex').toString()).toBe('d');
    const names = parents[Buffer.from(table, 'hex').toString()] ?? [];
    return { rows: names.map((name) => [Buffer.from('d'), Buffer.from(name)]) };
  };

it.each([
  ['its own', { t: ['t'] }, true],
  ['its own, written otherwise', { t: ['T'] }, true],
  ['others by way of others', { t: ['a', 'b'], b: ['c'], c: ['t'] }, true],
  ['others', { t: ['a', 'b'], a: ['b'] }, false],
  ['one that refers to itself', { t: ['a'], a: ['a', 'b'], b: ['a'] }, false],
  ['none', {}, false],
] as const)('knows a table whose rows refer to %s', async (_, parents, refers) => {
  expect(await refersToItself('d', 't', server(parents))).toBe(refers);
});

import { expect, test } from 'vitest';
import { parseTableStatement } from '../sql/index.ts';
import { contextOfText } from './schema/index.ts';
import type { Definition, SourceLookUp } from './target.ts';
import { withTimestampRule } from './timestamp-rule.ts';

function definition(sql: string, told?: boolean): Definition {
  const statement = parseTableStatement(Buffer.from(sql), { flavor: 'mysql' });
  const context = { ...contextOfText('s', 'mysql'), explicitDefaultsForTimestamp: told };
  return { statement, context } as unknown as Definition;
}

/** What is known of a definition, of a source with this setting, and how often it was asked. */
async function ruleOf(
  sql: string,
  { told, source }: { readonly told?: boolean; readonly source?: boolean } = {},
): Promise<[rule: boolean | undefined, asked: number]> {
  let asked = 0;
  const lookUp = {
    explicitDefaultsForTimestamp: () => {
      asked += 1;
      return Promise.resolve(source);
    },
  } as unknown as SourceLookUp;
  const { context } = await withTimestampRule(definition(sql, told), lookUp);
  return [context.explicitDefaultsForTimestamp, asked];
}

test('what the log tells is not asked for', async () => {
  expect(await ruleOf('CREATE TABLE t (a TIMESTAMP)', { told: true })).toEqual([true, 0]);
  expect(await ruleOf('CREATE TABLE t (a TIMESTAMP)', { told: false })).toEqual([false, 0]);
});

test('the source is asked where a TIMESTAMP is defined', async () => {
  // oxlint-disable-next-line no-await-in-loop -- nothing waits
  for (const sql of [
    'CREATE TABLE t (a INT, b TIMESTAMP)',
    'ALTER TABLE t ADD (a INT, b TIMESTAMP(3))',
    'ALTER TABLE t MODIFY b TIMESTAMP',
    'ALTER TABLE t CHANGE b c TIMESTAMP',
  ])
    expect(await ruleOf(sql, { source: true }), sql).toEqual([true, 1]);
  // oxlint-disable-next-line no-await-in-loop -- nothing waits
  for (const sql of ['CREATE TABLE t (a DATETIME)', 'ALTER TABLE t DROP b', 'DROP TABLE t'])
    expect(await ruleOf(sql, { source: true }), sql).toEqual([undefined, 0]);
});

test('a source that cannot be asked has what such servers have unless told otherwise', async () => {
  expect(await ruleOf('CREATE TABLE t (a TIMESTAMP)')).toEqual([false, 1]);
});

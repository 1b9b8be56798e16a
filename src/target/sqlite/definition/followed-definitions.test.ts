import { expect, test } from 'vitest';
import { RawEvent } from '../../../binlog/index.ts';
import { parseTableStatement } from '../../../sql/index.ts';
import { Catalog, contextOfText } from '../../schema/index.ts';
import { FollowedDefinitions } from './followed-definitions.ts';

/** The collation of the column of a table that is made by these statements, and the schemas that were asked for. */
async function made(...statements: string[]): Promise<{ collation: string | undefined; asked: string[] }> {
  const catalog = new Catalog();
  const asked: string[] = [];
  const definitions = new FollowedDefinitions({
    catalog,
    files: {
      // Nothing is written where a file does not take what comes.
      enter: () => false,
      of: () => Promise.resolve(undefined as never),
      flushInOrder: () => undefined,
    },
    state: {
      saveSchemas: () => undefined,
      saveTable: () => undefined,
      dropTable: () => undefined,
      tables: () => [],
    },
    keys: undefined,
    lookUp: {
      table: () => Promise.resolve(undefined),
      collation: (schema) => {
        asked.push(schema);
        return Promise.resolve(schema === 'old' ? 'latin1_german1_ci' : undefined);
      },
      explicitDefaultsForTimestamp: async () => undefined,
      systemTimeZone: async () => undefined,
      inZone: () => Promise.resolve(undefined),
    },
  });
  for (const text of statements) {
    const sql = Buffer.from(text);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await definitions.follow(
      {
        statement: parseTableStatement(sql),
        nameOf: undefined,
        sql,
        context: contextOfText('old', 'mariadb'),
        clock: { seconds: 0, microseconds: 0, timeZone: undefined },
        event: new RawEvent(),
      },
      'mariadb',
    );
  }
  const [table] = catalog.tables;
  return { collation: table?.columns[0]?.collation, asked };
}

test('a table has the collation of a schema that was there before the log', async () => {
  expect(await made('CREATE TABLE t (a TEXT)')).toEqual({ collation: 'latin1_german1_ci', asked: ['old'] });
  expect(await made('CREATE TABLE t (a TEXT)', 'CREATE TABLE old.u (a TEXT)')).toEqual({
    collation: 'latin1_german1_ci',
    asked: ['old'],
  });
  expect(await made('CREATE TABLE other.t (a TEXT)')).toEqual({
    collation: 'utf8mb4_general_ci',
    asked: ['other'],
  });
});

test('nobody is asked where the log says it', async () => {
  expect(await made('CREATE TABLE t (a TEXT) CHARSET latin2')).toEqual({
    collation: 'latin2_general_ci',
    asked: [],
  });
  expect(await made('CREATE DATABASE d COLLATE latin7_bin', 'CREATE TABLE d.t (a TEXT)')).toEqual({
    collation: 'latin7_bin',
    asked: [],
  });
});

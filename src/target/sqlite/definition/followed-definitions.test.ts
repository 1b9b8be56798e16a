import { expect, test } from 'vitest';
import { RawEvent } from '../../../binlog/index.ts';
import { parseTableStatement } from '../../../sql/index.ts';
import { Catalog } from '../../schema/index.ts';
import { FollowedDefinitions } from './followed-definitions.ts';

/** The character set of the column of a table that is made by these statements, and the schemas that were asked for. */
async function made(...statements: string[]): Promise<{ charset: string | undefined; asked: string[] }> {
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
      charset: (schema) => {
        asked.push(schema);
        return Promise.resolve(schema === 'old' ? 'latin1' : undefined);
      },
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
        context: { schema: 'old', charset: 'utf8mb4' },
        clock: { seconds: 0, microseconds: 0, timeZone: undefined },
        event: new RawEvent(),
      },
      'mariadb',
    );
  }
  const [table] = catalog.tables;
  return { charset: table?.columns[0]?.charset, asked };
}

test('a table has the character set of a schema that was there before the log', async () => {
  expect(await made('CREATE TABLE t (a TEXT)')).toEqual({ charset: 'latin1', asked: ['old'] });
  expect(await made('CREATE TABLE t (a TEXT)', 'CREATE TABLE old.u (a TEXT)')).toEqual({
    charset: 'latin1',
    asked: ['old'],
  });
  expect(await made('CREATE TABLE other.t (a TEXT)')).toEqual({ charset: 'utf8mb4', asked: ['other'] });
});

test('nobody is asked where the log says it', async () => {
  expect(await made('CREATE TABLE t (a TEXT) CHARSET latin2')).toEqual({ charset: 'latin2', asked: [] });
  expect(await made('CREATE DATABASE d COLLATE latin7_bin', 'CREATE TABLE d.t (a TEXT)')).toEqual({
    charset: 'latin7',
    asked: [],
  });
});

import { expect, test } from 'vitest';
import { parseTableStatement } from '../../../sql/index.ts';
import { Catalog, contextOfText } from '../../schema/index.ts';
import type { SourceLookUp } from '../../target.ts';
import { momentsOf } from './moments.ts';

const context = contextOfText('s', 'mysql');
/** 2026-11-22 12:00:00 */
const NOON = 1_795_348_800;

async function momentIn(timeZone: string | undefined, definition: string): Promise<string | undefined> {
  const catalog = new Catalog();
  const follow = (sql: string) => catalog.follow(parseTableStatement(Buffer.from(sql)), context);
  follow('CREATE TABLE t (a INT)');
  const [change] = follow(`ALTER TABLE t ADD b ${definition}`);
  if (change?.kind !== 'alterTable') throw new Error(String(change?.kind));
  const source: SourceLookUp = {
    table: () => Promise.resolve(undefined),
    collation: () => Promise.resolve(undefined),
    explicitDefaultsForTimestamp: async () => undefined,
    systemTimeZone: async () => undefined,
    inZone: (moment, from, to) => Promise.resolve(`${moment} ${from}>${to}`),
  };
  return (await momentsOf(change, { seconds: NOON, microseconds: 0, timeZone }, source)).get('b');
}

test.each([
  ['-03:30', 'DATETIME DEFAULT NOW()', '2026-11-22 08:30:00'],
  ['+14:00', 'DATETIME DEFAULT NOW()', '2026-11-23 02:00:00'],
  ['+05:30', "TIMESTAMP DEFAULT '2020-01-01'", '2019-12-31 18:30:00'],
  ['+05:30', "TIMESTAMP(2) DEFAULT '2020-01-01 06:00:00.5'", '2020-01-01 00:30:00.50'],
  ['SYSTEM', 'DATETIME DEFAULT NOW()', '2026-11-22 12:00:00 +00:00>SYSTEM'],
  ['Europe/Oslo', "TIMESTAMP DEFAULT '2020-01-01 01:00:00'", '2020-01-01 01:00:00 Europe/Oslo>+00:00'],
])('in %s a new column %s has %s', async (zone, definition, moment) => {
  expect(await momentIn(zone, definition)).toBe(moment);
});

test('what hangs on no time zone has none', async () => {
  expect(await momentIn('+01:00', 'TIMESTAMP NULL DEFAULT NOW()')).toBeUndefined();
  expect(await momentIn('+01:00', "DATETIME DEFAULT '2020-01-01'")).toBeUndefined();
  expect(await momentIn('+01:00', "TIMESTAMP DEFAULT '0000-00-00 00:00:00'")).toBeUndefined();
  expect(await momentIn(undefined, 'DATETIME DEFAULT NOW()')).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import { decodeBody, EventType } from '../../src/binlog/index.ts';
import { charsetOfCollation } from '../../src/charset/index.ts';
import { openLog } from '../../src/index.ts';
import { classifyStatement, parseTableStatement } from '../../src/sql/index.ts';
import { corpusLogs } from '../corpus-logs.ts';
import { isMaria } from '../differential/flavour.ts';
import { Random } from '../differential/random.ts';
import { randomTable } from '../differential/schema.ts';
import { missingServers, type RunningServer, withServer } from '../servers/index.ts';

/** Definitions of the recorded logs, with the settings they were made under. */
async function* recordedDefinitions() {
  for (const log of corpusLogs) {
    if (/damaged|encrypted|cut|crashed|relay/.test(log.name)) continue;
    const opened = await openLog(log.read());
    for (let event = opened.next(); event !== undefined; event = opened.next()) {
      if (event.type !== EventType.QUERY_EVENT && event.type !== EventType.QUERY_COMPRESSED_EVENT) continue;
      const body = decodeBody(event, opened.state);
      if (body.kind !== 'query') continue;
      const { flavor } = opened.state;
      const { sqlMode, charset } = body.status;
      const name = charset === undefined ? undefined : charsetOfCollation(charset.client, flavor)?.name;
      const options = {
        flavor,
        sqlMode: Number(sqlMode ?? 0n),
        ...(name === undefined ? {} : { charset: name }),
      };
      yield { log: log.name, sql: Buffer.from(body.statement), options };
    }
    await opened.close();
  }
}

const TABLE_KINDS: ReadonlySet<string> = new Set([
  'createTable',
  'alterTable',
  'dropTable',
  'renameTable',
  'truncate',
  'createIndex',
  'dropIndex',
  'createDatabase',
  'alterDatabase',
  'dropDatabase',
]);

describe('recorded definitions', () => {
  it('are all understood, and nothing else is taken for one', async () => {
    let understood = 0;
    const problems: string[] = [];
    for await (const { log, sql, options } of recordedDefinitions()) {
      const statement = parseTableStatement(sql, options);
      const isDefinition = TABLE_KINDS.has(classifyStatement(sql, options).kind);
      if (statement.kind === 'unknown')
        problems.push(`${log}: ${statement.reason}: ${sql.toString('latin1')}`);
      else if ((statement.kind !== 'other') !== isDefinition)
        problems.push(`${log}: ${statement.kind}: ${sql.toString('latin1')}`);
      else if (isDefinition) understood += 1;
    }
    expect(problems).toEqual([]);
    expect(understood).toBeGreaterThan(400);
  });
});

const TABLES = 60;

/** Lines of batch output without their titles. */
const lines = (output: string): string[] => output.split('\n').slice(1, -1);

/** What the server says of each column, and what we read from the statement that made it. */
async function compareWith(server: RunningServer, flavour: 'mysql97' | 'mysql56' | 'mariadb118') {
  const random = new Random(`table statements ${flavour}`);
  const made = Array.from({ length: TABLES }, (_, index) => ({
    name: `t${index}`,
    sql: randomTable(random, flavour, `\`t${index}\``).sql,
  }));
  await server.query(`CREATE DATABASE d; USE d; ${made.map(({ sql }) => `${sql};`).join('\n')}`, {
    force: true,
  });
  const columns = await server.query(
    `SET NAMES utf8mb4; SELECT table_name, HEX(column_name), data_type, is_nullable, COALESCE(numeric_precision, '-'), COALESCE(datetime_precision, '-') FROM information_schema.columns
     WHERE table_schema = 'd' ORDER BY table_name, ordinal_position`,
  );
  const theirs = new Map<string, string[]>();
  for (const line of lines(columns)) {
    const [table, ...rest] = line.split('\t');
    theirs.set(table!, [
      ...(theirs.get(table!) ?? []),
      rest.join(' ').toLowerCase().replace('geometrycollection', 'geomcollection'),
    ]);
  }
  return { made, theirs };
}

for (const flavour of ['mysql97', 'mysql56', 'mariadb118'] as const) {
  const missing = missingServers(flavour);
  describe.skipIf(missing !== undefined)(`definitions that ${flavour} runs`, () => {
    it('give the columns that the server made', async () => {
      await withServer(flavour, 'definitions', {}, async (server) => {
        const { made, theirs } = await compareWith(server, flavour);
        expect(theirs.size).toBeGreaterThan(TABLES / 2);
        for (const { name, sql } of made) {
          const columns = theirs.get(name);
          if (columns === undefined) continue;
          const statement = parseTableStatement(Buffer.from(sql), {
            flavor: isMaria(flavour) ? 'mariadb' : 'mysql',
          });
          if (statement.kind !== 'createTable') expect.fail(`${sql}: ${JSON.stringify(statement)}`);
          const primary = new Set(
            statement.indexes
              .filter(({ kind }) => kind === 'primary')
              .flatMap(({ parts }) => parts.map(({ column }) => column)),
          );
          const ours = statement.columns.map(({ name: column, type, nullable }) =>
            [
              Buffer.from(column).toString('hex'),
              type.name,
              nullable && !primary.has(column) ? 'yes' : 'no',
            ].join(' '),
          );
          expect(ours, sql).toEqual(columns.map((line) => line.split(' ').slice(0, 3).join(' ')));
        }
      });
    });
  });
}

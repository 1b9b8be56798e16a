import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Replication, ServerTarget } from '../../src/target/index.ts';
import { type Flavour, isMaria } from '../differential/flavour.ts';
import { missingServers, type RunningServer, reach, startServer } from '../servers/index.ts';

/** What an administrator may have set for clients of the target, and replicas of the servers go on with. */
const LINES = ['sql_generate_invisible_primary_key=ON'];

const STATEMENTS = [
  'CREATE DATABASE own',
  'CREATE TABLE own.heap (a INT, b VARCHAR(9))',
  "INSERT INTO own.heap VALUES (1, 'a'), (1, 'a')",
  'CREATE TABLE own.copied LIKE own.heap',
  'CREATE TABLE own.chosen AS SELECT * FROM own.heap',
  'DELETE FROM own.heap LIMIT 1',
];

const from = ['mysql97', 'mariadb118'] as const satisfies readonly Flavour[];

describe.skipIf(missingServers('mysql97', 'mariadb118') !== undefined)(
  'a server with settings of its own',
  () => {
    let target: RunningServer;

    beforeAll(async () => {
      target = await startServer('mysql97', `own-${process.pid}t`, { lines: LINES });
    }, 120_000);

    afterAll(() => target.wipe(), 60_000);

    it('ends no session because its source is quiet', { timeout: 60_000 }, async () => {
      const server = new ServerTarget({ connection: reach(target), flavor: 'mysql' });
      try {
        await target.query('SET GLOBAL wait_timeout = 5');
        await server.open('quiet');
        const others =
          "SELECT variable_value FROM performance_schema.variables_by_thread JOIN performance_schema.threads USING (thread_id) WHERE variable_name = 'wait_timeout' AND processlist_id <> CONNECTION_ID()";
        expect(await target.query(others)).toBe('variable_value\n31536000\n');
      } finally {
        await target.query('SET GLOBAL wait_timeout = DEFAULT');
        await server.close();
      }
    });

    for (const name of from) {
      it(`holds the tables of ${name} as they come`, { timeout: 120_000 }, async () => {
        const source = await startServer(name, `own-${process.pid}s`);
        const server = new ServerTarget({
          connection: reach(target),
          flavor: isMaria(name) ? 'mariadb' : 'mysql',
          keepGtids: false,
        });
        try {
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          for (const sql of STATEMENTS) await source.query(sql);
          await new Replication({
            connection: reach(source),
            target: server,
            channel: name,
            start: 'beginning',
            stopAtEnd: true,
            retry: false,
          }).run();
          const columns =
            "SELECT table_name AS t, GROUP_CONCAT(column_name ORDER BY ordinal_position) AS c FROM information_schema.columns WHERE table_schema = 'own' GROUP BY 1 ORDER BY 1";
          const rows = 'SELECT * FROM own.heap; SELECT * FROM own.chosen';
          expect(await target.query(columns)).toBe(await source.query(columns));
          expect(await target.query(rows)).toBe(await source.query(rows));
        } finally {
          await server.close();
          await target.query('DROP DATABASE IF EXISTS own');
          await source.wipe();
        }
      });
    }
  },
);

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Replication, ServerTarget, SourceTables } from '../../src/target/index.ts';
import { missingServers, type RunningServer, reach, startServer } from '../servers/index.ts';
import { bothSides } from './rows.ts';
import { rowsOf } from './server-rows.ts';
import { replicateToSqlite } from './sqlite-replication.ts';

const STATEMENTS = `
CREATE DATABASE stamps;
USE stamps;
CREATE TABLE made (id INT PRIMARY KEY, a TIMESTAMP, b TIMESTAMP NULL, c TIMESTAMP DEFAULT '2001-02-03 04:05:06');
INSERT INTO made VALUES (1, NULL, NULL, NULL);
INSERT INTO made (id) VALUES (2);
CREATE TABLE grown (id INT PRIMARY KEY);
INSERT INTO grown VALUES (1);
ALTER TABLE grown ADD a TIMESTAMP, ADD b TIMESTAMP, ADD c TIMESTAMP NULL;
ALTER TABLE grown ADD d TIMESTAMP FIRST;
INSERT INTO grown (id) VALUES (2);
INSERT INTO grown VALUES (NULL, 3, NULL, NULL, NULL);
`;

/** One whose logs do not say whether `explicit_defaults_for_timestamp` is on, and one where it is off by default. */
describe.each(['mysql56', 'mariadb105'] as const)('TIMESTAMP columns of %s', (name) => {
  describe.skipIf(missingServers(name, 'mysql97') !== undefined)('are as its setting makes them', () => {
    let target: RunningServer;
    let folder: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'rowlock-stamps-'));
      target = await startServer('mysql97', `stamps-${process.pid}t`);
    }, 120_000);

    afterAll(async () => {
      await target.wipe();
      rmSync(folder, { recursive: true });
    }, 60_000);

    it.each(['OFF', 'ON'])('%s', { timeout: 120_000 }, async (setting) => {
      const source = await startServer(name, `stamps-${process.pid}s`, {
        args: [`--explicit-defaults-for-timestamp=${setting}`, '--sql-mode='],
        env: { TZ: 'UTC' },
      });
      const tables = new SourceTables(reach(source));
      const flavor = name === 'mysql56' ? 'mysql' : 'mariadb';
      const server = new ServerTarget({ connection: reach(target), flavor, lookUp: tables.renamed([]) });
      try {
        await source.query(STATEMENTS);
        await new Replication({
          connection: reach(source),
          target: server,
          channel: setting,
          start: 'beginning',
          stopAtEnd: true,
          retry: false,
        }).run();
        expect(await rowsOf(target, 'stamps')).toEqual(await rowsOf(source, 'stamps'));
        await replicateToSqlite(reach(source), flavor, join(folder, setting));
        const { theirs, ours } = await bothSides(source, 'stamps', join(folder, setting));
        expect(ours).toEqual(theirs);
      } finally {
        await server.close();
        await tables.close();
        await target.query('DROP DATABASE IF EXISTS stamps');
        await source.wipe();
      }
    });
  });
});

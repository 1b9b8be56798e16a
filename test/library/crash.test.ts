import { expect, test } from 'vitest';
import { stream } from '../../src/index.ts';
import { FaultyProxy } from '../network/faulty-proxy.ts';
import { missingServers, type ServerName, startServer, sweepInstances } from '../servers/index.ts';

const names: readonly ServerName[] = ['mysql97', 'mysql56', 'mariadb118'];

test.for(names)(
  '%s is killed again and again, and its stream goes on',
  { timeout: 180_000 },
  async (name, { skip }) => {
    skip(missingServers(name) !== undefined);
    await sweepInstances();
    const tag = `crash-${process.pid}`;
    // The same id after each start, and what is committed is in the log.
    const args = ['--server-id=77', '--sync-binlog=1', '--innodb-flush-log-at-trx-commit=1'];
    let server = await startServer(name, tag, { args });
    const proxy = await FaultyProxy.before(server.port);
    try {
      await server.query(
        "CREATE USER root@'%'; GRANT ALL ON *.* TO root@'%'; CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY)",
      );
      const account = {
        host: '127.0.0.1',
        port: proxy.port,
        user: 'root',
        ssl: { sslMode: 'DISABLED' } as const,
      };
      const retry = { attempts: 5000, delayMs: 5, maxDelayMs: 20, initial: true };
      const seen: unknown[] = [];
      const reading = (async () => {
        for await (const { after } of stream({ ...account, start: 'beginning', retry }).changes()) {
          seen.push(after?.['a']);
          if (after?.['a'] === -1) return;
        }
      })();
      for (let crash = 0; crash < 3; crash += 1) {
        const rows = Array.from({ length: 50 }, (_, at) => `INSERT INTO d.t VALUES (${crash * 50 + at})`);
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await server.query(`${rows.join(';')}; BEGIN; INSERT INTO d.t VALUES (${1000 + crash})`);
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await server.kill();
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        server = await startServer(name, tag, { args, reuse: true });
        proxy.target = server.port;
      }
      await server.query('INSERT INTO d.t VALUES (-1)');
      await reading;
      const expected = (await server.query('SELECT a FROM d.t WHERE a >= 0 ORDER BY a'))
        .trim()
        .split('\n')
        .slice(1);
      expect(seen.slice(0, -1).map(String)).toEqual(expected);
      expect(expected.length).toBe(150);
    } finally {
      await proxy.close();
      await server.wipe();
    }
  },
);

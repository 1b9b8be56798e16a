import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/connection/index.ts';
import { type Flavour, isMaria } from '../differential/flavour.ts';
import { missingServers, type RunningServer, reach, startServer } from '../servers/index.ts';
import { replicateServer } from './replicate-server.ts';
import { checksumsOf } from './server-rows.ts';

const ARGS: Readonly<Record<string, readonly string[]>> = {
  mysql97: ['--gtid-mode=ON', '--enforce-gtid-consistency=ON'],
  mariadb118: [],
};
/** How long a transaction of MariaDB waits for one that it commits together with: longer than anybody is away. */
const waitForTwo = (microseconds: number): string =>
  `SET GLOBAL binlog_commit_wait_count = 2, GLOBAL binlog_commit_wait_usec = ${microseconds}`;
/** Who waits for a lock here waits longer than a test may take. */
const DAY = 86_400;

for (const name of ['mysql97', 'mariadb118'] as const satisfies readonly Flavour[]) {
  describe.skipIf(missingServers(name) !== undefined)(`locks of ${name}`, () => {
    let source: RunningServer;
    let target: RunningServer;

    beforeAll(async () => {
      const tag = `locks-${process.pid}`;
      source = await startServer(name, `${tag}s`, { args: ARGS[name] ?? [] });
      target = await startServer(name, `${tag}t`, {
        args: [...(ARGS[name] ?? []), `--innodb-lock-wait-timeout=${DAY}`],
      });
    });

    afterAll(async () => {
      await Promise.all([source.wipe(), target.wipe()]);
    });

    // The larger one is sent in several parts, and waits for locks as long as anybody.
    it.each([100, 300])(
      'that a transaction holds whose turn to commit has not come are let go, behind %i000 rows',
      async (thousands) => {
        await source.query(`DROP DATABASE IF EXISTS d; CREATE DATABASE d; CREATE TABLE d.parent (id INT PRIMARY KEY, v MEDIUMTEXT) ENGINE=InnoDB;
        CREATE TABLE d.child (id INT PRIMARY KEY, p INT) ENGINE=InnoDB; CREATE TABLE d.bulk (a INT PRIMARY KEY) ENGINE=InnoDB;
        INSERT INTO d.parent VALUES (1, '')`);
        await replicateServer(name, source, target);
        // Only here do the two have to do with each other.
        await target.query(
          'SET sql_log_bin = 0; ALTER TABLE d.child ADD FOREIGN KEY (p) REFERENCES d.parent (id)',
        );
        const [first, second] = [await connect(reach(source)), await connect(reach(source))];
        await first.query('BEGIN');
        // Long enough for the other one to be done with its rows.
        await first.query(
          `INSERT INTO d.bulk WITH RECURSIVE n AS (SELECT 1 a UNION ALL SELECT a + 1 FROM n WHERE a < 1000) SELECT x.a * 1000 + y.a FROM n x, n y WHERE y.a <= ${thousands}`,
        );
        await first.query('INSERT INTO d.child VALUES (1, 1)');
        await second.query('BEGIN');
        // Too long to be sent whole before its turn.
        await second.query("UPDATE d.parent SET v = REPEAT('x', 200000) WHERE id = 1");
        if (isMaria(name)) await source.query(waitForTwo(60_000_000));
        const committed = first.query('COMMIT');
        await second.query('COMMIT');
        await committed;
        if (isMaria(name)) await source.query(waitForTwo(0));
        await Promise.all([first.close(), second.close()]);
        const { sessions, retried } = await replicateServer(name, source, target);
        expect(await checksumsOf(target, 'd')).toEqual(await checksumsOf(source, 'd'));
        expect({ sessions, retried }).toEqual({ sessions: 2, retried: 0 });
      },
    );
  });
}

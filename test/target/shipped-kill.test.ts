import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect } from '../../src/connection/index.ts';
import type { Flavour } from '../differential/flavour.ts';
import { Random } from '../differential/random.ts';
import { missingServers, type RunningServer, reach, startServer } from '../servers/index.ts';
import { removeBundles } from './bundle.ts';
import { eightWriters } from './eight-writers.ts';
import { checksumsOf, rowsOf } from './server-rows.ts';
import { killPrograms, type Run, shippedProgram, startProgram } from './shipped-process.ts';

// ROWLOCK_SEED=random and ROWLOCK_KILLS=50 look further: as many for each program into each server.
const { ROWLOCK_SEED: given = '1', ROWLOCK_KILLS: kills = '1' } = process.env;
const seed = given === 'random' ? String(Date.now()) : given;

const folder = mkdtempSync(join(tmpdir(), 'rowlock-shipped-kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterAll(removeBundles);
afterEach(killPrograms);

const args = {
  mysql97: ['--gtid-mode=ON', '--enforce-gtid-consistency=ON'],
  mariadb118: ['--binlog-commit-wait-count=4', '--binlog-commit-wait-usec=3000'],
} as const;

/**
 * Tables whose rows have no key: what is applied twice, or not at all, is seen in them. What was done for the program before is in the
 * source's log too, so the end has the name of its own program.
 */
const counted = (name: string): string =>
  `DROP DATABASE IF EXISTS counted; CREATE DATABASE counted; CREATE TABLE counted.n (n INT); CREATE TABLE counted.seen (i INT); CREATE TABLE counted.done_${name} (i INT); INSERT INTO counted.n VALUES (0)`;

/** A program under fire. */
interface Program {
  start(target: RunningServer): Promise<Run>;
  /** Fails where it does not go on any more, with what it says of that. */
  check(run: Run): Promise<void>;
}

for (const flavour of ['mysql97', 'mariadb118'] as const satisfies readonly Flavour[]) {
  describe.skipIf(missingServers(flavour) !== undefined)(`killed at any moment, into ${flavour}`, () => {
    let source: RunningServer;
    let program: string;

    beforeAll(async () => {
      program = await shippedProgram();
      source = await startServer(flavour, `shipped-${process.pid}s`, { args: args[flavour] });
      await source.query(
        "SET sql_log_bin = 0; CREATE USER repl@'%' IDENTIFIED BY 'rp'; GRANT REPLICATION SLAVE, SELECT ON *.* TO repl@'%'",
      );
    }, 120_000);
    afterAll(() => source.wipe(), 60_000);

    const startTarget = (name: string, port?: number): Promise<RunningServer> =>
      startServer(flavour, `shipped-${process.pid}${name}`, {
        args: [
          ...(flavour === 'mysql97' ? args.mysql97 : []),
          ...(port === undefined ? [] : [`--port=${port}`]),
        ],
        reuse: port !== undefined,
      });

    /** Changes that go on until they are told to end; all of them are in the log then. */
    async function load(name: string, isOver: () => boolean): Promise<void> {
      const session = await connect(reach(source));
      let count = 0;
      const counting = (async () => {
        while (!isOver()) {
          count += 1;
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          await session.query('UPDATE counted.n SET n = n + 1');
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          await session.query(`INSERT INTO counted.seen VALUES (${count}), (${count})`);
        }
      })();
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      for (let index = 0; !isOver(); index += 1) await eightWriters(source, `${seed} ${name} ${index}`, 8);
      await counting;
      await session.query(`INSERT INTO counted.done_${name} VALUES (1)`);
      await session.close();
    }

    /** Somebody in the target who locks rows for a moment, as clients do: what needs them waits, and what comes behind goes on. */
    async function holdRows(target: () => RunningServer, isOver: () => boolean): Promise<void> {
      const random = new Random(`${seed} ${flavour} locks`);
      const hold = async (): Promise<void> => {
        const session = await connect(reach(target()));
        try {
          await session.query('BEGIN');
          await session.query(
            `SELECT * FROM eight.t${random.int(0, 3)} WHERE id < ${random.int(1, 400)} FOR UPDATE SKIP LOCKED`,
          );
          await pause(random.int(20, 300));
        } finally {
          await session.close();
        }
      };
      // It is killed now and then, and tables come and go.
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      while (!isOver()) await hold().catch(() => pause(50));
    }

    async function underFire(name: string, make: (target: RunningServer) => Program): Promise<void> {
      const random = new Random(`${seed} ${flavour} ${name}`);
      let target = await startTarget(name);
      const { port } = target;
      const under = make(target);
      await source.query(counted(name));
      let isOver = false;
      const loading = load(name, () => isOver);
      const holding = holdRows(
        () => target,
        () => isOver,
      );
      try {
        let run: Run | undefined;
        // The last one is of the target alone: whoever applies goes on by itself, to the end.
        for (let killed = 0; killed <= Number(kills); killed += 1) {
          // oxlint-disable-next-line no-await-in-loop -- one life after the other
          run ??= await under.start(target);
          // oxlint-disable-next-line no-await-in-loop -- a moment of this life
          await pause(random.int(0, 700));
          // oxlint-disable-next-line no-await-in-loop -- before it is killed
          await under.check(run);
          const isLast = killed === Number(kills);
          const isProgram = !isLast && random.chance(0.7);
          if (!isProgram) {
            // oxlint-disable-next-line no-await-in-loop -- before it is started again
            await target.kill();
          }
          if (isProgram || (!isLast && random.chance(0.5))) {
            // oxlint-disable-next-line no-await-in-loop -- before the next one
            await run.kill();
            run = undefined;
          }
          if (!isProgram) {
            // oxlint-disable-next-line no-await-in-loop -- the next life needs it
            target = await startTarget(name, port);
          }
        }
        isOver = true;
        await loading;
        await holding;
        const poll = await connect(reach(target));
        while ((await poll.value(`SELECT COUNT(*) FROM counted.done_${name}`).catch(() => '')) !== '1') {
          // oxlint-disable-next-line no-await-in-loop -- until it is there
          await under.check(run!);
          // oxlint-disable-next-line no-await-in-loop -- until it is there
          await pause(50);
        }
        await poll.close();
        await run!.kill();
        for (const schema of ['counted', 'eight']) {
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          expect(await rowsOf(target, schema)).toEqual(await rowsOf(source, schema));
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          expect(await checksumsOf(target, schema)).toEqual(await checksumsOf(source, schema));
        }
        expect((await rowsOf(target, 'counted')).get(`done_${name}`)).toEqual(['1']);
      } finally {
        isOver = true;
        await loading;
        await holding;
        await target.wipe();
      }
    }

    it(`rowlock replicate has every row once, seed ${seed}`, { timeout: 3_600_000 }, () =>
      underFire('r', () => {
        const url = ({ socket }: RunningServer): string =>
          `mysql://root@localhost?socket=${encodeURIComponent(socket)}`;
        const words = (target: RunningServer): string[] => [
          'replicate',
          '--no-defaults',
          `--source=${url(source)}`,
          `--target=${url(target)}`,
          '--from=beginning',
        ];
        return {
          start: async (target) => {
            const run = startProgram(program, words(target));
            await run.said(/goes on|begins at/);
            return run;
          },
          check: async (run) => {
            if (run.isOver) throw new Error(`it ended by itself: ${run.lines.slice(-5).join('\n')}`);
          },
        };
      }),
    );

    it(`so has rowlock relay, seed ${seed}`, { timeout: 3_600_000 }, () =>
      underFire('y', () => {
        const data = join(folder, `relay-${flavour}`);
        const words = [
          'relay',
          '--no-defaults',
          `--datadir=${data}`,
          '--port=0',
          '--bind-address=127.0.0.1',
          '--socket=relay.sock',
          ...(flavour === 'mariadb118' ? ['--flavor=mariadb'] : []),
        ];
        const root = async (run: Run): Promise<Connection> => {
          for (;;) {
            try {
              const password = /^password=(.*)$/m.exec(readFileSync(join(data, 'root.cnf'), 'utf8'))![1]!;
              // oxlint-disable-next-line no-await-in-loop -- until it is there
              return await connect({
                socketPath: join(data, 'relay.sock'),
                user: 'root',
                passwords: [password],
                ssl: { sslMode: 'DISABLED' },
              });
            } catch (error) {
              if (run.isOver)
                throw new Error(`it ended: ${run.lines.slice(-5).join('\n')}`, { cause: error });
              // oxlint-disable-next-line no-await-in-loop -- until it is there
              await pause(20);
            }
          }
        };
        let isConfigured = false;
        return {
          start: async (target) => {
            const run = startProgram(program, words);
            const session = await root(run);
            if (!isConfigured) {
              await target.query(
                "SET sql_log_bin = 0; CREATE USER applier@'%' IDENTIFIED BY 'x'; GRANT ALL ON *.* TO applier@'%'",
              );
              await configure(session, target);
            }
            isConfigured = true;
            await session.close();
            return run;
          },
          check: async (run) => {
            const session = await root(run);
            const said = await statusOf(session);
            await session.close();
            const threads = said.filter(([column]) => column.endsWith('_Running'));
            if (threads.some(([, value]) => value === 'No'))
              throw new Error(`the channel stopped: ${said.map((pair) => pair.join(' ')).join(', ')}`);
          },
        };
      }),
    );

    const isMaria = flavour === 'mariadb118';

    async function configure(session: Connection, target: RunningServer): Promise<void> {
      const host = `HOST='127.0.0.1', %PORT=${source.port}, %USER='repl', %PASSWORD='rp', %CONNECT_RETRY=1, %SSL=1`;
      const side = isMaria ? 'MASTER_' : 'SOURCE_';
      const start = isMaria
        ? 'MASTER_USE_GTID=slave_pos, MASTER_SSL_VERIFY_SERVER_CERT=0'
        : 'SOURCE_AUTO_POSITION=1, SOURCE_RETRY_COUNT=1000';
      await session.query(
        `CHANGE ${isMaria ? 'MASTER' : 'REPLICATION SOURCE'} TO ${side}${host.replaceAll('%', side)}, ${start}`,
      );
      await session.query(
        `CHANGE REPLICATION TARGET TO TARGET_URL = 'mysql://127.0.0.1:${target.port}', TARGET_USER = 'applier', TARGET_PASSWORD = 'x', TARGET_SSL_MODE = 'REQUIRED'`,
      );
      await session.query(isMaria ? 'START SLAVE' : 'START REPLICA');
    }

    /** Which threads run, and what the status says of errors. */
    async function statusOf(session: Connection): Promise<[column: string, value: string][]> {
      const { columns, rows } = await session.query(isMaria ? 'SHOW SLAVE STATUS' : 'SHOW REPLICA STATUS');
      return columns
        .map(({ name }, index): [string, string] => [name, rows[0]?.[index]?.toString() ?? ''])
        .filter(([column]) => /_(Running|Error)$/.test(column));
    }
  });
}

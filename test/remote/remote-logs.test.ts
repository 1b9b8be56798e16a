import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cacheFolder, missingServers, type RunningServer, SERVERS, withServer } from '../servers/index.ts';
import { untilTrue } from '../until-true.ts';
import { comparable, type Outcome, runOurs, runTheirs } from './side-by-side.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-remote-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ours = (program: string, argv: readonly string[]): Promise<Outcome> =>
  runOurs(program, { argv, cwd: folder });

function theirs(server: RunningServer, argv: readonly string[]): Promise<Outcome> {
  const { server: owner, tool } = SERVERS[server.name].binlogTool;
  return runTheirs(owner, tool, { argv, cwd: folder });
}

const filling = `CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY, b TEXT);
  INSERT INTO d.t VALUES (1, 'one'), (2, 'two'); UPDATE d.t SET b = 'uno' WHERE a = 1; FLUSH BINARY LOGS;
  INSERT INTO d.t VALUES (3, REPEAT('three', 50)); DELETE FROM d.t WHERE a = 2; FLUSH BINARY LOGS;
  INSERT INTO d.t VALUES (4, NULL); FLUSH BINARY LOGS;
  CREATE USER reader@'%' IDENTIFIED BY 'secret'; GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO reader@'%'`;

/** Logs 1 to 3 are closed, 4 is in use. */
const log = (number: number): string => `mysql-bin.00000${number}`;

const printed: readonly (readonly string[])[] = [
  [log(1)],
  ['-vv', log(1), log(2)],
  ['--to-last-log', log(2)],
  ['--stop-position=500', '--to-last-log', log(1)],
  ['--start-datetime=2001-01-01 00:00:00', log(3), log(1)],
  ['--stop-datetime=2001-01-01 00:00:00', log(1)],
  ['--verify-binlog-checksum', '--database=d', log(2)],
  ['--offset=3', log(2), log(3)],
  [log(1), 'absent.000001', log(2)],
  ['--start-position=999999', log(1)],
  ['--start-position=1', log(1)],
  ['--database=nowhere', log(4)],
  ['absent'.padEnd(119, '.')],
  ['--user=nobody', log(1)],
  ['--socket=/nonexistent', log(1)],
  ['--protocol=pipe', log(1)],
  ['--host=127.0.0.1', '--protocol=tcp', '--port=1', log(1)],
  ['-H', '--to-last-log', log(2)],
  ['--stop-never', '--stop-position=500', log(1)],
];

const onlyMysql: readonly (readonly string[])[] = [
  ['--read-from-remote-source=BINLOG-DUMP-GTIDS', log(2)],
  ['--compression-algorithms=foo', log(1)],
  ['--compression-algorithms=zstd', log(1)],
  ['--compress', '--compression-algorithms=zstd', log(1)],
  ['--connection-server-id=77', log(1)],
];

/** What MariaDB keeps encrypted its server sends in clear. */
function encryption(): readonly string[] {
  const keys = join(folder, 'keys.txt');
  writeFileSync(keys, `1;${'0123456789abcdef'.repeat(4)}\n`);
  return [
    '--plugin-load-add=file_key_management',
    `--file-key-management-filename=${keys}`,
    '--encrypt-binlog=1',
    '--log-bin=mysql-bin',
  ];
}

describe.each(['mysql97', 'mysql56', 'mariadb118', 'mariadb1011', 'mariadb105'] as const)(
  'logs of a running %s',
  (name) => {
    const missing = missingServers(name);
    const isMysql = name.startsWith('mysql');
    const program = isMysql ? 'mysqlbinlog' : 'mariadb-binlog';
    let server: RunningServer;
    let finish: () => void = () => undefined;
    let done: Promise<void> = Promise.resolve();

    beforeAll(async () => {
      if (missing !== undefined) return;
      await new Promise<void>((started, failed) => {
        const ended = new Promise<void>((resolve) => {
          finish = resolve;
        });
        const args = isMysql ? [] : encryption();
        done = withServer(name, 'remote', { args }, async (running) => {
          server = running;
          await server.query(filling);
          // MariaDB adds this checkpoint to the log in use when it likes, between two printings too.
          if (!isMysql) await untilTrue(async () => (await checkpoints()).includes(log(4)));
          started();
          await ended;
        });
        done.catch(failed);
      });
    }, 120_000);

    afterAll(async () => {
      finish();
      await done;
    });

    const checkpoints = async (): Promise<string[]> =>
      (await server.query(`SHOW BINLOG EVENTS IN '${log(4)}'`))
        .split('\n')
        .map((line) => line.split('\t'))
        .filter((cells) => cells[2] === 'Binlog_checkpoint')
        .map((cells) => cells[5]!.trim());

    // The password plugin of 5.6 has become a file of its own.
    const plugins = join(cacheFolder(), 'mysql97/usr/lib/mysql/plugin');
    // The older MariaDB servers have no certificate, which the tool of today insists on.
    const more: Readonly<Record<string, readonly string[]>> = {
      mysql56: [`--plugin-dir=${plugins}`],
      mariadb1011: ['--skip-ssl'],
      mariadb105: ['--skip-ssl'],
    };
    const common = ['--no-defaults', ...(more[name] ?? [])];
    const remote = (): string[] => [...common, `--socket=${server.socket}`, '--user=root'];

    test.skipIf(missing).each(isMysql ? [...printed, ...onlyMysql] : printed)(
      'are printed as the original prints them: %s %s %s',
      async (...given) => {
        const words = given.filter((word) => word !== undefined);
        const dump = words[0]!.startsWith('--read-from') ? [] : ['--read-from-remote-server'];
        const argv = [...remote(), ...dump, ...words];
        const [real, own] = [await theirs(server, argv), await ours(program, argv)];
        expect(comparable(own)).toEqual(comparable(real));
      },
    );

    test.skipIf(missing)('end where the server kills the dump, in the words of the original', async () => {
      const follow = (id: number): string[] => [
        ...remote(),
        '--read-from-remote-server',
        '--stop-never',
        `--stop-never-slave-server-id=${id}`,
        log(1),
      ];
      const dumps = async (): Promise<string[]> =>
        (await server.query('SHOW PROCESSLIST'))
          .split('\n')
          .filter((line) => /Binlog Dump.*(has sent all|Has read all)/i.test(line))
          .map((line) => line.split('\t')[0]!);
      // A server notices only with its next event that a dump's client has gone: those of other tests may stand there still.
      const before = new Set(await dumps());
      const fresh = async (): Promise<string[]> => (await dumps()).filter((id) => !before.has(id));
      const running = Promise.all([theirs(server, follow(7001)), ours(program, follow(7002))]);
      await untilTrue(async () => (await fresh()).length === 2);
      for (const id of await fresh()) await server.query(`KILL ${id}`);
      const [real, own] = await running;
      // Before 11.8.9 mariadb-binlog has TLS tell of the end.
      const stderr = real.stderr.replace(
        'TLS/SSL error: unexpected eof while reading',
        'Lost connection to server during query',
      );
      expect(comparable(own)).toEqual(comparable({ ...real, stderr }));
    });

    test.skipIf(missing)('are left out up to the GTIDs that the source is told of', async () => {
      if (!isMysql) return;
      const uuid = (await server.query('SELECT @@server_uuid')).split('\n')[1]!.trim();
      for (const files of [
        [log(1), log(2)],
        ['--to-last-log', log(2)],
      ]) {
        const argv = [
          ...remote(),
          '--read-from-remote-source=BINLOG-DUMP-GTIDS',
          `--exclude-gtids=${uuid}:1-3`,
          ...files,
        ];
        const [real, own] = [await theirs(server, argv), await ours(program, argv)];
        expect(own.stdout).not.toContain(`${uuid}:3'`);
        expect(own).toEqual(real);
      }
    });

    test.skipIf(missing)('fail as with the original', async () => {
      const tcp = [...common, '-R', '--host=127.0.0.1', `--port=${server.port}`, '--user=reader'];
      const socket = [...remote(), '-R'];
      const secret = [...tcp, '--password=secret'];
      const family = isMysql
        ? [
            [...secret, '--bind-address=localhost', log(1)],
            [...secret, '--default-auth=mysql_clear_password', log(1)],
            [...secret, '--host=::1%lo', log(1)],
            [...secret, '--bind-address=fe80::1%none', log(1)],
          ]
        : [];
      for (const argv of [
        ...family,
        // An empty name is the one who is logged in.
        [...tcp, '--user=', '--password=x', log(1)],
        [...tcp, '--skip-password', log(1)],
        [...socket, '--default-auth=no_such_plugin', log(1)],
        [...socket, '--raw', '--result-file=no-such-folder/', log(1)],
      ]) {
        const [real, own] = [await theirs(server, argv), await ours(program, argv)];
        expect(comparable(own), argv.join(' ')).toEqual(comparable(real));
      }
    });

    test.skipIf(missing)('come over TCP and TLS with a password', async () => {
      const argv = [...common, '-R', '--host=127.0.0.1', `--port=${server.port}`, '--user=reader'];
      const good = [...argv, '--password=secret', log(1)];
      expect(comparable(await ours(program, good))).toEqual(comparable(await theirs(server, good)));
      const bad = [...argv, '--password=pAssw0rd', log(1)];
      const refused = await ours(program, bad);
      expect(comparable(refused)).toEqual(comparable(await theirs(server, bad)));
      expect(refused.stderr).not.toContain('pAssw0rd');
    });

    test.skipIf(missing)('are copied byte for byte', async () => {
      const copies = join(folder, `${name}-raw`);
      mkdirSync(copies);
      const copy = (who: string): string[] => [
        ...remote(),
        '-R',
        '--raw',
        '--to-last-log',
        `--result-file=${copies}/${who}-`,
        log(1),
      ];
      expect(await ours(program, copy('own'))).toEqual({ exit: 0, stdout: '', stderr: '' });
      expect(await theirs(server, copy('real'))).toMatchObject({ exit: 0 });
      expect(readdirSync(copies)).toHaveLength(8);
      for (const number of [1, 2, 3, 4]) {
        const own = readFileSync(join(copies, `own-${log(number)}`));
        expect(own).toEqual(readFileSync(join(copies, `real-${log(number)}`)));
        const kept = readFileSync(join(server.dataFolder, log(number)));
        // The last log is in use, which a copy does not say; MariaDB keeps its logs encrypted here.
        expect(own.equals(kept)).toBe(isMysql && number < 4);
        expect(own.includes('three')).toBe(number === 2);
      }
      const renamed = (who: string): string[] => [...copy(`renamed-${who}`), '--rewrite-db=d->elsewhere'];
      await ours(program, renamed('own'));
      await theirs(server, renamed('real'));
      const own = readFileSync(join(copies, `renamed-own-${log(1)}`));
      expect(own).toEqual(readFileSync(join(copies, `renamed-real-${log(1)}`)));
      expect(own.includes('elsewhere')).toBe(isMysql);
    });

    test.skipIf(missing ?? !isMysql)(
      'are refused with --compat=exact where the server makes up events',
      async () => {
        const first = [`--start-position=${name === 'mysql56' ? 120 : 158}`, log(1)];
        for (const words of [
          [log(2)],
          ['--to-last-log', log(2)],
          ['--raw', '--to-last-log', log(2)],
          first,
        ]) {
          const argv = [...remote(), '-R', '--require-row-format', ...words];
          const [real, own] = [await theirs(server, argv), await ours(program, [...argv, '--compat=exact'])];
          expect(real.exit).toBe(words.length > 1 ? 1 : 0);
          // With --raw, ours prints nothing beside the copy.
          if (words[0] === '--raw') expect({ ...own, stdout: '' }).toEqual({ ...real, stdout: '' });
          else expect(own).toEqual(real);
        }
      },
    );

    // These are the last, because they write more logs.
    test.skipIf(missing)('tell of an event that is not legal without a place in the log', async () => {
      if (name !== 'mysql56') return;
      await server.query('SET GLOBAL log_bin_use_v1_row_events = 1; INSERT INTO d.t VALUES (5, NULL)');
      const real = await theirs(server, [...remote(), '-R', log(4)]);
      const own = await ours(program, [...remote(), '--compat=exact', '-R', log(4)]);
      await server.query('SET GLOBAL log_bin_use_v1_row_events = 0');
      expect(real.exit).toBe(1);
      expect(comparable(own)).toEqual(comparable(real));
    });

    test.skipIf(missing)('are copied up to what --require-row-format keeps out', async () => {
      await server.query(`FLUSH BINARY LOGS; INSERT INTO d.t VALUES (6, NULL); SET binlog_format = STATEMENT;
        BEGIN; SET @seven = 7; INSERT INTO d.t VALUES (@seven, NULL); COMMIT`);
      const copies = join(folder, `${name}-rows`);
      mkdirSync(copies);
      const copy = (who: string, ...how: string[]): string[] => [
        ...remote(),
        '-R',
        '--raw',
        ...how,
        `--result-file=${copies}/${who}-`,
        log(5),
      ];
      const own = await ours(program, copy('own', '--require-row-format'));
      const strict = await ours(program, copy('strict', '--require-row-format=strict', '--resume'));
      const read = (who: string): Buffer => readFileSync(join(copies, `${who}-${log(5)}`));
      expect(own.exit).toBe(1);
      expect(strict).toMatchObject({ exit: 1, stderr: expect.stringContaining(`hint: ${log(5)}:`) });
      if (isMysql) {
        const real = await theirs(server, copy('real', '--require-row-format'));
        expect(own.stderr).toBe(real.stderr);
        expect(read('own')).toEqual(read('real'));
      }
      // Of the transaction that is refused the archive keeps nothing.
      expect(read('strict').length).toBeLessThan(read('own').length);
      expect(read('own').subarray(0, read('strict').length)).toEqual(read('strict'));
    });
  },
);

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runDoctor } from '../../src/cli/doctor/index.ts';
import { missingServers, type RunningServer, type ServerName, withServer } from '../servers/index.ts';
import { type CertsRun, printedBy } from './rowlock-certs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-visit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const password = 'Password-of-the-doctor-4c1d';
const doctor = (...argv: string[]): Promise<CertsRun> =>
  printedBy(folder, { argv, env: { MYSQL_PWD: password } }, runDoctor);

const servers: readonly ServerName[] = ['mysql97', 'mariadb1011'];

/** What a change would show in: settings, accounts, channels, files. */
async function stateOf(server: RunningServer): Promise<string> {
  const parts = await Promise.all([
    server.query("SHOW GLOBAL VARIABLES WHERE variable_name NOT LIKE '%timestamp%'"),
    server.query('SELECT * FROM mysql.user ORDER BY user, host'),
    server.query(server.name === 'mysql97' ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS'),
  ]);
  return parts.join('\n');
}

describe.each(servers)('a visit to %s', (name) => {
  const missing = missingServers(name) !== undefined;

  test.skipIf(missing)(
    'reads and changes nothing, says what it may not see, and waits no longer than it should',
    { timeout: 120_000 },
    async () => {
      await withServer(name, 'doctor-visit', {}, async (server) => {
        const at = `127.0.0.1:${server.port}`;
        await server.query(
          `CREATE USER 'all'@'%' IDENTIFIED BY '${password}'; GRANT ALL ON *.* TO 'all'@'%'; CREATE USER 'none'@'%' IDENTIFIED BY '${password}'`,
        );
        const log = join(folder, `${name}.log`);
        const before = await stateOf(server);
        await server.query(`SET GLOBAL general_log_file = '${log}'; SET GLOBAL general_log = ON`);
        const look = name === 'mysql97' ? [] : ['--plain'];
        const seen = await doctor('--source', at, '--replica', at, '-u', 'all', ...look);
        await server.query('SET GLOBAL general_log = OFF');
        expect(seen.stdout).toContain('no replication channel is configured');
        expect(seen.stdout).not.toContain('not seen');
        const statements = readFileSync(log, 'utf8')
          .split('\n')
          .flatMap((line) => /\t *\d+ Query\t(.*)$/.exec(line)?.[1] ?? [])
          .filter((text) => !text.startsWith('SET GLOBAL general_log'));
        expect(statements.length).toBeGreaterThan(7);
        expect(
          statements.filter(
            (text) => !/^(SHOW|SELECT) /.test(text) && !text.startsWith('select @@version_comment'),
          ),
        ).toEqual([]);
        expect(await stateOf(server).then((text) => text.replace(/^general_log_file.*$/m, ''))).toBe(
          before.replace(/^general_log_file.*$/m, ''),
        );

        const weak = await doctor(at, '-u', 'none', ...look);
        expect(weak.stdout).toMatch(/^ {2}not seen {2}accounts: SELECT command denied/m);
        expect(weak.stdout).toMatch(/^ {2}not seen {2}replication: Access denied/m);
        expect(weak.status).toBeGreaterThanOrEqual(1);
        const stranger = await doctor(at, '-u', 'stranger', ...look);
        expect(stranger).toMatchObject({ status: 3 });
        expect(stranger.stdout).toMatch(/not seen {2}settings, accounts, replication, files: Access denied/);

        process.kill(server.pid, 'SIGSTOP');
        try {
          const hanging = await doctor(at, '-u', 'all', '--timeout', '1', ...look);
          expect(hanging.status).toBe(3);
          expect(hanging.stdout).toContain(`${at}  no answer within 1000 ms (a server that hangs`);
        } finally {
          process.kill(server.pid, 'SIGCONT');
        }
        for (const { stdout, stderr } of [seen, weak, stranger])
          expect(stdout + stderr).not.toContain(password);
      });
    },
  );
});

test('what is no server is told from one that is away', async () => {
  const sockets: Socket[] = [];
  const listen = async (greet: (socket: Socket) => void): Promise<[string, () => void]> => {
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      greet(socket);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    return [`127.0.0.1:${port}`, () => void server.close()];
  };
  const [silent, endSilent] = await listen(() => undefined);
  const [web, endWeb] = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const hung = await doctor(silent, '--timeout', '1', '-u', 'x');
  // Nobody listens at 9.
  const { status, stdout } = await doctor(web, '127.0.0.1:9', 'host.invalid', '-u', 'x');
  for (const socket of sockets) socket.destroy();
  endSilent();
  endWeb();
  const lines = stdout.split('\n').filter((line) => line !== '');
  expect([hung.status, hung.stdout.trim()]).toEqual([
    3,
    `${silent}  no answer within 1000 ms (a server that hangs, something between, or no MySQL server)`,
  ]);
  expect(status).toBe(3);
  expect(lines[0]).toContain(web);
  expect(lines[1]).toMatch(/ECONNREFUSED .*\(nothing listens there\)$/);
  expect(lines[2]).toMatch(/^host\.invalid {2}.*\((there is no such host|a server that hangs.*)\)$/);
});

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  missingServers,
  type ProgramResult,
  type RunningServer,
  runTool,
  withServer,
} from '../servers/index.ts';
import { certs, certsOk } from './rowlock-certs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-drill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { MYSQL_PWD: 'a secret' };
const names = ['source', 'east', 'west'] as const;
const tls = (name: string): string => join(folder, 'hosts', name);
const run = (...argv: string[]): Promise<string> => certsOk(folder, [...argv, '-a', 'ca']);

function serverOptions(name: string): string[] {
  const at = tls(name);
  return [
    `--ssl-ca=${at}/ca.pem`,
    `--ssl-cert=${at}/server-cert.pem`,
    `--ssl-key=${at}/server-key.pem`,
    '--require_secure_transport=ON',
  ];
}

/** One statement over a connection of its own, with everything verified. */
function as(
  user: string,
  pair: string,
  server: RunningServer,
  sql: string,
  trust: string = pair,
): Promise<ProgramResult> {
  const at = tls(pair);
  return runTool('mysql97', 'mysql', [
    '--no-defaults',
    '--host=127.0.0.1',
    `--port=${server.port}`,
    '--protocol=tcp',
    `--user=${user}`,

    '--ssl-mode=VERIFY_IDENTITY',
    `--ssl-ca=${tls(trust)}/ca.pem`,
    `--ssl-cert=${at}/client-cert.pem`,
    `--ssl-key=${at}/client-key.pem`,
    '--batch',
    '--skip-column-names',
    '-e',
    sql,
  ]);
}

async function createAccount(source: RunningServer, user: string, grant: string): Promise<void> {
  const { statements } = JSON.parse(await run('user', user, '--json')) as { statements: { create: string } };
  await source.query(`${statements.create} ${grant};`);
}

/** Writes all the time, one connection a row, until told to stop. */
function startWriter(source: RunningServer): { stop(): Promise<{ rows: number; failures: string[] }> } {
  let [stopping, rows] = [false, 0];
  const failures: string[] = [];
  const loop = (async () => {
    while (!stopping) {
      const { exit, stderr } = await as('app', 'app', source, `insert into drill.t values (${rows + 1})`);
      if (exit === 0) rows++;
      else failures.push(stderr);
    }
  })();
  return {
    stop: async () => {
      stopping = true;
      await loop;
      return { rows, failures };
    },
  };
}

/** Every replica connects anew, with the files as they are now. */
async function reconnectAll(replicas: readonly RunningServer[]): Promise<void> {
  for (const replica of replicas) {
    await replica.query('STOP REPLICA IO_THREAD; START REPLICA IO_THREAD');
    await untilReplicating(replica);
  }
}

async function untilReplicating(replica: RunningServer): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const state = await replica.query(
      'select service_state, last_error_message from performance_schema.replication_connection_status',
    );
    if (/^ON\t/m.test(state)) return;
    expect(state).not.toMatch(/error connecting/);
    await replica.query('do sleep(0.1)');
  }
  throw new Error('the replica does not connect');
}

describe.skipIf(missingServers('mysql97') !== undefined)(
  'a drill with a source, two replicas and a client that writes all the time',
  () => {
    test('rolls the authority over without a failed write or a broken replica, and ends with the old one refused', async () => {
      await certsOk(folder, ['init', 'ca']);
      for (const name of names) {
        await run('server', name, '--san', '127.0.0.1');
        await run('deploy', tls(name), '--server', name);
      }
      await withServer('mysql97', 'drill-s', { args: serverOptions('source') }, (source) =>
        withServer('mysql97', 'drill-e', { args: serverOptions('east') }, (east) =>
          withServer('mysql97', 'drill-w', { args: serverOptions('west') }, async (west) => {
            const replicas = [east, west];
            await source.query('create database drill; create table drill.t (id int primary key)');
            await createAccount(source, 'app', "GRANT ALL ON drill.* TO 'app'@'%'");
            await createAccount(source, 'repl', "GRANT REPLICATION SLAVE ON *.* TO 'repl'@'%'");
            await run('deploy', tls('app'), '--user', 'app');
            for (const [name, replica] of [
              ['east', east],
              ['west', west],
            ] as const) {
              await run('deploy', tls(name), '--user', 'repl');
              const change = await certsOk(folder, [
                'config',
                '--for',
                'source',
                '--folder',
                tls(name),
                '--host',
                '127.0.0.1',
                '--port',
                String(source.port),
                '--user',
                'repl',
              ]);
              await replica.query(`${change}\nSTART REPLICA;`);
              await untilReplicating(replica);
            }
            cpSync(tls('app'), tls('old-app'), { recursive: true, dereference: true });
            for (const [name, server] of [
              ['source', source],
              ['east', east],
              ['west', west],
            ] as const) {
              await server.query(
                "SET sql_log_bin = 0; CREATE USER 'admin'@'%' IDENTIFIED BY 'a secret' REQUIRE SSL; GRANT ALL ON *.* TO 'admin'@'%'",
              );
              const target = [
                'deploy',
                tls(name),
                '--server',
                name,
                '--reload',
                `127.0.0.1:${server.port}`,
                '--reload-user',
                'admin',
              ];
              await certsOk(folder, [...target, '-a', 'ca'], { env });
            }
            const writer = startWriter(source);

            await run('rotate', '--ca');
            const tooEarly = await certs(folder, ['rotate', '--ca', '-a', 'ca']);
            expect(tooEarly).toMatchObject({
              status: 1,
              stderr: expect.stringContaining('the last stage has not reached') as string,
            });
            for (const stage of ['trust', 'pairs', 'done']) {
              const deployed = await certsOk(
                folder,
                ['deploy', '--all', '--reload-user', 'admin', '-a', 'ca'],
                { env },
              );
              expect(deployed.match(/served after ALTER INSTANCE RELOAD TLS/g), stage).toHaveLength(3);
              await reconnectAll(replicas);
              if (stage !== 'done') await run('rotate', '--ca');
            }

            const { rows, failures } = await writer.stop();
            expect(failures).toEqual([]);
            expect(rows).toBeGreaterThan(10);
            const gtid = (await source.query('select @@global.gtid_executed'))
              .split('\n')
              .slice(1)
              .join('')
              .replaceAll('\\n', '');
            for (const replica of replicas) {
              await replica.query(`select wait_for_executed_gtid_set('${gtid}', 60)`);
              expect((await replica.query('select count(*) from drill.t')).trim().split('\n').at(-1)).toBe(
                String(rows),
              );
            }
            for (const server of [source, ...replicas]) {
              expect((await as('app', 'old-app', server, 'select 1')).exit, 'old trust').not.toBe(0);
              expect((await as('app', 'old-app', server, 'select 1', 'app')).exit, 'old pair').not.toBe(0);
              expect((await as('app', 'app', server, 'select 1')).exit).toBe(0);
            }
          }),
        ),
      );
    }, 240_000);
  },
);

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { missingServers, type RunningServer, withServer } from '../servers/index.ts';
import {
  hostFolder,
  mysqlClient,
  pairOptions,
  reconnectAll,
  runAs,
  startWriter,
  untilReplicating,
  untilRows,
} from './drill.ts';
import { certs, certsOk } from './rowlock-certs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-drill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { MYSQL_PWD: 'a secret' };
const names = ['source', 'east', 'west'] as const;
const tls = (name: string): string => hostFolder(folder, name);
const run = (...argv: string[]): Promise<string> => certsOk(folder, [...argv, '-a', 'ca']);

const serverOptions = (name: string): string[] => [
  ...pairOptions(folder, name),
  '--require_secure_transport=ON',
];

const as = (pair: string, server: RunningServer, trust?: string): ReturnType<typeof runAs> =>
  runAs(
    folder,
    mysqlClient,
    { user: 'app', pair, ...(trust !== undefined && { trust }) },
    server.port,
    'select 1',
  );

async function createAccount(source: RunningServer, user: string, grant: string): Promise<void> {
  const { statements } = JSON.parse(await run('user', user, '--json')) as { statements: { create: string } };
  await source.query(`${statements.create} ${grant};`);
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
            const writer = startWriter(folder, mysqlClient, { user: 'app', pair: 'app' }, source.port);

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
              // Asked of the servers themselves: the source waits for its replicas, and loses its old trust before them.
              const order = [...(deployed.split('\n')[0] ?? '').matchAll(/server (\w+)/g)].map(
                ([, name]) => name,
              );
              expect(order, stage).toEqual(
                stage === 'done' ? ['source', 'east', 'west'] : ['east', 'west', 'source'],
              );
              await reconnectAll(replicas);
              if (stage !== 'done') await run('rotate', '--ca');
            }

            const { rows, failures } = await writer.stop();
            expect(failures).toEqual([]);
            expect(rows).toBeGreaterThan(10);
            for (const replica of replicas) await untilRows(replica, rows);
            for (const server of [source, ...replicas]) {
              expect((await as('old-app', server)).exit, 'old trust').not.toBe(0);
              expect((await as('old-app', server, 'app')).exit, 'old pair').not.toBe(0);
              expect((await as('app', server)).exit).toBe(0);
            }
          }),
        ),
      );
    }, 240_000);
  },
);

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  missingServers,
  type RunningServer,
  type ServerName,
  startServer,
  withServer,
} from '../servers/index.ts';
import {
  type DrillClient,
  hostFolder,
  mariadbClient,
  pairOptions,
  reconnectAll,
  runAs,
  startWriter,
  untilReplicating,
  untilRows,
} from './drill.ts';
import { type CertsRun, certs, certsOk } from './rowlock-certs.ts';

const scratch = mkdtempSync(join(tmpdir(), 'rowlock-restart-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

// OpenSSL 1.1.1 of Debian 11 offers yaSSL's TLS 1.0 only when it is told so.
const relaxed = join(scratch, 'openssl.cnf');
writeFileSync(
  relaxed,
  'openssl_conf = top\n[top]\nssl_conf = ssl\n[ssl]\nsystem_default = all\n[all]\nMinProtocol = TLSv1\nCipherString = ALL:!kDHE:@SECLEVEL=0\n',
);

interface Host {
  readonly name: 'source' | 'east' | 'west';
  readonly server: ServerName;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Drill {
  readonly about: string;
  readonly hosts: readonly [Host, Host, Host];
  /** The one that takes files at its start alone. */
  readonly old: Host['name'];
  /** Talks to the source. */
  readonly client: DrillClient;
  /** Talks to the replicas. */
  readonly replicaClient: DrillClient;
  /** Printed statements for the source's accounts. */
  readonly form: 'create' | 'grant';
  readonly sqlArgs: readonly string[];
  /** What the roll-over begins with beyond `rotate --ca`. */
  readonly begin: readonly string[];
}

const drills: readonly Drill[] = [
  {
    about: 'MySQL 5.6 as the source of two MariaDB servers',
    hosts: [
      { name: 'source', server: 'mysql56' },
      { name: 'east', server: 'mariadb105', env: { OPENSSL_CONF: relaxed } },
      { name: 'west', server: 'mariadb105', env: { OPENSSL_CONF: relaxed } },
    ],
    old: 'source',
    client: mariadbClient(
      'mariadb105',
      '--tls-version=TLSv1.0,TLSv1.2',
      '--ssl-cipher=AES256-SHA:@SECLEVEL=0',
    ),
    replicaClient: mariadbClient('mariadb105'),
    form: 'grant',
    sqlArgs: ['--skip-ssl'],
    // yaSSL believes one authority of a name alone.
    begin: ['--name', '/O=Acme/CN=second CA'],
  },
  {
    about: 'a replica that calls itself MariaDB 10.3, beside one of 11.8, behind 10.11',
    hosts: [
      { name: 'source', server: 'mariadb1011' },
      { name: 'east', server: 'mariadb118' },
      { name: 'west', server: 'mariadb105', args: ['--version=10.3.39-MariaDB-log'] },
    ],
    old: 'west',
    client: mariadbClient('mariadb1011'),
    replicaClient: mariadbClient('mariadb1011'),
    form: 'create',
    sqlArgs: [],
    begin: [],
  },
];

const env = { MYSQL_PWD: 'a secret' };

describe.each(drills)(
  'a drill with $about',
  ({ hosts, old, client, replicaClient, form, sqlArgs, begin }) => {
    const folder = join(scratch, old);
    const run = (...argv: string[]): Promise<string> => certsOk(scratch, [...argv, '-a', `${folder}/ca`]);
    const deployAll = (...more: string[]): Promise<CertsRun> =>
      certs(scratch, ['deploy', '--all', '--reload-user', 'admin', '-a', `${folder}/ca`, ...more], { env });
    const [sourceHost] = hosts;

    test.skipIf(missingServers(...hosts.map(({ server }) => server)) !== undefined)(
      'waits for each restart, and loses no write but those during it, and no replica',
      async () => {
        await certsOk(scratch, ['init', `${folder}/ca`, '--key', 'rsa-2048', '--key-form', 'traditional']);
        const argsOf = ({ name, args = [] }: Host): string[] => [...pairOptions(folder, name), ...args];
        for (const { name } of hosts) {
          await run('server', name, '--san', '127.0.0.1');
          await run('deploy', hostFolder(folder, name), '--server', name);
        }
        const running = new Map<Host['name'], RunningServer>();
        const server = (name: Host['name']): RunningServer => running.get(name)!;
        const up = (rest: readonly Host[], body: () => Promise<void>): Promise<void> => {
          const [host, ...others] = rest;
          if (host === undefined) return body();
          const options = { args: argsOf(host), ...(host.env && { env: host.env }) };
          return withServer(host.server, `drill-${host.name}`, options, async (started) => {
            running.set(host.name, started);
            try {
              await up(others, body);
            } finally {
              // Restarted, it is another process than the one that is stopped here anyway.
              await server(host.name).kill();
            }
          });
        };
        await up(hosts, async () => {
          const source = server('source');
          const replicas = (): RunningServer[] => [server('east'), server('west')];
          const { port } = source;
          // The package of MySQL 5.6 has accounts without a name, which win over 'name'@'%' from this machine.
          const clean = sourceHost.server === 'mysql56' ? "DELETE FROM mysql.user WHERE user = '';" : '';
          await source.query(`SET sql_log_bin = 0; ${clean} FLUSH PRIVILEGES`, { args: sqlArgs });
          for (const [user, grant] of [
            ['app', "GRANT ALL ON drill.* TO 'app'@'%'"],
            ['repl', "GRANT REPLICATION SLAVE ON *.* TO 'repl'@'%'"],
          ] as const) {
            const printed = JSON.parse(
              await run('user', user, '--require', begin.length > 0 ? 'subject' : 'subject-issuer', '--json'),
            ) as Record<'statements' | 'oldStatements', Record<'create' | 'grant', string>>;
            const statement = printed[form === 'grant' ? 'oldStatements' : 'statements'][form];
            await source.query(`SET sql_log_bin = 0; ${statement} ${grant};`, { args: sqlArgs });
          }
          await run('deploy', hostFolder(folder, 'app'), '--user', 'app');
          for (const { name } of hosts) {
            const at = `127.0.0.1:${server(name).port}`;
            if (name !== 'source') {
              await run('deploy', hostFolder(folder, name), '--user', 'repl');
              const where = [
                '--folder',
                hostFolder(folder, name),
                '--host',
                '127.0.0.1',
                '--port',
                String(port),
              ];
              const change = await certsOk(scratch, [
                'config',
                '--for',
                'master',
                ...where,
                '--user',
                'repl',
              ]);
              await server(name).query(
                `${change}\nCHANGE MASTER TO MASTER_CONNECT_RETRY = 1;\nSTART SLAVE;
               SET sql_log_bin = 0; CREATE USER 'admin'@'%' IDENTIFIED BY 'a secret' REQUIRE SSL;
               GRANT ALL ON *.* TO 'admin'@'%'`,
              );
              await untilReplicating(server(name));
            } else if (old !== 'source') {
              await source.query(
                "SET sql_log_bin = 0; CREATE USER 'admin'@'%' IDENTIFIED BY 'a secret' REQUIRE SSL; GRANT ALL ON *.* TO 'admin'@'%'",
              );
            }
            const target = ['deploy', hostFolder(folder, name), '--server', name, '--reload', at];
            await certs(scratch, [...target, '--reload-user', 'admin', '--restarted', '-a', `${folder}/ca`], {
              env,
            });
          }
          await source.query('create database drill; create table drill.t (id int primary key)', {
            args: sqlArgs,
          });
          cpSync(hostFolder(folder, 'app'), hostFolder(folder, 'old-app'), {
            recursive: true,
            dereference: true,
          });
          const writer = startWriter(folder, client, { user: 'app', pair: 'app' }, port);

          await run('rotate', '--ca', ...begin);
          for (const stage of ['trust', 'pairs', 'done']) {
            const first = await deployAll();
            expect(first.status, stage).toBe(1);
            expect(first.stdout.match(/served after FLUSH SSL/g), stage).toHaveLength(2);
            expect(first.stdout, stage).toMatch(
              new RegExp(`^server ${old} .*takes it at its next restart: restart it`, 'm'),
            );
            const servers = [...(/^Order: (.*)/m.exec(first.stdout)?.[1] ?? '').matchAll(/server (\w+)/g)];
            const order = servers.map(([, name]) => name);
            expect(order.indexOf('source'), `${stage}: ${order.join()}`).toBe(stage === 'done' ? 0 : 2);
            const waiting = await certs(scratch, ['rotate', '--ca', '-a', `${folder}/ca`]);
            if (stage !== 'done') {
              expect(waiting.status, stage).toBe(1);
              expect(waiting.stderr, stage).toContain(`has not reached: server ${old} (`);
            }
            // What the others have taken already works with what the old one still has in memory.
            await reconnectAll(replicas());

            const host = hosts.find(({ name }) => name === old)!;
            const restart = async (): Promise<void> => {
              const { tag, port: same } = server(old);
              await server(old).stop();
              const args = [...argsOf(host), `--port=${same}`, `--server-id=${same}`];
              const again = await startServer(host.server, tag, { args, reuse: true });
              running.set(old, { ...again, port: same });
            };
            if (old === 'source') await writer.during(restart);
            else await restart();
            for (const replica of replicas()) await untilReplicating(replica, true);
            await reconnectAll(replicas());
            expect(await deployAll('--restarted'), stage).toMatchObject({ status: 0 });
            if (stage !== 'done') await run('rotate', '--ca');
          }

          const { rows, failures, excused } = await writer.stop();
          expect(failures).toEqual([]);
          expect(rows).toBeGreaterThan(10);
          if (old === 'source') expect(excused, 'the restarts were seen').toBeGreaterThan(0);
          else expect(excused).toBe(0);
          for (const replica of replicas()) await untilRows(replica, rows);
          for (const name of ['source', 'east', 'west'] as const) {
            const login = (pair: string, trust = pair): ReturnType<typeof runAs> =>
              runAs(
                folder,
                name === 'source' ? client : replicaClient,
                { user: 'app', pair, trust },
                server(name).port,
                'select 1',
              );
            if (name !== 'source') {
              await server(name).query("SET sql_log_bin = 0; CREATE USER 'app'@'%' REQUIRE X509");
            }
            expect((await login('old-app')).exit, `${name}: old trust`).not.toBe(0);
            expect((await login('old-app', 'app')).exit, `${name}: old pair`).not.toBe(0);
            expect(await login('app'), name).toMatchObject({ exit: 0 });
          }
        });
      },
      240_000,
    );
  },
);

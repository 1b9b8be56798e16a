import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import mariadb from 'mariadb';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePair, openAuthority, pairFolder } from '../../src/certificates/index.ts';
import { cacheFolder, missingServers, runTool } from '../servers/index.ts';
import { startRelay, type TestRelay } from './relay.ts';

let relay: TestRelay;
/** Folder of a client certificate the relay's own authority signed. */
let pair: string;

beforeAll(async () => {
  relay = await startRelay();
  const authority = await openAuthority(dirname(relay.authority), {
    now: () => new Date(),
    passphrase: async () => undefined,
  });
  await makePair(authority, {
    kind: 'user',
    name: 'replica',
    subject: '/O=Acme/CN=replica',
    names: [],
    days: 30,
    keyKind: 'ec-p256',
    keyForm: 'pkcs8',
  });
  pair = pairFolder(authority, 'user', 'replica');
  const root = await connector();
  for (const [user, clause] of [
    ['plain', 'REQUIRE NONE'],
    ['ssl', 'REQUIRE SSL'],
    ['x509', 'REQUIRE X509'],
    ['subject', "REQUIRE SUBJECT '/O=Acme/CN=replica'"],
    ['wrong', "REQUIRE SUBJECT '/CN=replica/O=Acme'"],
    ['issuer', "REQUIRE ISSUER '/CN=Rowlock relay CA' AND SUBJECT '/O=Acme/CN=replica'"],
    ['locked', 'ACCOUNT LOCK'],
  ])
    await root.query(`CREATE USER ${user} IDENTIFIED BY 'pw' ${clause}`);
  for (const plugin of ['mysql_native_password', 'client_ed25519', 'parsec'])
    await root.query(`CREATE USER ${plugin} IDENTIFIED WITH ${plugin} BY 'pw'`);
  await root.end();
});

afterAll(async () => {
  await relay.wipe();
});

const connector = (options: mysql.ConnectionOptions = {}) =>
  mysql.createConnection({
    host: '127.0.0.1',
    port: relay.port,
    user: 'root',
    password: relay.password,
    multipleStatements: true,
    ssl: { ca: readFileSync(relay.authority) },
    ...options,
  });

describe('mysql2', () => {
  test('queries, executes, changes user and resets', async () => {
    const connection = await connector();
    const [results] = await connection.query('SELECT 1 AS a, 1.5 b, NULL c; SHOW VARIABLES LIKE "port"');
    expect(results).toEqual([
      [{ a: 1, b: '1.5', c: null }],
      [{ Variable_name: 'port', Value: String(relay.port) }],
    ]);
    const [rows] = await connection.execute('SELECT ? a, ? b, ? c, @@port p', [5, "it's", null]);
    expect(rows).toEqual([{ a: 5, b: "it's", c: null, p: relay.port }]);
    // SERVER_STATUS_IN_TRANS and SERVER_STATUS_AUTOCOMMIT: PDO ends no transaction that it was not told of.
    for (const [sql, status] of [
      ['BEGIN', 3],
      ['ROLLBACK TO SAVEPOINT a', 3],
      ['COMMIT AND CHAIN', 3],
      ['ROLLBACK', 2],
      ['SET autocommit = 0', 0],
      ['SET autocommit = 1', 2],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect((await connection.query(sql))[0], sql).toMatchObject({ serverStatus: status });
    }
    await connection.changeUser({ user: 'plain', password: 'pw' });
    expect((await connection.query('SELECT CURRENT_USER() u'))[0]).toEqual([{ u: 'plain@%' }]);
    await connection.reset();
    await connection.ping();
    await expect(connection.query('SELEC 1')).rejects.toMatchObject({ errno: 1064, sqlState: '42000' });
    await connection.end();
  });

  test('speaks latin1', async () => {
    const connection = await connector({ charset: 'LATIN1_SWEDISH_CI' });
    expect((await connection.query("SELECT 'äé' AS `ö`"))[0]).toEqual([{ ö: 'äé' }]);
    expect((await connection.execute('SELECT ? AS p', ['äé']))[0]).toEqual([{ p: 'äé' }]);
    await expect(connection.query('USE `ö`')).rejects.toMatchObject({ message: "Unknown database 'ö'" });
    await connection.end();
  });

  test('is refused without TLS and with a wrong password', async () => {
    const { createConnection } = mysql;
    const plain = createConnection({ host: '127.0.0.1', port: relay.port, user: 'root', password: 'x' });
    await expect(plain).rejects.toMatchObject({ errno: 3159 });
    await expect(connector({ password: 'x' })).rejects.toMatchObject({
      errno: 1045,
      message: "Access denied for user 'root'@'127.0.0.1' (using password: YES)",
    });
    expect(relay.audit.at(-1)).toMatchObject({
      event: 'refused',
      user: 'root',
      reason: 'the password is wrong',
    });
  });
});

describe("MariaDB's connector", () => {
  test('queries, executes and resets', async () => {
    const connection = await mariadb.createConnection({
      host: '127.0.0.1',
      port: relay.port,
      user: 'root',
      password: relay.password,
      ssl: { ca: readFileSync(relay.authority) },
    });
    expect([...(await connection.query('SELECT ? a, ? b', [1, 'x']))]).toEqual([{ a: 1n, b: 'x' }]);
    expect([...(await connection.execute('SELECT ? a, @@port p', ['x']))]).toEqual([
      { a: 'x', p: BigInt(relay.port) },
    ]);
    await connection.reset();
    await connection.ping();
    await connection.end();
  });
});

describe.skipIf(missingServers('mysql97', 'mariadb118', 'mariadb1011'))('the real clients', () => {
  const PROGRAMS = {
    mysql: { server: 'mysql97', tool: 'mysql', plugins: 'usr/lib/mysql/plugin' },
    mariadb: {
      server: 'mariadb118',
      tool: 'mariadb',
      plugins: 'usr/lib/x86_64-linux-gnu/libmariadb3/plugin',
    },
    old: { server: 'mariadb1011', tool: 'mariadb', plugins: 'usr/lib/x86_64-linux-gnu/libmariadb3/plugin' },
  } as const;

  async function run(
    client: keyof typeof PROGRAMS,
    args: readonly string[],
    stdin?: string,
    tool?: string,
  ): Promise<string> {
    const { server, tool: usual, plugins } = PROGRAMS[client];
    const { stdout, stderr } = await runTool(
      server,
      tool ?? usual,
      [`--defaults-file=${relay.rootFile}`, `--plugin-dir=${join(cacheFolder(), server, plugins)}`, ...args],
      stdin === undefined ? {} : { stdin },
    );
    return stdout + stderr;
  }

  const tcp = (user: string): string[] => [
    '--protocol=tcp',
    '--host=127.0.0.1',
    `--port=${relay.port}`,
    `--user=${user}`,
    '--password=pw',
    `--ssl-ca=${relay.authority}`,
  ];
  const certificate = (): string[] => [
    `--ssl-cert=${join(pair, 'client-cert.pem')}`,
    `--ssl-key=${join(pair, 'client-key.pem')}`,
  ];

  test.each(['mysql', 'mariadb', 'old'] as const)(
    '%s logs in on the socket and shows its status',
    async (client) => {
      const commands = client === 'mysql' ? ['--commands'] : [];
      const shown = await run(
        client,
        ['-t', ...commands],
        '\\s\nSHOW REPLICA STATUS;\nSELECT 1+1;\nSHOW DATABASES;\n',
      );
      expect(shown).toContain('9.7.0-rowlock');
      expect(shown).toMatch(/Current user:\s+root@localhost/);
      expect(shown).toMatch(/UNIX socket:\s+\S+relay\.sock/);
      expect(shown).toMatch(/Uptime:/);
      expect(shown).toContain('| performance_schema |');
      expect(shown).not.toContain('ERROR');
    },
  );

  test('of MariaDB needs no plugin for the accounts of a relay of MariaDB', async () => {
    const other = await startRelay({ flavor: 'mariadb' });
    const say = async (...args: readonly string[]): Promise<string> => {
      const options = [`--defaults-file=${other.rootFile}`, '--plugin-dir=/nonexistent', '-N'];
      const { stdout, stderr } = await runTool('mariadb118', 'mariadb', [...options, ...args]);
      return (stdout + stderr).trim();
    };
    expect(await say('-e', "SELECT CURRENT_USER(); CREATE USER u@localhost IDENTIFIED BY 'pw'")).toBe(
      'root@localhost',
    );
    expect(await say('--user=u', '--password=pw', '-e', 'SELECT CURRENT_USER()')).toBe('u@localhost');
    await other.wipe();
  });

  test('mysqladmin asks what it asks', async () => {
    expect(await run('mysql', ['ping', 'status'], undefined, 'mysqladmin')).toMatch(
      /is alive[^]*Uptime: \d+/,
    );
    expect(await run('mysql', ['processlist'], undefined, 'mysqladmin')).toContain('show processlist');
    expect(await run('mysql', ['variables'], undefined, 'mysqladmin')).toMatch(
      /require_secure_transport\s+\| ON/,
    );
    expect(await run('mysql', ['extended-status'], undefined, 'mysqladmin')).toMatch(
      /Threads_connected\s+\| 1/,
    );
    expect(await run('mariadb', ['version'], undefined, 'mariadb-admin')).toContain('9.7.0-rowlock');
  });

  test.each([
    ['mysql', 'mysql97', 'mysqladmin', 'mysqldump'],
    ['mariadb', 'mariadb118', 'mariadb-admin', 'mariadb-dump'],
  ] as const)('tools of %s set a password, flush hosts and dump', async (flavor, server, admin, dump) => {
    const other = await startRelay({ flavor });
    const run = async (tool: typeof admin | typeof dump, password: string, ...args: readonly string[]) => {
      const options = ['--no-defaults', `--socket=${other.socket}`, '--user=root'];
      const env = { ...process.env, MYSQL_PWD: password };
      const { exit, stdout, stderr } = await runTool(server, tool, [...options, ...args], { env });
      return exit === 0 ? stdout : stderr;
    };
    expect(await run(admin, other.password, 'password', 's3cret new')).not.toMatch(/failed|unable/);
    expect(await run(admin, other.password, 'processlist')).toMatch(/Access denied/);
    expect(await run(admin, 's3cret new', 'flush-hosts', 'flush-logs', 'flush-status')).toBe('');
    expect(await run(dump, 's3cret new', '--routines', '--events', '--no-data', 'mysql', 'db')).toMatch(
      /CREATE TABLE `db`[^]*Dump completed/,
    );
    await other.wipe();
  });

  test('mysql verifies the name of the relay', async () => {
    const shown = await run('mysql', [
      ...tcp('plain'),
      '--ssl-mode=VERIFY_IDENTITY',
      '-e',
      "SHOW STATUS LIKE 'Ssl_version'",
    ]);
    expect(shown).toContain('TLSv1.3');
  });

  test.each([
    ['plain', false, true],
    ['ssl', false, true],
    ['x509', false, false],
    ['x509', true, true],
    ['subject', false, false],
    ['subject', true, true],
    ['wrong', true, false],
    ['issuer', true, true],
    ['mysql_native_password', false, true],
    ['client_ed25519', false, true],
    ['parsec', false, true],
  ])('%s, with a certificate: %s, comes in: %s', async (user, withCertificate, comesIn) => {
    const client = user === 'client_ed25519' || user === 'parsec' ? 'mariadb' : 'mysql';
    const extra = withCertificate ? certificate() : [];
    const shown = await run(client, [...tcp(user), ...extra, '-e', 'SELECT CURRENT_USER()']);
    if (user === 'mysql_native_password') {
      // The plugin is no part of MySQL 9's client any more; MariaDB's has it.
      expect(await run('mariadb', [...tcp(user), '-e', 'SELECT CURRENT_USER()'])).toContain(`${user}@%`);
      return;
    }
    if (comesIn) expect(shown).toContain(`${user}@%`);
    else
      expect(shown).toContain(
        `ERROR 1045 (28000): Access denied for user '${user}'@'127.0.0.1' (using password: YES)`,
      );
  });

  test('a refusal says why in the log alone', async () => {
    await run('mysql', [...tcp('wrong'), ...certificate(), '-e', 'SELECT 1']);
    expect(relay.audit.at(-1)).toMatchObject({
      event: 'refused',
      reason: "X.509 subject mismatch: should be '/CN=replica/O=Acme' but is '/O=Acme/CN=replica'",
    });
    expect(await run('mysql', [...tcp('locked'), '-e', 'SELECT 1'])).toContain(
      "ERROR 3118 (HY000): Access denied for user 'locked'@'localhost'. Account is locked.",
    );
  });

  test('TLS can be asked for on the socket', async () => {
    expect(await run('mysql', ['--ssl-mode=REQUIRED', '-e', "SHOW STATUS LIKE 'Ssl_cipher'"])).toContain(
      'TLS_AES',
    );
  });

  test('CHANGE and SHOW work with both vocabularies', async () => {
    const shown = await run(
      'mariadb',
      ['-E'],
      "CHANGE MASTER 'm' TO MASTER_HOST='h', MASTER_USER='u';\nSHOW SLAVE STATUS;\nRESET SLAVE 'm' ALL;\n",
    );
    expect(shown).toMatch(/Master_Host: h/);
    expect(shown).not.toContain('ERROR');
  });
});

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  endOf,
  missingServers,
  type ProgramResult,
  runTool,
  SERVERS,
  type ServerName,
  spawnProgram,
  withServer,
} from '../servers/index.ts';
import { certsOk } from './rowlock-certs.ts';

// A folder every writer has to quote somehow.
const folder = mkdtempSync(join(tmpdir(), 'rowlock-config-'));
const at = join(folder, "tls #1 'x'");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `certs config` prints for one program. */
async function settings(name: string, more: readonly string[] = [], where: string = at): Promise<string> {
  return certsOk(folder, ['config', '--for', name, '--folder', where, '--user', 'app', ...more]);
}

beforeAll(async () => {
  await certsOk(folder, ['init', 'ca']);
  await certsOk(folder, ['server', 'db', '--san', '127.0.0.1', '-a', 'ca']);
  await certsOk(folder, ['user', 'app', '-a', 'ca']);
  await certsOk(folder, ['user', 'lost', '-a', 'ca']);
  await certsOk(folder, ['revoke', 'lost', '-a', 'ca']);
  for (const argv of [
    ['--server', 'db'],
    ['--user', 'app'],
  ])
    await certsOk(folder, ['deploy', at, ...argv, '-a', 'ca']);
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'));
});

/** Names need no resolver: every one leads to this machine. */
const everyNameIsHere = `import dns from 'node:dns';
const { lookup } = dns;
dns.lookup = (host, options, callback) => lookup('127.0.0.1', options, callback);`;

/** Runs a program that was printed, with a line added that says who it is. */
async function runPrinted(name: string, program: string): Promise<ProgramResult> {
  const file = join(folder, `${name}.mjs`);
  const ask = "console.log(JSON.stringify(await connection.query('select current_user() as me')));";
  writeFileSync(file, `${program}\n${ask}\nawait connection.end();\n`);
  const args = ['--import', `data:text/javascript,${encodeURIComponent(everyNameIsHere)}`, file];
  const { exit, stdout, stderr } = await endOf(spawn(process.execPath, args, { timeout: 120_000 }));
  return { exit, stdout: stdout.toString(), stderr: stderr.toString() };
}

const servers: readonly ServerName[] = ['mysql97', 'mariadb118'];

describe.each(servers)('settings as they are printed, with %s', (name) => {
  test.skipIf(missingServers(name) !== undefined)(
    'serve the server, its command-line client, both drivers of Node, and a replica',
    async () => {
      const { client, program } = SERVERS[name];
      const printed = await settings('mysqld', ['--crl']);
      const file = join(folder, `${name}-server.cnf`);
      writeFileSync(file, printed);
      // The server reads its option file itself: what it understood goes on its command line.
      const { stdout } = await endOf(
        spawnProgram(name, program, [`--defaults-file=${file}`, '--print-defaults']),
      );
      const understood = stdout.toString().trim().split('\n').at(-1) ?? '';
      for (const part of ['ca.pem', 'server-cert.pem', 'server-key.pem', 'crl.pem'])
        expect(understood.replaceAll('\\', '')).toContain(`=${at}/${part}`);
      const args = [
        `--ssl-ca=${at}/ca.pem`,
        `--ssl-cert=${at}/server-cert.pem`,
        `--ssl-key=${at}/server-key.pem`,
        `--ssl-crl=${at}/crl.pem`,
        '--require_secure_transport=ON',
        '--tls_version=TLSv1.2,TLSv1.3',
        `--bind-address=127.0.0.1,127.0.0.2`,
      ];
      await withServer(name, 'config', { args }, async (server) => {
        await server.query(
          "CREATE USER 'app'@'%' REQUIRE X509; GRANT ALL ON *.* TO 'app'@'%'; CREATE DATABASE app",
        );
        const port = ['--port', String(server.port)];

        const options = join(folder, `${name}-client.cnf`);
        writeFileSync(options, await settings('client', ['--crl']));
        const login = (host: string): Promise<ProgramResult> =>
          runTool(client.server, client.tool, [
            `--defaults-file=${options}`,
            `--host=${host}`,
            `--port=${server.port}`,
            '--protocol=tcp',
            '--user=app',
            '--batch',
            '-e',
            'select current_user()',
          ]);
        expect(await login('127.0.0.1')).toMatchObject({ exit: 0 });
        const wrong = await login('127.0.0.2');
        expect(wrong.exit, 'a name that is not in the certificate').not.toBe(0);
        expect(wrong.stderr).toMatch(/certificate|hostname/i);

        for (const driver of ['mysql2', 'mariadb']) {
          for (const crl of driver === 'mariadb' ? [[], ['--crl']] : [[]]) {
            const run = async (host: string): Promise<ProgramResult> =>
              runPrinted(`${name}-${driver}`, await settings(driver, [...crl, ...port, '--host', host]));
            const right = await run('db');
            expect(right, driver).toMatchObject({ exit: 0, stderr: '' });
            expect(right.stdout).toContain('app@%');
            const refused = await run('other');
            expect(refused.exit, `${driver} and another name`).not.toBe(0);
            expect(refused.stderr).toMatch(/altnames|identity|certificate/i);
          }
        }

        const word = name === 'mysql97' ? 'source' : 'master';
        const change = await settings(word, ['--crl', '--host', '127.0.0.1', ...port]);
        await server.query(`${change}`);
        const status = await server.query(name === 'mysql97' ? 'SHOW REPLICA STATUS' : 'SHOW SLAVE STATUS');
        const [columns = [], values = []] = status.split('\n').map((line) => line.split('\t'));
        const column = (part: string): string | undefined =>
          values[columns.findIndex((one) => one.toLowerCase() === `${word}_${part}`)];
        expect(column('ssl_ca_file')).toBe(`${at}/ca.pem`);
        expect(column('ssl_cert')).toBe(`${at}/client-cert.pem`);
        expect(column('ssl_key')).toBe(`${at}/client-key.pem`);
        expect(column('ssl_crl')).toBe(`${at}/crl.pem`);
        expect(column('ssl_verify_server_cert')).toBe('Yes');
      });
    },
    120_000,
  );
});

test('of mysql2 for an address come with a warning, as it does not compare addresses', async () => {
  expect(await settings('mysql2', ['--host', '127.0.0.1'])).toContain('use a host name');
  expect(await settings('mysql2', ['--host', 'db'])).not.toContain('use a host name');
});

describe('the statement of a replica', () => {
  test.skipIf(missingServers('mysql56') !== undefined)('is MySQL 5.6’s too', async () => {
    await withServer('mysql56', 'config', {}, async (server) => {
      await server.query(await settings('master', ['--crl']), { args: ['--skip-ssl'] });
      const status = await server.query('SHOW SLAVE STATUS', { args: ['--skip-ssl'] });
      expect(status).toContain(`${at}/client-key.pem`);
      expect(status).toContain(`${at}/crl.pem`);
    });
  });
});

const python = ['/usr/bin/python3', '/usr/local/bin/python3'].find((path) => existsSync(path));

/** Python that runs a printed program against a module which says what it was called with. */
const modules = `
import sys, types, json
def connect(**words):
    print(json.dumps({'connect': words}))
def create_engine(url, **words):
    print(json.dumps({'url': url, **words}))
for name, member in (('pymysql', connect), ('sqlalchemy', create_engine)):
    module = types.ModuleType(name)
    setattr(module, member.__name__, member)
    sys.modules[name] = module
`;

describe('settings for programs that are not here', () => {
  const own = ['--host', 'db1.example.com', '--user', "o'hara@x", '--database', 'shop'];

  test.skipIf(python === undefined)('are Python: PyMySQL and SQLAlchemy get their words', async () => {
    const run = (program: string): Record<string, Record<string, unknown>> =>
      JSON.parse(execFileSync(python ?? '', ['-'], { input: modules + program, encoding: 'utf8' }));
    const tls = {
      ssl_ca: `${at}/ca.pem`,
      ssl_cert: `${at}/client-cert.pem`,
      ssl_key: `${at}/client-key.pem`,
      ssl_verify_cert: true,
      ssl_verify_identity: true,
    };
    const where = { host: 'db1.example.com', port: 3306, user: "o'hara@x", database: 'shop' };
    expect(run(await settings('pymysql', own))).toEqual({ connect: { ...where, ...tls } });
    const engine = run(await settings('sqlalchemy', own));
    expect(engine['connect_args']).toEqual(tls);
    const url = new URL(engine['url'] as unknown as string);
    expect(decodeURIComponent(url.username)).toBe("o'hara@x");
    expect([url.protocol, url.host, url.pathname]).toEqual([
      'mysql+pymysql:',
      'db1.example.com:3306',
      '/shop',
    ]);
  });

  test('are URLs whose every part survives: Connector/J of both, Prisma', async () => {
    const urlOf = async (name: string): Promise<URL> => {
      const text = await settings(name, own);
      return new URL(/(?:jdbc:)?((?:mysql|mariadb):\/\/[^"\n]+)/.exec(text)?.[1] ?? '');
    };
    const encoded = at.replaceAll(' ', '%20').replaceAll('#', '%23');
    const jdbc = (await urlOf('jdbc')).searchParams;
    expect(Object.fromEntries(jdbc)).toEqual({
      user: "o'hara@x",
      sslMode: 'VERIFY_IDENTITY',
      trustCertificateKeyStoreUrl: `file:${encoded}/trust.p12`,
      trustCertificateKeyStoreType: 'PKCS12',
      clientCertificateKeyStoreUrl: `file:${encoded}/client.p12`,
      clientCertificateKeyStoreType: 'PKCS12',
    });
    const mariadb = (await urlOf('jdbc-mariadb')).searchParams;
    expect(Object.fromEntries(mariadb)).toEqual({
      user: "o'hara@x",
      sslMode: 'verify-full',
      serverSslCert: `${at}/ca.pem`,
      keyStore: `${at}/client.p12`,
      keyStoreType: 'PKCS12',
    });
    const prisma = await urlOf('prisma');
    expect(decodeURIComponent(prisma.username)).toBe("o'hara@x");
    expect(Object.fromEntries(prisma.searchParams)).toEqual({
      sslcert: `${at}/ca.pem`,
      sslidentity: `${at}/client.p12`,
      sslpassword: 'P12PASSWORD',
      sslaccept: 'strict',
    });
  });

  test('carry the words each adapter of Rails knows', async () => {
    const mysql2 = await settings('rails', own);
    for (const word of ['sslca:', 'sslcert:', 'sslkey:', 'ssl_mode: :verify_identity', 'sslverify: true'])
      expect(mysql2).toContain(word);
    const trilogy = await settings('trilogy', [...own, '--crl']);
    for (const word of ['ssl_ca:', 'ssl_cert:', 'ssl_key:', 'ssl_crl:', 'ssl_mode: verify_identity'])
      expect(trilogy).toContain(word);
  });
});

test('the commands that make a PKCS#12 store make one', async () => {
  const where = join(folder, 'sto res');
  mkdirSync(where);
  await certsOk(folder, ['deploy', where, '--user', 'app', '-a', 'ca']);
  const line = /# (openssl pkcs12 .*)/.exec(await settings('jdbc', [], where))?.[1] ?? '';
  execFileSync('sh', ['-c', `${line} -passout pass:x`], { stdio: 'pipe' });
  const said = execFileSync('openssl', [
    'pkcs12',
    '-in',
    join(where, 'client.p12'),
    '-passin',
    'pass:x',
    '-nokeys',
  ]);
  expect(said.toString()).toContain('CN = app');
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  cacheFolder,
  missingServers,
  type RunningServer,
  type ServerName,
  withServer,
} from '../servers/index.ts';
import { type DrillClient, hostFolder, mariadbClient, mysqlClient, pairOptions, runAs } from './drill.ts';
import { certsOk } from './rowlock-certs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-accept-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kinds = ['ec-p256', 'rsa-2048', 'rsa-3072', 'rsa-4096'] as const;
type Kind = (typeof kinds)[number];

/** Subjects with whatever people and tools put into names; each a user whose statements are pasted as printed. */
const long = (letter: string): string => letter.repeat(64);
const subjects: Readonly<Record<string, string>> = {
  plain: '/CN=plain',
  spaces: '/O=Acme, Inc. & Sons/CN=  two  words ',
  slashes: '/O=a\\/b\\/\\/c/CN=x\\/O=y',
  quotes: `/O=O'Neill "& Co"/CN=\`it's\``,
  backslashes: '/O=a\\\\b\\\\\\\\c/CN=\\\\',
  letters: '/O=Größe 日本 🚣/CN=Ł’été',
  marks: '/O=50% _ $x ${y} #z ;/CN=a=b,c+d<e>',
  long: `/O=${long('o')}/OU=${long('p')}/OU=${long('q')}/OU=${long('r')}/CN=${long('s')}`,
};
const requirements = ['subject-issuer', 'subject', 'issuer', 'x509'] as const;

interface Printed {
  readonly create: string;
  readonly grant: string;
}
const printed = new Map<string, { readonly statements: Printed; readonly oldStatements: Printed }>();

const run = (kind: Kind, ...argv: string[]): Promise<string> =>
  certsOk(folder, [...argv, '-a', `ca-${kind}`]);

beforeAll(async () => {
  await Promise.all(
    kinds.map(async (kind) => {
      const form = kind === 'rsa-2048' || kind === 'rsa-4096' ? 'traditional' : 'pkcs8';
      const name = `/C=DE/O=Acme, "O'Neill" & Sons/CN=Größe ${kind}`;
      await certsOk(folder, ['init', `ca-${kind}`, '--key', kind, '--key-form', form, '--name', name]);
      await run(kind, 'server', 'localhost', '--san', '127.0.0.1');
      if (kind === 'rsa-3072')
        await run(kind, 'server', 'old', '--san', '127.0.0.1', '--key-form', 'traditional');
      await run(kind, 'user', 'app');
      await run(kind, 'deploy', hostFolder(folder, kind), '--user', 'app');
    }),
  );
  for (const [index, [user, subject]] of Object.entries(subjects).entries()) {
    const require = requirements[index % 2] ?? 'subject';
    const said = await run('ec-p256', 'user', user, '--subject', subject, '--require', require, '--json');
    printed.set(user, JSON.parse(said) as never);
    await run('ec-p256', 'deploy', hostFolder(folder, user), '--user', user);
  }
}, 240_000);

const missingOpenssl = ((): boolean => {
  try {
    execFileSync('openssl', ['version']);
    return false;
  } catch {
    console.log('skipped: no openssl program');
    return true;
  }
})();

describe.skipIf(missingOpenssl).each(kinds)('pairs with %s keys', (kind) => {
  const openssl = (...args: string[]): string =>
    execFileSync('openssl', args, { cwd: join(folder, `ca-${kind}`), encoding: 'utf8', stdio: 'pipe' });

  test('are verified by openssl in its strictest mode, and shown with all their parts', () => {
    for (const [purpose, file] of [
      ['sslserver', 'servers/localhost/server-cert.pem'],
      ['sslclient', 'users/app/client-cert.pem'],
    ] as const) {
      const verify = ['verify', '-x509_strict', '-purpose', purpose, '-CAfile', 'ca.pem'];
      expect(openssl(...verify, file)).toContain('OK');
      const text = openssl('x509', '-in', file, '-noout', '-text');
      const size = kind === 'ec-p256' ? '256 bit' : `${kind.slice(4)} bit`;
      expect(text).toContain(`Public-Key: (${size})`);
      expect(text).toContain('Version: 3');
      expect(text).toContain('CA:FALSE');
      expect(text).toContain('Digital Signature, Key Encipherment');
      expect(text).toContain('TLS Web Client Authentication');
      expect(text.includes('TLS Web Server Authentication')).toBe(purpose === 'sslserver');
      expect(text.includes('DNS:localhost, IP Address:127.0.0.1')).toBe(purpose === 'sslserver');
    }
    const key = readFileSync(join(folder, `ca-${kind}/users/app/client-key.pem`), 'utf8');
    expect(key).toContain(
      kind === 'rsa-2048' || kind === 'rsa-4096' ? 'BEGIN RSA PRIVATE KEY' : 'BEGIN PRIVATE KEY',
    );
    expect(openssl('pkey', '-in', 'users/app/client-key.pem', '-check', '-noout')).toContain('valid');
  });
});

/** The other vendor's way to log in is a plugin of the client's package. */
const plugins = (name: ServerName, path: string): string =>
  `--plugin-dir=${join(cacheFolder(), name, 'usr/lib', path)}`;
const mariadbWithPlugins = (name: ServerName): DrillClient =>
  mariadbClient(name, plugins(name, 'x86_64-linux-gnu/libmariadb3/plugin'));

const clients: Readonly<Record<string, DrillClient>> = {
  'mysql 9.7': { ...mysqlClient, verify: [...mysqlClient.verify, plugins('mysql97', 'mysql/plugin')] },
  'mariadb 11.8': mariadbWithPlugins('mariadb118'),
  'mariadb 10.11': mariadbWithPlugins('mariadb1011'),
  'mariadb 10.5': mariadbWithPlugins('mariadb105'),
};

/** Of all clients, those that log in with this pair and see what they asked for. */
async function accepted(server: RunningServer, user: string, pair: string): Promise<string[]> {
  const names: string[] = [];
  for (const [name, client] of Object.entries(clients)) {
    const sql = 'select current_user()';
    const { exit, stdout } = await runAs(folder, client, { user, pair }, server.port, sql);
    if (exit === 0 && stdout === `${user}@%\n`) names.push(name);
  }
  return names;
}

const servers = [
  { name: 'mysql97', reload: 'ALTER INSTANCE RELOAD TLS', form: 'statements' },
  { name: 'mariadb118', reload: 'FLUSH SSL', form: 'statements' },
  { name: 'mariadb1011', reload: 'FLUSH SSL', form: 'statements' },
  // Linked with OpenSSL 1.1.1.
  { name: 'mariadb105', reload: 'FLUSH SSL', form: 'oldStatements' },
] as const satisfies readonly { name: ServerName; reload: string; form: string }[];

const needed: readonly ServerName[] = ['mysql97', 'mariadb118', 'mariadb1011', 'mariadb105'];

describe.each(servers)('$name', ({ name, reload, form }) => {
  test.skipIf(missingServers(...needed) !== undefined)(
    'serves pairs of every kind of key, to every client, with the name verified on both sides',
    async () => {
      const host = `host-${name}`;
      const put = (kind: Kind): Promise<string> =>
        run(kind, 'deploy', hostFolder(folder, host), '--server', 'localhost');
      await put('ec-p256');
      await withServer(name, 'accept', { args: pairOptions(folder, host) }, async (server) => {
        await server.query("CREATE USER 'app'@'%' REQUIRE X509");
        for (const kind of kinds) {
          await put(kind);
          await server.query(reload);
          expect(await accepted(server, 'app', kind), kind).toEqual(Object.keys(clients));
        }
        await put('ec-p256');
        await server.query(reload);
        for (const [user, said] of printed) {
          await server.query(said[form].create);
          const client = Object.values(clients)[0]!;
          const login = { user, pair: user };
          const right = await runAs(folder, client, login, server.port, 'select current_user()');
          expect(right, `${user}: ${said[form].create}`).toMatchObject({ exit: 0, stdout: `${user}@%\n` });
          const foreign = { user, pair: user === 'plain' ? 'long' : 'plain', trust: user };
          expect((await runAs(folder, client, foreign, server.port, 'select 1')).exit, user).not.toBe(0);
        }
      });
    },
    180_000,
  );
});

describe('MySQL 5.6, with yaSSL', () => {
  const client = mariadbClient('mariadb105', '--tls-version=TLSv1.0', '--ssl-cipher=AES256-SHA:@SECLEVEL=0');
  test.skipIf(missingServers('mysql56', 'mariadb105') !== undefined).each([
    { kind: 'rsa-2048', pair: 'localhost', takes: true },
    { kind: 'rsa-3072', pair: 'old', takes: true },
    { kind: 'rsa-4096', pair: 'localhost', takes: true },
    // The server says that it cannot get the private key, and starts without TLS.
    { kind: 'rsa-3072', pair: 'localhost', takes: false },
  ] as const)('with $kind, pair $pair: $takes', async ({ kind, pair, takes }) => {
    const host = `old-${kind}-${pair}`;
    await run(kind, 'deploy', hostFolder(folder, host), '--server', pair);
    const args = ['--bind-address=127.0.0.1', ...pairOptions(folder, host)];
    await withServer('mysql56', 'accept', { args }, async (server) => {
      const sql =
        "DELETE FROM mysql.user WHERE user = ''; FLUSH PRIVILEGES; GRANT USAGE ON *.* TO 'app'@'%' REQUIRE X509";
      await server.query(sql, { args: ['--skip-ssl'] });
      const login = (shown: string): ReturnType<typeof runAs> =>
        runAs(
          folder,
          client,
          { user: 'app', pair: shown, trust: kind },
          server.port,
          'select current_user()',
        );
      expect((await login(kind)).stdout).toBe(takes ? 'app@%\n' : '');
      expect((await login(kind === 'rsa-2048' ? 'rsa-4096' : 'rsa-2048')).exit).not.toBe(0);
      expect(readFileSync(server.errorLog, 'utf8').includes('Unable to get private key')).toBe(!takes);
    });
  });
});

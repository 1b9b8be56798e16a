import { generateKeyPairSync } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Command } from '../../src/wire/index.ts';
import { cacheFolder, missingServers, runTool } from '../servers/index.ts';
import { hasOpenssl, makePki, type Pki, temporaryFolder } from './authority.ts';
import { account, type Loopback, listenAsServer, serverTls } from './loopback.ts';

const PLUGINS = {
  sha2: 'caching_sha2_password',
  sha: 'sha256_password',
  clear: 'mysql_clear_password',
  native: 'mysql_native_password',
  ed: 'client_ed25519',
  par: 'parsec',
};

const accounts = Object.fromEntries(
  Object.entries(PLUGINS).map(([user, plugin]) => [user, account(plugin, 'pässword')]),
);
const { privateKey: rsaKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

type Client = 'mysql97' | 'mariadb118' | 'mariadb1011';

const TOOLS = {
  mysql97: { tool: 'mysql', plugins: 'usr/lib/mysql/plugin' },
  mariadb118: { tool: 'mariadb', plugins: 'usr/lib/x86_64-linux-gnu/libmariadb3/plugin' },
  mariadb1011: { tool: 'mariadb', plugins: 'usr/lib/x86_64-linux-gnu/libmariadb3/plugin' },
} as const;

describe.skipIf(missingServers('mysql97', 'mariadb118', 'mariadb1011') ?? !hasOpenssl())(
  'the real clients',
  () => {
    const [folder, remove] = temporaryFolder();
    let pki: Pki;
    let server: Loopback;

    beforeAll(async () => {
      pki = makePki(folder);
      const options = { rsaKey, compression: true };
      server = await listenAsServer(accounts, {
        ...options,
        tls: serverTls(pki.servers.good, [pki.root.cert]),
        verifier: {
          account: ({ user }) => accounts[user] ?? (user === 'wantscert' ? accounts['sha2'] : undefined),
          admit: ({ user, tls }) => (user === 'wantscert' && tls?.verified !== 'ca' ? 'denied' : true),
        },
      });
    });

    afterAll(async () => {
      await server.close();
      remove();
    });

    /** What the client printed: `user cipher`, or its error. */
    async function run(
      client: Client,
      user: string,
      args: readonly string[] = [],
      port: number = server.port,
    ): Promise<string> {
      const { tool, plugins } = TOOLS[client];
      const { exit, stdout, stderr } = await runTool(client, tool, [
        '--no-defaults',
        '-h127.0.0.1',
        `-P${port}`,
        `-u${user}`,
        '-ppässword',
        '--default-character-set=utf8mb4',
        `--plugin-dir=${join(cacheFolder(), client, plugins)}`,
        ...args,
        '-Ne',
        'SELECT 1',
      ]);
      return exit === 0
        ? stdout.trim().split('\t').slice(0, 2).join(' ').trim()
        : stderr.split('\n').find((line) => line.startsWith('ERROR'))!;
    }

    const plain = ['--ssl-mode=DISABLED', '--get-server-public-key'];

    test.each(['sha2', 'sha', 'native'])(
      'mysql 9.7 logs in as %s, over TLS, plain, compressed',
      async (user) => {
        expect(await run('mysql97', user)).toMatch(new RegExp(`^${user} TLS_`));
        expect(await run('mysql97', user, plain)).toBe(user);
        for (const algorithm of ['zlib', 'zstd']) {
          expect(await run('mysql97', user, [`--compression-algorithms=${algorithm}`])).toMatch(
            new RegExp(`^${user} TLS_`),
          );
        }
        const denied = `ERROR 1045 (28000): Access denied for user '${user}'@'127.0.0.1' (using password: YES)`;
        expect(await run('mysql97', user, ['-pwrong'])).toBe(denied);
        expect(await run('mysql97', user, ['-pwrong', ...plain])).toBe(denied);
      },
    );

    test('mysql 9.7 gives a password in clear over TLS only', async () => {
      expect(await run('mysql97', 'clear', ['--enable-cleartext-plugin'])).toMatch(/^clear TLS_/);
      expect(await run('mysql97', 'clear', ['--enable-cleartext-plugin', ...plain])).toContain('ERROR 1045');
    });

    test('mysql 9.7 verifies the certificate, shows its own, and is told when it lacks one', async () => {
      const identity = ['--ssl-mode=VERIFY_IDENTITY', `--ssl-ca=${pki.root.cert}`];
      const alice = [`--ssl-cert=${pki.clients.alice.cert}`, `--ssl-key=${pki.clients.alice.key}`];
      const stranger = [`--ssl-cert=${pki.clients.stranger.cert}`, `--ssl-key=${pki.clients.stranger.key}`];
      expect(await run('mysql97', 'wantscert', [...identity, ...alice])).toMatch(/^wantscert TLS_/);
      expect(await run('mysql97', 'wantscert', identity)).toContain('ERROR 1045');
      expect(await run('mysql97', 'sha2', [...identity, ...stranger])).toMatch(/^ERROR (2013|2026)/);
      expect(await run('mysql97', 'sha2', ['--tls-version=TLSv1.2', ...identity])).toMatch(/^sha2 ECDHE-/);
      expect(await run('mysql97', 'sha2', [`--ssl-ca=${pki.stranger.cert}`])).toMatch(/^ERROR 2026/);
    });

    test.each([
      ['mariadb118', 'native'],
      ['mariadb118', 'ed'],
      ['mariadb118', 'par'],
      ['mariadb118', 'sha2'],
      ['mariadb1011', 'native'],
      ['mariadb1011', 'ed'],
    ] as const)('%s logs in as %s, over TLS and compressed', async (client, user) => {
      const unverified = ['--ssl', '--skip-ssl-verify-server-cert'];
      expect(await run(client, user, unverified)).toMatch(new RegExp(`^${user} TLS_`));
      expect(await run(client, user, [...unverified, '--compress'])).toMatch(new RegExp(`^${user} TLS_`));
      expect(await run(client, user, [...unverified, '-pwrong'])).toContain('ERROR 1045');
      const verified = ['--ssl-verify-server-cert', `--ssl-ca=${pki.root.cert}`];
      expect(await run(client, user, verified)).toMatch(new RegExp(`^${user} TLS_`));
    });

    // MariaDB's client holds no server on loopback to a proof, and goes away from a greeting with a plugin that has none.
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((link) => link?.family === 'IPv4' && !link.internal)?.address;

    test.skipIf(outside === undefined).each(['native', 'ed', 'par'])(
      'mariadb 11.8 accepts a self-signed certificate when it is proved by the password of %s, and not otherwise',
      async (user) => {
        const tls = serverTls(pki.servers.selfSigned);
        const { certificate: _, ...mute } = tls;
        const outcomes: string[] = [];
        for (const setup of [tls, mute]) {
          const self = await listenAsServer(
            accounts,
            { tls: setup, defaultPlugin: 'mysql_native_password' },
            undefined,
            outside,
          );
          outcomes.push(
            await run('mariadb118', user, [`-h${outside}`, '--ssl-verify-server-cert'], self.port),
          );
          await self.close();
        }
        expect(outcomes[0]).toMatch(new RegExp(`^${user} TLS_`));
        expect(outcomes[1]).toMatch(/^ERROR 2026/);
      },
    );

    test('mysqlbinlog 9.7 asks what it asks, and reads what it is sent', async () => {
      const asked: string[] = [];
      const source = await listenAsServer(accounts, { tls: serverTls(pki.servers.good) }, async (session) => {
        for (
          let command = await session.command();
          command !== undefined;
          command = await session.command()
        ) {
          if (command.code === Command.COM_BINLOG_DUMP) {
            asked.push('dump');
            await session.error({
              errno: 1236,
              sqlState: 'HY000',
              message: 'Could not find first log file name in binary log index file',
            });
            return;
          }
          const statement = session.statement(command).toString();
          asked.push(statement);
          if (/VERSION/.test(statement)) await session.rows(['VERSION()'], [['9.7.0']]);
          else await session.ok();
        }
      });
      const { exit, stderr } = await runTool('mysql97', 'mysqlbinlog', [
        '--no-defaults',
        '-R',
        '-h127.0.0.1',
        `-P${source.port}`,
        '-usha2',
        '-ppässword',
        'x.000001',
      ]);
      expect(exit).toBe(1);
      expect(stderr).toContain('Could not find first log file name in binary log index file');
      expect(asked).toEqual([
        'SELECT VERSION()',
        "SET @master_binlog_checksum = 'NONE', @source_binlog_checksum = 'NONE'",
        'dump',
      ]);
      await source.close();
    });
  },
);

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  missingServers,
  type ProgramResult,
  type RunningServer,
  runTool,
  SERVERS,
  type ServerName,
  withServer,
} from '../servers/index.ts';
import { certsOk } from './rowlock-certs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-live-'));
const ca = join(folder, 'ca');
interface Statements {
  readonly create: string;
  readonly grant: string;
}
interface Printed {
  readonly statements: Statements;
  readonly oldStatements: Statements;
}
const statements = new Map<string, Printed>();

beforeAll(async () => {
  await certsOk(folder, ['init', 'ca', '--name', '/C=DE/O=Acme, Inc./CN=Ärger’s CA']);
  await certsOk(folder, ['server', 'localhost', '--san', '127.0.0.1', '-a', ca]);
  await certsOk(folder, ['init', 'other']);
  await certsOk(folder, ['user', 'stranger', '-a', 'other']);
  await certsOk(folder, ['user', 'lost', '-a', ca]);
  cpSync(join(ca, 'users/lost'), join(folder, 'lost'), { recursive: true });
  await certsOk(folder, ['revoke', 'lost', '-a', ca]);
  for (const [name, subject, requirement] of [
    ['both', "/O=a\\/b/CN=O'Neill Ü", 'subject-issuer'],
    ['sub', '/DC=com/UID=7/CN=sub', 'subject'],
    ['iss', '/CN=iss', 'issuer'],
    ['any', '/CN=any', 'x509'],
  ] as const) {
    const text = await certsOk(folder, [
      'user',
      name,
      '--subject',
      subject,
      '--require',
      requirement,
      '-a',
      ca,
      '--json',
    ]);
    statements.set(name, JSON.parse(text) as Printed);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Options that make the server use the pair of `localhost`. */
function serverOptions(name: ServerName): string[] {
  const pair = join(ca, 'servers/localhost');
  return [
    // MariaDB 10.5 takes one address only.
    `--bind-address=${name === 'mariadb105' ? '0.0.0.0' : '127.0.0.1,127.0.0.2'}`,
    `--ssl-ca=${pair}/ca.pem`,
    `--ssl-cert=${pair}/server-cert.pem`,
    `--ssl-key=${pair}/server-key.pem`,
    `--ssl-crl=${ca}/crl.pem`,
  ];
}

/** Logs in with the real client, which verifies the server's name, and shows who it is. */
function logIn(
  server: RunningServer,
  user: string,
  pair: string | undefined,
  host = '127.0.0.1',
): Promise<ProgramResult> {
  const { client } = SERVERS[server.name];
  const verify = client.tool === 'mysql' ? ['--ssl-mode=VERIFY_IDENTITY'] : ['--ssl-verify-server-cert'];
  const mine =
    pair === undefined ? [] : [`--ssl-cert=${pair}/client-cert.pem`, `--ssl-key=${pair}/client-key.pem`];
  return runTool(client.server, client.tool, [
    '--no-defaults',
    `--host=${host}`,
    `--port=${server.port}`,
    '--protocol=tcp',
    `--user=${user}`,
    `--ssl-ca=${ca}/ca.pem`,
    ...verify,
    ...mine,
    '--batch',
    '--skip-column-names',
    '-e',
    'select current_user()',
  ]);
}

const servers: readonly ServerName[] = ['mysql97', 'mariadb118', 'mariadb1011', 'mariadb105'];

describe.each(servers)('%s', (name) => {
  test.skipIf(missingServers(name) !== undefined)(
    'takes the pairs as they are made and the statements as they are printed, with every name verified',
    async () => {
      await withServer(name, 'certs', { args: serverOptions(name) }, async (server) => {
        for (const { statements: now, oldStatements: old } of statements.values())
          await server.query((name === 'mariadb105' ? old : now).create);
        for (const user of statements.keys()) {
          const own = join(ca, 'users', user);
          expect(await logIn(server, user, own), user).toMatchObject({ exit: 0, stdout: `${user}@%\n` });
          expect((await logIn(server, user, own, 'localhost')).exit, `${user} by name`).toBe(0);
          expect((await logIn(server, user, undefined)).exit, `${user} without certificate`).not.toBe(0);
          const foreign = join(folder, 'other/users/stranger');
          expect((await logIn(server, user, foreign)).exit, `${user} with another authority's`).not.toBe(0);
        }
        // A certificate of the same authority, but of another account.
        expect((await logIn(server, 'sub', join(ca, 'users/any'))).exit).not.toBe(0);
        expect((await logIn(server, 'both', join(ca, 'users/any'))).exit).not.toBe(0);
        expect((await logIn(server, 'iss', join(ca, 'users/any'))).exit).toBe(0);
        await server.query("CREATE USER 'lost'@'%' REQUIRE X509");
        expect((await logIn(server, 'lost', join(ca, 'users/any'))).exit).toBe(0);
        expect((await logIn(server, 'lost', join(folder, 'lost'))).exit, 'revoked').not.toBe(0);
        // A name that is not in the server's certificate.
        const wrong = await logIn(server, 'any', join(ca, 'users/any'), '127.0.0.2');
        expect(wrong.exit).not.toBe(0);
        expect(wrong.stderr, 'reached, and not believed').toMatch(/certificate|hostname/i);
      });
    },
  );
});

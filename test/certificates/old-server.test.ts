import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  missingServers,
  type ProgramResult,
  type RunningServer,
  runTool,
  withServer,
} from '../servers/index.ts';
import { certsOk } from './rowlock-certs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-old-'));
const ca = join(folder, 'ca');
const grants = new Map<string, string>();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  const old = ['--key', 'rsa-2048', '--key-form', 'traditional'];
  await certsOk(folder, ['init', 'ca', ...old, '--name', '/C=DE/O=Acme, Inc./CN=old CA, Köln']);
  await certsOk(folder, ['server', 'localhost', '--san', '127.0.0.1', '-a', ca]);
  for (const [name, subject, requirement] of [
    ['both', "/O=a b/CN=O'Neill", 'subject-issuer'],
    ['sub', '/C=DE/ST=x/L=y/O=z/OU=u/CN=sub/emailAddress=a@b.c', 'subject'],
    ['utf', '/O=Größe/CN=日本 é', 'subject-issuer'],
    ['dc', '/DC=com/UID=7/CN=dc', 'subject'],
    ['iss', '/CN=iss', 'issuer'],
    ['any', '/CN=any', 'x509'],
  ] as const) {
    const argv = ['user', name, '--subject', subject, '--require', requirement, '-a', ca, '--json'];
    const printed = JSON.parse(await certsOk(folder, argv)) as {
      yasslStatements: { grant: string };
    };
    grants.set(name, printed.yasslStatements.grant);
  }
}, 60_000);

/** Logs in with MariaDB 10.5's client, whose OpenSSL 1.1.1 still speaks TLS 1.0; the package of MySQL 5.6 has no client. */
function logIn(
  server: RunningServer,
  user: string,
  pair?: string,
  host = '127.0.0.1',
): Promise<ProgramResult> {
  const own = join(ca, 'users', pair ?? '');
  return runTool('mariadb105', 'mariadb', [
    '--no-defaults',
    `--host=${host}`,
    `--port=${server.port}`,
    '--protocol=tcp',
    `--user=${user}`,
    `--ssl-ca=${ca}/ca.pem`,
    '--ssl-verify-server-cert',
    '--tls-version=TLSv1.0',
    // yaSSL's groups for ephemeral keys have 512 bits.
    '--ssl-cipher=AES256-SHA:@SECLEVEL=0',
    ...(pair === undefined ? [] : [`--ssl-cert=${own}/client-cert.pem`, `--ssl-key=${own}/client-key.pem`]),
    '--batch',
    '--skip-column-names',
    '-e',
    "select concat(current_user(), ' ', variable_value) from information_schema.session_status where variable_name = 'Ssl_version'",
  ]);
}

describe('MySQL 5.6, with yaSSL', () => {
  test.skipIf(missingServers('mysql56', 'mariadb105') !== undefined)(
    'takes traditional RSA pairs and the printed grants, with the name verified',
    async () => {
      const pair = join(ca, 'servers/localhost');
      const args = [
        '--bind-address=0.0.0.0',
        `--ssl-ca=${pair}/ca.pem`,
        `--ssl-cert=${pair}/server-cert.pem`,
        `--ssl-key=${pair}/server-key.pem`,
      ];
      await withServer('mysql56', 'certs-old', { args }, async (server) => {
        // The package's data has accounts without a name, which win over 'name'@'%' from this machine.
        await server.query("DELETE FROM mysql.user WHERE user = ''; FLUSH PRIVILEGES", {
          args: ['--skip-ssl'],
        });
        for (const grant of grants.values()) await server.query(grant, { args: ['--skip-ssl'] });
        for (const user of grants.keys()) {
          if (user === 'dc') continue;
          expect(await logIn(server, user, user), user).toMatchObject({
            exit: 0,
            stdout: `${user}@% TLSv1\n`,
          });
          expect((await logIn(server, user, user, 'localhost')).exit, `${user} by name`).toBe(0);
          expect((await logIn(server, user)).exit, `${user} without certificate`).not.toBe(0);
        }
        expect((await logIn(server, 'sub', 'any')).exit).not.toBe(0);
        expect((await logIn(server, 'both', 'any')).exit).not.toBe(0);
        expect((await logIn(server, 'iss', 'any')).exit).toBe(0);
        // yaSSL leaves parts out of a name that it does not know.
        await logIn(server, 'dc', 'dc');
        expect(readFileSync(server.errorLog, 'utf8')).toContain("'/DC=com/UID=7/CN=dc' but is '/CN=dc'");
        const wrong = await logIn(server, 'any', 'any', '127.0.0.2');
        expect(wrong.exit).not.toBe(0);
        expect(wrong.stderr).toMatch(/certificate|hostname/i);
      });
    },
  );
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingServers, runTool, SERVERS, type ServerName, withServer } from '../servers/index.ts';
import { certsOk } from './rowlock-certs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-odd-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Subjects as `openssl req` takes them; the mask says which string type they are written in. */
const subjects = {
  utf8: { subject: '/O=Größe GmbH/CN=日本', mask: 'utf8only' },
  slash: { subject: '/O=a\\/b, "c"/CN=x\\/O=y', mask: 'utf8only' },
  mail: { subject: "/CN=O'Neill/emailAddress=a@b.c", mask: 'utf8only' },
  several: { subject: '/DC=com/CN=a+UID=7/OU=p\\+q', mask: 'utf8only' },
  bmp: { subject: '/O=Größe/CN=bmp', mask: 'MASK:0x800' },
  latin: { subject: '/O=Größe/CN=latin', mask: 'MASK:0x4' },
} as const;

const missingOpenssl = ((): boolean => {
  try {
    execFileSync('openssl', ['version']);
    return false;
  } catch {
    console.log('skipped: no openssl program');
    return true;
  }
})();

const statements = new Map<string, Record<'statements' | 'oldStatements', { create: string }>>();

beforeAll(async () => {
  if (missingOpenssl) return;
  await certsOk(folder, ['init', 'ca', '--name', '/O=a\\/b/CN=Odd+CA', '--key', 'rsa-2048']);
  await certsOk(folder, ['server', 'db', '--san', '127.0.0.1', '--key-form', 'traditional', '-a', 'ca']);
  for (const [name, { subject, mask }] of Object.entries(subjects)) {
    mkdirSync(join(folder, name));
    writeFileSync(
      join(folder, name, 'req.cnf'),
      `[req]\nutf8=yes\nprompt=no\nstring_mask=${mask}\ndistinguished_name=dn\n[dn]\n`,
    );
    const at = (file: string): string => join(folder, name, file);
    const request = ['req', '-config', at('req.cnf'), '-utf8', '-new', '-newkey', 'rsa:2048', '-nodes'];
    execFileSync('openssl', [...request, '-keyout', at('key.pem'), '-out', at('req.pem'), '-subj', subject], {
      stdio: 'pipe',
    });
    const said = await certsOk(folder, ['sign', at('req.pem'), '--user', name, '--json', '-a', 'ca']);
    statements.set(name, JSON.parse(said));
  }
});

// MariaDB 10.5 is linked with OpenSSL 1.1.1 and MySQL 5.6 with yaSSL; the others with OpenSSL 3.
const servers: readonly { readonly name: ServerName; readonly form: 'statements' | 'oldStatements' }[] = [
  { name: 'mysql97', form: 'statements' },
  { name: 'mariadb118', form: 'statements' },
  { name: 'mariadb1011', form: 'statements' },
  { name: 'mariadb105', form: 'oldStatements' },
];

describe.skipIf(missingOpenssl).each(servers)('$name compares names', ({ name, form }) => {
  test.skipIf(missingServers(name) !== undefined)(
    'as they are printed, whatever the characters and string types',
    async () => {
      const pair = join(folder, 'ca/servers/db');
      const args = [
        `--ssl-ca=${pair}/ca.pem`,
        `--ssl-cert=${pair}/server-cert.pem`,
        `--ssl-key=${pair}/server-key.pem`,
      ];
      await withServer(name, 'odd', { args }, async (server) => {
        const { client } = SERVERS[name];
        const verdicts: Record<string, string> = {};
        for (const [user, printed] of statements) {
          await server.query(printed[form].create);
          const { stdout, stderr } = await runTool(client.server, client.tool, [
            '--no-defaults',
            '--host=127.0.0.1',
            `--port=${server.port}`,
            '--protocol=tcp',
            `--user=${user}`,
            `--ssl-ca=${pair}/ca.pem`,
            `--ssl-cert=${folder}/ca/users/${user}/client-cert.pem`,
            `--ssl-key=${folder}/${user}/key.pem`,
            '--batch',
            '--skip-column-names',
            '-e',
            'select current_user()',
          ]);
          verdicts[user] = stdout.trim() || stderr.trim();
        }
        expect(verdicts).toEqual(
          Object.fromEntries(Object.keys(subjects).map((user) => [user, `${user}@%`])),
        );
      });
    },
  );
});

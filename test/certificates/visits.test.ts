import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runDoctor } from '../../src/cli/doctor/index.ts';
import {
  missingServers,
  type RunningServer,
  type ServerName,
  startServer,
  withServer,
} from '../servers/index.ts';
import { certs, certsOk, printedBy } from './rowlock-certs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-visit-'));
const env = { MYSQL_PWD: 'a secret' };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Finding {
  readonly code: string;
  readonly steps: readonly { readonly in: string; readonly text: string }[];
}

/** Codes of what the doctor finds, and how it ended. */
async function doctor(
  server: RunningServer,
  ...more: string[]
): Promise<{ status: number; codes: string[]; findings: readonly Finding[] }> {
  const argv = [`127.0.0.1:${server.port}`, '--user', 'admin', '--json', ...more];
  const { status, stdout } = await printedBy(folder, { argv, env }, runDoctor);
  const { findings, unseen } = JSON.parse(stdout) as {
    findings: readonly Finding[];
    unseen: readonly string[];
  };
  expect(unseen).toEqual([]);
  return { status, codes: findings.map(({ code }) => code), findings };
}

const pairOptions = (name: string): string[] => {
  const at = join(folder, 'hosts', name);
  return [`--ssl-ca=${at}/ca.pem`, `--ssl-cert=${at}/server-cert.pem`, `--ssl-key=${at}/server-key.pem`];
};

async function admin(server: RunningServer): Promise<void> {
  await server.query(
    "CREATE USER 'admin'@'%' IDENTIFIED BY 'a secret' REQUIRE SSL; GRANT ALL ON *.* TO 'admin'@'%' WITH GRANT OPTION",
  );
}

const modern: readonly ServerName[] = ['mysql97', 'mariadb118'];

describe.each(modern)('visits to %s', (name) => {
  const ca = `ca-${name}`;
  const host = `${name}-host`;
  const target = join(folder, 'hosts', host);
  const run = (...argv: string[]): ReturnType<typeof certs> => certs(folder, [...argv, '-a', ca], { env });

  beforeAll(async () => {
    await certsOk(folder, ['init', ca]);
    await certsOk(folder, ['server', host, '--san', '127.0.0.1', '-a', ca]);
    await certsOk(folder, ['user', 'admin', '-a', ca]);
    await certsOk(folder, ['deploy', target, '--server', host, '-a', ca]);
  });

  test.skipIf(missingServers(name) !== undefined)('check, deploy with reload, enforce', async () => {
    await withServer(name, 'visit', { args: pairOptions(host) }, async (server) => {
      await admin(server);
      const place = `127.0.0.1:${server.port}`;
      expect(await certs(folder, ['check', place, '--trust', `${ca}/ca.pem`])).toMatchObject({ status: 0 });
      const foreign = await certs(folder, [
        'check',
        place,
        '--trust',
        `${ca}/servers/${host}/server-cert.pem`,
      ]);
      // Clients trust no certificate by itself that another one signed.
      expect(foreign.stdout).toContain('no authority in the CA file signed');

      await run('rotate', host);
      const reload = ['--server', host, '--reload', place, '--user', 'x'];
      const nobody = await run('deploy', target, ...reload.slice(0, 4));
      expect(nobody).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('--reload-user NAME') as string,
      });
      const deployed = await run('deploy', target, ...reload.slice(0, 4), '--reload-user', 'admin');
      expect(deployed).toMatchObject({ status: 0, stderr: '' });
      expect(deployed.stdout).toContain(
        name === 'mysql97' ? 'served after ALTER INSTANCE RELOAD TLS' : 'served after FLUSH SSL',
      );
      const elsewhere = await run('deploy', join(folder, `elsewhere-${name}`), '--server', host);
      expect(elsewhere.status).toBe(0);
      await run('rotate', host);
      const wrong = await run(
        'deploy',
        join(folder, `elsewhere-${name}`),
        ...reload.slice(0, 4),
        '--reload-user',
        'admin',
      );
      expect(wrong.status).toBe(1);
      expect(wrong.stdout).toContain('serves another certificate');

      await server.query("CREATE USER 'app'@'%' IDENTIFIED BY 'x'");
      const enforce = (...argv: string[]): ReturnType<typeof certs> =>
        certs(folder, ['enforce', place, '-u', 'admin', ...argv], { env });
      expect((await enforce()).stdout).toMatch(/'app'@'%' +REQUIRE NONE +can log in without TLS/);
      expect((await enforce('--require', 'x509', '--account', 'app', '--dry-run')).stdout).toBe(
        "ALTER USER 'app'@'%' REQUIRE X509;\n",
      );
      expect((await enforce()).stdout).toMatch(/'app'@'%' +REQUIRE NONE/);
      expect((await enforce('--require', 'x509', '--account', 'app')).status).toBe(0);
      expect((await enforce()).stdout).toMatch(/'app'@'%' +REQUIRE X509/);
      await server.query("CREATE USER 'o''neill'@'DB2.Example' IDENTIFIED BY 'x'; CREATE ROLE 'reader'");
      expect((await enforce('--require', 'ssl', '--account', "o'neill@DB2.Example")).stdout).toBe(
        "ALTER USER 'o''neill'@'db2.example' REQUIRE SSL;\n",
      );
      // sql_mode decides what a backslash in a string is; the two accounts must not be taken for one another.
      await server.query(
        "CREATE USER 'dom\\\\app'@'%' IDENTIFIED BY 'x'; CREATE USER 'dom\\\\\\\\app'@'%' IDENTIFIED BY 'x'",
      );
      for (const [mode, require] of [
        ["CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES,ANSI_QUOTES')", 'ssl'],
        ['DEFAULT', 'x509'],
      ] as const) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await server.query(`SET GLOBAL sql_mode = ${mode}`);
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        expect((await enforce('--require', require, '--account', 'dom\\app')).stdout).toBe(
          `ALTER USER \`dom\\app\`@'%' REQUIRE ${require.toUpperCase()};\n`,
        );
      }
      const { stdout } = await enforce();
      expect(stdout).toMatch(/`dom\\app`@'%' +REQUIRE X509/);
      expect(stdout).toMatch(/`dom\\\\app`@'%' +REQUIRE NONE/);
      // MariaDB's roles are no accounts; MySQL's are, and locked.
      expect((await enforce()).stdout).not.toMatch(/'reader'.*can log in/);
      const less = await enforce('--require', 'ssl', '--account', 'app');
      expect(less).toMatchObject({
        status: 1,
        stderr: expect.stringContaining("these demand more already: 'app'@'%' (REQUIRE X509)") as string,
      });
      expect((await enforce()).stdout).toMatch(/'app'@'%' +REQUIRE X509/);
      const self = await enforce('--require', 'x509', '--account', 'admin');
      expect(self).toMatchObject({ status: 1, stderr: expect.stringContaining('lock itself out') as string });
      const own = join(folder, ca, 'users/admin');
      const shown = [
        '--ssl-ca',
        `${ca}/ca.pem`,
        '--ssl-cert',
        `${own}/client-cert.pem`,
        '--ssl-key',
        `${own}/client-key.pem`,
      ];
      expect((await enforce('--require', 'x509', '--account', 'admin', ...shown)).status).toBe(0);
      expect((await enforce()).status).toBe(1);
      expect((await enforce('--require', 'none', '--account', 'app', ...shown)).status).toBe(0);
    });
  });

  test.skipIf(missingServers(name) !== undefined)(
    'the doctor names broken states, and its statements mend them',
    async () => {
      await withServer(name, 'doctor', { args: pairOptions(host) }, async (server) => {
        await admin(server);
        const trust = ['--ssl-ca', `${ca}/ca.pem`];
        const mends = async (code: string): Promise<void> => {
          const { findings } = await doctor(server, ...trust);
          const steps = findings.find((finding) => finding.code === code)?.steps ?? [];
          const statements = steps.filter((step) => step.in === 'sql').map(({ text }) => text);
          expect(statements, code).not.toEqual([]);
          await server.query(statements.join(' '));
          expect(
            (await doctor(server, ...trust)).codes,
            `${code} after: ${statements.join(' ')}`,
          ).not.toContain(code);
        };
        expect((await doctor(server, ...trust)).codes).toContain('PLAIN_ALLOWED');
        await server.query(
          "CREATE USER 'app'@'%' IDENTIFIED BY 'x'; CREATE USER 'repl'@'%' IDENTIFIED BY 'x'; GRANT REPLICATION SLAVE ON *.* TO 'repl'@'%'",
        );
        expect((await doctor(server, ...trust)).status).toBe(2);
        await mends('REPLICATION_ACCOUNT_WITHOUT_TLS');
        await mends('ACCOUNT_WITHOUT_TLS');
        await mends('PLAIN_ALLOWED');
        await server.query('SET GLOBAL binlog_format = STATEMENT');
        await mends('NOT_ROW_FORMAT');
        await mends('ROW_METADATA');
        expect(await doctor(server, ...trust)).toMatchObject({ status: 0, codes: [] });

        expect((await doctor(server, '--warn', '2000')).codes).toEqual(['EXPIRES_SOON']);
        expect(
          (
            await doctor(server, '--replica', `127.0.0.1:${server.port}`).catch(() => ({
              codes: ['two answers'],
            }))
          ).codes,
        ).toEqual(['two answers']);
        if (name === 'mysql97') {
          await server.query(`SET GLOBAL ssl_cert = '${folder}/nothing.pem'`);
          expect((await doctor(server, ...trust)).codes).toEqual(['FILE_MISSING']);
          await server.query(
            `CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'elsewhere', SOURCE_USER = 'r', SOURCE_SSL = 0`,
          );
          expect((await doctor(server, ...trust)).codes).toEqual(
            expect.arrayContaining(['CHANNEL_PLAIN', 'CHANNEL_STATEMENTS', 'CHANNEL_ALL_PRIVILEGES']),
          );
          await server.query(
            "CHANGE REPLICATION SOURCE TO SOURCE_SSL = 1, REQUIRE_ROW_FORMAT = 1, SOURCE_SSL_CA = '/x/ca.pem'",
          );
          const { codes } = await doctor(server, ...trust);
          expect(codes).toContain('CHANNEL_UNVERIFIED');
          expect(codes).not.toContain('CHANNEL_STATEMENTS');
        } else {
          await server.query(
            "CHANGE MASTER 'far' TO MASTER_HOST = 'elsewhere', MASTER_USER = 'r', MASTER_SSL = 0",
          );
          expect((await doctor(server, ...trust)).codes).toEqual(['CHANNEL_PLAIN']);
        }
      });
    },
  );
});

describe('a server without TLS, and one that only knows TLS 1.0', () => {
  test.skipIf(missingServers('mysql56') !== undefined)(
    'are told apart, and need a restart for new files',
    async () => {
      await certsOk(folder, ['init', 'old-ca', '--key', 'rsa-2048', '--key-form', 'traditional']);
      await certsOk(folder, ['server', 'old', '--san', '127.0.0.1', '-a', 'old-ca']);
      const target = join(folder, 'hosts/old');
      await certsOk(folder, ['deploy', target, '--server', 'old', '-a', 'old-ca']);
      await withServer('mysql56', 'plain', {}, async (server) => {
        await certsOk(folder, ['server', 'modern', '--key-form', 'pkcs8', '-a', 'old-ca']);
        const modern = ['deploy', join(folder, 'modern'), '--server', 'modern', '-a', 'old-ca'];
        const told = await certs(folder, [...modern, '--reload', `127.0.0.1:${server.port}`]);
        expect(told.stderr).toContain('traditional form alone: restarted, it would start without TLS');
        await certsOk(folder, ['revoke', 'server/modern', '-a', 'old-ca']);
        const { stdout, status } = await certs(folder, ['check', `127.0.0.1:${server.port}`]);
        expect(stdout).toContain('offers no TLS');
        expect(status).toBe(2);
      });
      await withServer('mysql56', 'old', { args: pairOptions('old') }, async (server) => {
        const place = `127.0.0.1:${server.port}`;
        expect((await certs(folder, ['check', place, '--trust', 'old-ca/ca.pem'])).status).toBe(0);
        const report = await printedBy(folder, { argv: [place], env }, runDoctor);
        expect(report.stdout).toContain('the best protocol the server has is TLSv1');
        expect(report.status).toBe(2);
        await certsOk(folder, ['rotate', 'old', '-a', 'old-ca']);
        const deploy = await certs(
          folder,
          ['deploy', target, '--server', 'old', '--reload', place, '-a', 'old-ca'],
          { env },
        );
        expect(deploy.status).toBe(1);
        expect(deploy.stdout).toContain('takes it at its next restart');
        // A roll-over waits for this server.
        await certsOk(folder, ['rotate', '--ca', '-a', 'old-ca']);
        await certs(folder, ['deploy', target, '--server', 'old', '--reload', place, '-a', 'old-ca'], {
          env,
        });
        const waiting = await certs(folder, ['rotate', '--ca', '-a', 'old-ca']);
        expect(waiting.status).toBe(1);
        expect(waiting.stderr).toContain(`has not reached: server old (${target})`);
        expect(existsSync(join(target, 'server-key.pem'))).toBe(true);
        // Restarted, it goes on; each stage waits again, also where only what it trusts has changed.
        let running = server;
        for (const stage of ['trust', 'pairs', 'done']) {
          const deployNow = (...more: string[]): ReturnType<typeof certs> => {
            const at = `127.0.0.1:${running.port}`;
            return certs(
              folder,
              ['deploy', target, '--server', 'old', '--reload', at, '-a', 'old-ca', ...more],
              { env },
            );
          };
          const waits = await deployNow();
          expect(waits.stdout, stage).toContain('takes it at its next restart');
          // Both authorities of this roll-over have one name, of which yaSSL sees one.
          expect(waits.stderr.includes('first of two authorities'), stage).toBe(stage !== 'done');
          expect(waits.stderr).not.toContain('traditional form');
          if (stage !== 'done')
            expect((await certs(folder, ['rotate', '--ca', '-a', 'old-ca'])).status, stage).toBe(1);
          await running.stop();
          running = await startServer('mysql56', server.tag, { args: pairOptions('old'), reuse: true });
          expect(await deployNow('--restarted'), stage).toMatchObject({ status: 0, stderr: '' });
          if (stage !== 'done') await certsOk(folder, ['rotate', '--ca', '-a', 'old-ca']);
        }
        const renewed = await certs(folder, [
          'check',
          `127.0.0.1:${running.port}`,
          '--trust',
          'old-ca/ca.pem',
        ]);
        expect(renewed.status).toBe(0);
        await running.stop();
      });
    },
    180_000,
  );
});

test('the password of a visit comes from a file or the environment and is printed nowhere', async () => {
  writeFileSync(join(folder, 'pw'), 'a secret\n');
  const { status, stdout, stderr } = await certs(folder, [
    'enforce',
    '127.0.0.1:1',
    '-u',
    'x',
    '--password-file',
    'pw',
  ]);
  expect(status).toBe(1);
  expect(stdout + stderr).not.toContain('a secret');
});

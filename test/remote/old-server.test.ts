import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { certsOk } from '../certificates/rowlock-certs.ts';
import { cacheFolder, missingServers, withServer } from '../servers/index.ts';
import { comparable, runOurs, runTheirs } from './side-by-side.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-old-source-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const missing = missingServers('mysql56') ?? missingServers('mysql97');

test.skipIf(missing !== undefined)(
  'MySQL 5.6 ends at TLS 1.0: refused in the words of mysqlbinlog 9.7, read in clear where that is asked for',
  { timeout: 120_000 },
  async () => {
    const ca = join(folder, 'ca');
    const old = ['--key', 'rsa-2048', '--key-form', 'traditional', '--name', '/CN=old CA'];
    await certsOk(folder, ['init', 'ca', ...old]);
    await certsOk(folder, ['server', 'localhost', '--san', '127.0.0.1', '-a', ca]);
    const pair = join(ca, 'servers/localhost');
    const args = [
      `--ssl-ca=${pair}/ca.pem`,
      `--ssl-cert=${pair}/server-cert.pem`,
      `--ssl-key=${pair}/server-key.pem`,
    ];
    await withServer('mysql56', 'old-source', { args }, async (server) => {
      await server.query('CREATE DATABASE d; CREATE TABLE d.t (a INT); INSERT INTO d.t VALUES (1)', {
        args: ['--skip-ssl'],
      });
      const plugins = join(cacheFolder(), 'mysql97/usr/lib/mysql/plugin');
      const both = async (...words: string[]) => {
        const argv = [
          '--no-defaults',
          `--plugin-dir=${plugins}`,
          '-R',
          '--host=127.0.0.1',
          `--port=${server.port}`,
          '--user=root',
          ...words,
          'mysql-bin.000001',
        ];
        const ours = await runOurs('mysqlbinlog', { argv, cwd: folder });
        const theirs = await runTheirs('mysql97', 'mysqlbinlog', { argv, cwd: folder });
        expect(comparable(ours), words.join(' ')).toEqual(comparable(theirs));
        return ours;
      };
      expect((await both('--tls-version=TLSv1')).stderr).toContain('TLS version is invalid');
      expect((await both('--ssl-mode=REQUIRED', '--tls-version=TLSv1,TLSv1.1')).exit).toBe(1);
      for (const mode of [[], ['--ssl-mode=REQUIRED'], ['--ssl-mode=VERIFY_CA', `--ssl-ca=${pair}/ca.pem`]]) {
        const { exit, stderr } = await both(...mode);
        expect(exit).toBe(1);
        expect(stderr).toContain('unsupported protocol');
        expect(stderr).toContain('hint: servers that end at TLS 1.0');
      }
      const clear = await both('--ssl-mode=DISABLED');
      expect(clear.exit, clear.stderr).toBe(0);
      expect(clear.stdout).toContain('CREATE TABLE d.t');
    });
  },
);

import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServerVisit, Visit } from '../../src/cli/certs/index.ts';
import { ConnectionError } from '../../src/errors/index.ts';
import { type CertsRun, certs, certsOk } from './rowlock-certs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-cut-'));
const target = join(folder, 'tls');
const text = (path: string): string => readFileSync(join(folder, path), 'utf8');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A server that takes its files when told, with the link cut before the n-th thing that goes over it. */
function cutServer(cutAt: number): { visit: Visit; log: string[] } {
  const log: string[] = [];
  let loaded = text('tls/server-cert.pem');
  const pass = (what: string): void => {
    log.push(what);
    if (log.length === cutAt) throw new ConnectionError(2013, 'Lost connection to server');
  };
  const visit: Visit = async (_address, { user }) => {
    pass(user === undefined ? 'look' : 'log in');
    const conversation: ServerVisit = {
      version: '9.7.0',
      served: [new X509Certificate(loaded)],
      tls: { protocol: 'TLSv1.3', cipher: 'x' },
      query: async (sql) => {
        pass(sql);
        loaded = text('tls/server-cert.pem');
        return [];
      },
      close: async () => pass('leave'),
    };
    return conversation;
  };
  return { visit, log };
}

describe('deployment to a server that is cut off', () => {
  const argv = [
    'deploy',
    target,
    '--server',
    'db',
    '--reload',
    'db:3306',
    '--reload-user',
    'admin',
    '-a',
    'ca',
  ];
  const deploy = (visit: Visit): Promise<CertsRun> => certs(folder, argv, { visit });
  const isActive = (): boolean =>
    (JSON.parse(text('ca/authority.json')) as { deployments: { active: boolean }[] }).deployments.every(
      ({ active }) => active,
    );

  beforeAll(async () => {
    await certsOk(folder, ['init', 'ca']);
    await certsOk(folder, ['server', 'db', '-a', 'ca']);
    await certsOk(folder, argv.slice(0, 4).concat('-a', 'ca'));
  });

  test('at every word of the reload and its verification leaves a whole new pair, says so, and is mended by the next', async () => {
    const whole = cutServer(0);
    expect(await deploy(whole.visit)).toMatchObject({ status: 0, stderr: '' });
    expect(whole.log).toEqual([
      'look',
      'leave',
      'log in',
      'ALTER INSTANCE RELOAD TLS',
      'leave',
      'log in',
      'leave',
    ]);
    for (let cutAt = 1; cutAt <= whole.log.length; cutAt++) {
      await certsOk(folder, ['rotate', 'db', '-a', 'ca']);
      const { status, stdout, stderr } = await deploy(cutServer(cutAt).visit);
      const where = `cut before '${whole.log[cutAt - 1]}' (${cutAt})`;
      expect(status, where).toBe(1);
      expect(stdout, where).toContain('deployed, but db:3306 did not take it');
      expect(stderr, where).toContain('Lost connection');
      expect(isActive(), where).toBe(false);
      for (const name of ['server-cert.pem', 'server-key.pem'])
        expect(text(`tls/${name}`), where).toBe(text(`ca/servers/db/${name}`));
      expect(await deploy(cutServer(0).visit), where).toMatchObject({ status: 0, stderr: '' });
      expect(isActive(), where).toBe(true);
    }
  });
});

test('a pair that was withdrawn is no longer deployed with all the others', async () => {
  await certsOk(folder, ['init', 'other']);
  for (const name of ['one', 'two']) {
    await certsOk(folder, ['user', name, '-a', 'other']);
    await certsOk(folder, ['deploy', join(folder, 'users', name), '--user', name, '-a', 'other']);
  }
  await certsOk(folder, ['revoke', 'one', '-a', 'other']);
  const said = await certsOk(folder, ['deploy', '--all', '-a', 'other']);
  expect(said).toMatch(/^user two .* deployed$/m);
  expect(said).not.toContain('user one');
});

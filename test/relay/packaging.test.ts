import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../remote/archive/stage.ts';

const PACKAGING = join(import.meta.dirname, '../../packaging');
const folder = mkdtempSync(join(tmpdir(), 'rowlock-packaging-'));
// Beside the packages: the program finds its optional one from there.
const beside = mkdtempSync(join(PACKAGING, '../node_modules/.packaging-'));
afterAll(() => {
  for (const each of [folder, beside]) rmSync(each, { recursive: true, force: true });
});

let program: string;
beforeAll(async () => {
  program = await buildProgram(beside);
}, 120_000);

const unit = readFileSync(join(PACKAGING, 'systemd/rowlock-relay.service'), 'utf8');
const container = readFileSync(join(PACKAGING, 'container/Containerfile'), 'utf8');

/** The value of a line of the unit. */
const setting = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)![1]!;
/** The words of an instruction in its JSON form. */
const instruction = (name: string): string[] =>
  JSON.parse(new RegExp(`^${name} (\\[.*\\])$`, 'm').exec(container)![1]!) as string[];

/** A command line of the packaging, with this machine's folders in the place of the system's. */
const here = (words: readonly string[], data: string, configuration: string): string[] => {
  expect(words[0]).toMatch(/^(?:\/usr\/bin\/)?rowlock$/);
  return words
    .slice(1)
    .map((word) => word.replace('/var/lib/rowlock', data).replace('/etc/rowlock/relay.cnf', configuration));
};

interface Started {
  readonly child: ChildProcess;
  text(): string;
}

async function start(words: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  await new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      text += chunk.toString();
      if (text.includes('ready for connections')) resolve();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('exit', (status) => reject(new Error(`ended with ${status}: ${text}`)));
  });
  return { child, text: () => text };
}

const endOf = ({ child }: Started): Promise<number | null> =>
  new Promise((resolve) => {
    child.on('exit', (status) => resolve(status));
  });

describe('what comes along for running a relay', () => {
  test('the unit starts it, reloads it and ends it', async () => {
    const data = join(folder, 'unit');
    const configuration = join(folder, 'relay.cnf');
    const sample = readFileSync(join(PACKAGING, 'systemd/relay.cnf'), 'utf8');
    // Every option of the sample is taken, those behind a # as well; ports that may be in use here are changed.
    const options = sample
      .replaceAll(/^#(?=[a-z-]+ = )/gm, '')
      .replace('= 3307\n#', '= 0\n#')
      .replace(/^port = .*$/m, 'port = 0')
      .replace(/^http-port = .*$/m, 'http-port = 0')
      .replace('/var/lib/rowlock', data);
    mkdirSync(data, { mode: 0o700 });
    writeFileSync(configuration, options, { mode: 0o600 });
    const relay = await start(here(setting('ExecStart').split(' '), data, configuration));
    expect(setting('ExecReload')).toBe('/bin/kill -HUP $MAINPID');
    const audit = (): string => readFileSync(join(data, 'audit.log'), 'utf8');
    const loads = (): number => audit().split('certificate loaded').length;
    const before = loads();
    relay.child.kill('SIGHUP');
    while (loads() === before) await new Promise((resolve) => setTimeout(resolve, 20));
    const ended = endOf(relay);
    relay.child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  test('the container starts it, and its health check looks', async () => {
    const data = join(folder, 'container');
    mkdirSync(data, { mode: 0o700 });
    expect(container).toContain(`STOPSIGNAL SIGTERM`);
    const relay = await start([...here(instruction('ENTRYPOINT'), data, ''), '--port=0']);
    const check = /^HEALTHCHECK CMD (\[.*\])$/m.exec(container)![1]!;
    const words = here(JSON.parse(check) as string[], data, '');
    const healthy = spawnSync(process.execPath, [program, ...words], { encoding: 'utf8' });
    expect([healthy.status, healthy.stdout.trim()], healthy.stderr).toEqual([0, '1']);
    const ended = endOf(relay);
    relay.child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(spawnSync(process.execPath, [program, ...words]).status).not.toBe(0);
  });

  const analyze = spawnSync('systemd-analyze', ['--version']).status === 0;
  test.skipIf(!analyze)('systemd finds nothing wrong with the unit', () => {
    // It looks whether programs are there.
    const path = join(folder, 'rowlock-relay.service');
    writeFileSync(path, unit.replace('/usr/bin/rowlock', process.execPath));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});

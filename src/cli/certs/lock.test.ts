import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withLock } from './lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-certs-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const lock = join(folder, '.lock');

/** What a process left that is gone. */
let left = '';
beforeAll(() => {
  left = `${spawnSync('true').pid} ${hostname()}\n`;
});

const CONTENDERS = 6;

/** How many had the lock at once, of several that want it at the same time and keep it until each has it or was refused. */
async function contend(): Promise<number> {
  let having = 0;
  let decided = 0;
  let allDecided = (): void => undefined;
  const wait = new Promise<void>((resolve) => {
    allDecided = resolve;
  });
  const decide = (): void => {
    decided += 1;
    if (decided === CONTENDERS) allDecided();
  };
  const action = async (): Promise<void> => {
    having += 1;
    decide();
    await wait;
  };
  const one = async (): Promise<void> => {
    await withLock(folder, action).catch((error: Error) => {
      expect(error.message).toMatch(/^another rowlock \((\d+ \S+|starting)\) is changing this authority$/);
      decide();
    });
  };
  await Promise.all(Array.from({ length: CONTENDERS }, one));
  return having;
}

test.each([
  ['of nobody', () => undefined],
  ['of a process that is gone', () => writeFileSync(lock, left)],
  [
    'without a name',
    () => {
      writeFileSync(lock, '');
      utimesSync(lock, 0, 0);
    },
  ],
  [
    'of a process that is gone, and of another that died while it took over',
    () => {
      writeFileSync(lock, left);
      writeFileSync(`${lock}.next`, left);
    },
  ],
])('a lock %s is taken by one', async (_, leave) => {
  for (let round = 0; round < 20; round += 1) {
    leave();
    expect(await contend()).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  }
});

test('a lock of a process that runs stays, and so does one of another machine', async () => {
  for (const holder of [`${process.ppid} ${hostname()}\n`, '1 elsewhere\n']) {
    writeFileSync(lock, holder);
    await expect(withLock(folder, async () => undefined)).rejects.toThrow(`(${holder.trim()})`);
    expect(readFileSync(lock, 'utf8')).toBe(holder);
    rmSync(lock);
  }
});

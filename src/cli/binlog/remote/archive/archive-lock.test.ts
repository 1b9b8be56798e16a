import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ArchiveLock } from './archive-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('one process has the lock until it gives it back', () => {
  const path = join(folder, 'one');
  const lock = ArchiveLock.take(path);
  expect(() => ArchiveLock.take(path)).toThrow(`process ${process.pid} on`);
  lock.verify();
  lock.release();
  ArchiveLock.take(path).release();
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ['of a process that is gone', { id: 'x', host: hostname(), pid: 2 ** 22 + 1, started: '1' }],
  [
    'of a process id that another process has now',
    { id: 'x', host: hostname(), pid: process.pid, started: '1' },
  ],
  ['that is no lock', 'garbage'],
])('a lock %s is taken over', (_, holder) => {
  const path = join(folder, 'two');
  writeFileSync(path, JSON.stringify(holder));
  const lock = ArchiveLock.take(path);
  lock.verify();
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('a lock of another machine is respected, and who was overtaken notices', () => {
  const path = join(folder, 'three');
  const lock = ArchiveLock.take(path);
  writeFileSync(path, JSON.stringify({ id: 'y', host: 'elsewhere', pid: 1, started: undefined }));
  expect(() => ArchiveLock.take(path)).toThrow('process 1 on elsewhere');
  expect(() => lock.verify()).toThrow('elsewhere');
  lock.release();
  expect(readdirSync(folder)).toEqual(['three']);
});

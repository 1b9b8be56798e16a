import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LogFile } from './log-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowlock-log-file-'));
  path = join(folder, 'made', 'log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (): LogFile => new LogFile(path, (count, reason) => `lost ${count}: ${reason}\n`);
const text = (): string => readFileSync(path, 'utf8');

test('lines go behind those that are there', () => {
  open().write('one\n');
  open().write('two\n');
  expect(text()).toBe('one\ntwo\n');
});

test('a file that was renamed is begun anew', () => {
  const log = open();
  log.write('one\n');
  renameSync(path, `${path}.1`);
  log.write('two\n');
  log.reopen();
  log.write('three\n');
  expect([readFileSync(`${path}.1`, 'utf8'), text()]).toEqual(['one\ntwo\n', 'three\n']);
});

test('where no new file can be made, the old one goes on', () => {
  const log = open();
  renameSync(path, `${path}.1`);
  mkdirSync(path);
  expect(() => log.reopen()).toThrow(/EISDIR/);
  log.write('one\n');
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('one\n');
});

test.runIf(process.platform === 'linux')(
  'a full disk costs lines, and nothing else: the next one says how many',
  () => {
    mkdirSync(join(folder, 'made'));
    symlinkSync('/dev/full', path);
    const log = open();
    log.write('one\n');
    log.write('two\n');
    unlinkSync(path);
    log.reopen();
    log.write('three\n');
    log.write('four\n');
    expect(text()).toBe('lost 2: No space left on device\nthree\nfour\n');
  },
);

test('standard error has no file to begin anew', () => {
  expect(() => new LogFile(undefined, () => '').reopen()).not.toThrow();
});

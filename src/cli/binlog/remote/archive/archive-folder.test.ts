import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ArchiveFolder } from './archive-folder.ts';

let path = '';
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'rowlock-folder-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const index = (): string => readFileSync(join(path, 'archive.index'), 'utf8');
const open = (): ArchiveFolder => new ArchiveFolder(`${path}/`, '/');

/** A file that was listed, then created. */
function add(name: string): void {
  open().add(name);
  writeFileSync(join(path, name), '');
}

test('lists a file once that was listed before a kill and created after it', () => {
  add('mysql-bin.000001');
  open().add('mysql-bin.000002');
  const folder = open();
  expect(folder.names).toEqual(['mysql-bin.000001']);
  expect(folder.freeName('mysql-bin.000002')).toBe('mysql-bin.000002');
  add('mysql-bin.000002');
  expect(index()).toBe('mysql-bin.000001\nmysql-bin.000002\n');
});

test('a torn line of the index does not become the start of the next', () => {
  add('mysql-bin.000001');
  writeFileSync(join(path, 'archive.index'), 'mysql-bin.000001\nmysql-b');
  add('mysql-bin.000002');
  expect(index()).toBe('mysql-bin.000001\nmysql-bin.000002\n');
});

test('lists a file until it is gone: where that was cut off it is no stranger that keeps its name', () => {
  add('mysql-bin.000001');
  open().add('mysql-bin.000002');
  // No file, so that it stays.
  mkdirSync(join(path, 'mysql-bin.000002'));
  expect(() => open().remove(['mysql-bin.000002'])).toThrow();
  expect(open().names).toEqual(['mysql-bin.000001', 'mysql-bin.000002']);
});

test('touches nothing outside, whatever the index says', () => {
  add('mysql-bin.000001');
  writeFileSync(join(path, 'archive.index'), 'mysql-bin.000001\n../victim\n');
  expect(open).toThrow("the index names '../victim', which is no name of a copy");
});

test('reads an index that names a file twice', () => {
  add('mysql-bin.000001');
  writeFileSync(join(path, 'archive.index'), 'mysql-bin.000001\nmysql-bin.000001\n');
  expect(open().names).toEqual(['mysql-bin.000001']);
});

test('takes over the logs that another program copied, in the order of their numbers', () => {
  for (const name of ['mysql-bin.1000000', 'mysql-bin.999999', 'notes.txt'])
    writeFileSync(join(path, name), '');
  const folder = open();
  expect(folder.names).toEqual(['mysql-bin.999999', 'mysql-bin.1000000']);
  folder.add('mysql-bin.1000001');
  expect(index()).toBe('mysql-bin.999999\nmysql-bin.1000000\nmysql-bin.1000001\n');
});

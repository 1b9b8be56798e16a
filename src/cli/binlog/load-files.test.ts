import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LocalLoadFiles, missingFolder, temporaryFolders } from './load-files.ts';

// All paths here were seen with mysqlbinlog 9.7 and mariadb-binlog 11.8.
describe('files of LOAD DATA', () => {
  test('stand in a folder as it was written, in none where that is empty', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'rowlock-load-'));
    const names = ['', '.', './', './.'].map((folder) => new LocalLoadFiles(folder, cwd).create(1, ''));
    const made = readdirSync(cwd);
    const modes = made.map((name) => statSync(join(cwd, name)).mode & 0o777);
    rmSync(cwd, { recursive: true });
    expect(names).toEqual([
      'SQL_LOAD_MB-1-0',
      './SQL_LOAD_MB-1-1',
      './SQL_LOAD_MB-1-2',
      '././SQL_LOAD_MB-1-3',
    ]);
    expect(made).toHaveLength(4);
    expect(new Set(modes)).toEqual(new Set([0o640 & ~process.umask()]));
  });

  test('go where TMPDIR says, whatever TMP and TEMP say', () => {
    expect(temporaryFolders({ TMP: '/a', TEMP: '/b' })).toEqual(['/tmp']);
    expect(temporaryFolders({ TMPDIR: '', TMP: '/a' })).toEqual(['/tmp']);
    expect(temporaryFolders({ TMPDIR: 'a:/b:' })).toEqual(['a', '/b', '']);
  });

  test.each([
    ['a//', 'a/'],
    ['a/./', 'a/'],
    ['././a', './a'],
    ['a/.', 'a/.'],
    ['a/x/..', 'a/x/..'],
    ['a/../b', 'b'],
    ['a/x/../..', 'a/..'],
    ['a/x//../x', 'a/x'],
    ['../a/b', '../a/b'],
    ['/tmp/../../tmp/a', '/../tmp/a'],
  ])('TMPDIR=%s is %s', (given, cleaned) => {
    expect(temporaryFolders({ TMPDIR: given })).toEqual([cleaned]);
  });

  test('a folder that is not there is named', () => {
    expect(missingFolder(['/', '/nonexistent/x', '/none'], '/')?.folder).toBe('/nonexistent/x');
    expect(missingFolder(['', '/'], '/')?.folder).toBe('');
    expect(missingFolder(['/'], '/')).toBeUndefined();
  });
});

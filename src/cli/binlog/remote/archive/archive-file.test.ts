import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ArchiveFile } from './archive-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.skipIf(process.platform !== 'linux')('what the system says of a copy names its file', () => {
  const path = join(folder, 'mysql-bin.000001');
  symlinkSync('/dev/full', path);
  expect(() => ArchiveFile.goOn('mysql-bin.000001', path, 0)).toThrow(expect.objectContaining({ path }));
});

test('closing once more is no error', () => {
  const file = ArchiveFile.create('mysql-bin.000002', join(folder, 'mysql-bin.000002'));
  file.close();
  expect(() => file.close()).not.toThrow();
});

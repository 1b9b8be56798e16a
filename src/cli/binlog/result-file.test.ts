import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createResultFile } from './result-file.ts';

// As mysqlbinlog 9.7 and mariadb-binlog 11.8 made it.
test.each([
  ['mysql', 0o640],
  ['mariadb', 0o666],
] as const)('%s: who may read a result file', (dialect, mode) => {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-result-'));
  createResultFile('out', folder, dialect).close();
  const made = statSync(join(folder, 'out')).mode & 0o777;
  rmSync(folder, { recursive: true });
  expect(made).toBe(mode & ~process.umask());
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readShellDumpPlace } from './shell-dump.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowlock-shell-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The keys that MySQL Shell 8.0 to 9.x writes. */
const MANIFEST = {
  dumper: 'mysqlsh Ver 8.4.0',
  version: '2.0.1',
  tzUtc: true,
  serverVersion: '8.4.0',
  binlogFile: 'binlog.000042',
  binlogPosition: 157,
  gtidExecuted: '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-100,\n4f22fb58-71ca-11e1-9e33-c80aa9429563:1-5',
  gtidExecutedInconsistent: false,
  consistent: true,
};
const GTIDS = MANIFEST.gtidExecuted.replace('\n', '');

function write(changes: Readonly<Record<string, unknown>> = {}, done = true): Promise<unknown> {
  writeFileSync(join(folder, '@.json'), JSON.stringify({ ...MANIFEST, ...changes }));
  if (done) writeFileSync(join(folder, '@.done.json'), '{"end": "2026-01-01 00:00:00"}');
  return readShellDumpPlace(folder);
}

test('a dump of MySQL Shell says where it was taken', async () => {
  expect(await write()).toEqual({ file: 'binlog.000042', position: 157, gtids: GTIDS });
  expect(await write({ gtidExecuted: '' })).toEqual({ file: 'binlog.000042', position: 157 });
  expect(await write({ binlogFile: undefined })).toEqual({ gtids: GTIDS });
  expect(await write({ gtidExecutedInconsistent: true })).toEqual({ file: 'binlog.000042', position: 157 });
});

test('one that is not whole, of no one moment or of no place is refused', async () => {
  await expect(readShellDumpPlace(folder)).rejects.toThrow('no dump of MySQL Shell');
  await expect(write({}, false)).rejects.toThrow('is not whole: it has no @.done.json');
  await expect(write({ consistent: false })).rejects.toThrow('not taken at one moment');
  await expect(write({ binlogFile: '', gtidExecuted: '' })).rejects.toThrow('does not say where');
  writeFileSync(join(folder, '@.json'), '{');
  await expect(readShellDumpPlace(folder)).rejects.toThrow('is no JSON');
});

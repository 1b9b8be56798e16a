import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isPlainName, RawCopy } from './raw-copy.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-copy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(['', '.', '..', '../x', '/etc/passwd', 'a/b', 'a\\b', 'a\0b'])(
  'a server cannot make a copy land elsewhere by calling a log %j',
  (name) => expect(isPlainName(name)).toBe(false),
);

test('names that servers give their logs are names', () => {
  expect(['mysql-bin.000001', '..bin.1', 'Protokoll ä.000001'].every(isPlainName)).toBe(true);
});

test('a copy begins with the magic and keeps the order of small and large events', () => {
  const copy = new RawCopy('log', folder);
  const small = Buffer.from('small');
  const large = Buffer.alloc((1 << 20) + 1, 'L');
  copy.write(small, 0, 5);
  copy.write(large, 0, large.length);
  copy.write(small, 1, 3);
  copy.flush();
  const written = readFileSync(join(folder, 'log'));
  const expected = Buffer.concat([Buffer.from('\xfebinsmall', 'latin1'), large, Buffer.from('ma')]);
  expect(written.equals(expected)).toBe(true);
  copy.write(small, 0, 1);
  copy.close();
  expect(readFileSync(join(folder, 'log'))).toHaveLength(written.length + 1);
});

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

test('a copy begins with the magic and keeps the order of small and large events', async () => {
  const copy = new RawCopy('log', folder);
  const small = Buffer.from('small');
  const large = Buffer.alloc((1 << 20) + 1, 'L');
  await copy.write(small, 0, 5);
  await copy.write(large, 0, large.length);
  await copy.write(small, 1, 3);
  await copy.flush();
  const written = readFileSync(join(folder, 'log'));
  const expected = Buffer.concat([Buffer.from('\xfebinsmall', 'latin1'), large, Buffer.from('ma')]);
  expect(written.equals(expected)).toBe(true);
  await copy.write(small, 0, 1);
  await copy.close();
  expect(readFileSync(join(folder, 'log'))).toHaveLength(written.length + 1);
});

test('a copy keeps the order of many events, whichever buffer they went through', async () => {
  const copy = new RawCopy('many', folder);
  const parts: Buffer[] = [Buffer.from('\xfebin', 'latin1')];
  for (let number = 0; number < 400; number += 1) {
    const part = Buffer.alloc((number * 7919) % 40_000, number);
    parts.push(part);
    const waiting = copy.write(part, 0, part.length);
    if (waiting !== undefined) await waiting;
  }
  await copy.close();
  expect(readFileSync(join(folder, 'many')).equals(Buffer.concat(parts))).toBe(true);
});

test.skipIf(process.platform !== 'linux')('closing once more does not hide why it failed', async () => {
  const copy = new RawCopy('/dev/full', folder);
  await expect(copy.close()).rejects.toMatchObject({ code: 'ENOSPC' });
  await copy.close();
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseMariadbKeyFile, parseMysqlKeyring } from '../binlog/index.ts';
import { openLog, openLogs, type RowChange } from './index.ts';

const root = join(import.meta.dirname, '..', '..');
const corpus = (name: string): string => join(root, 'test', 'corpus', `${name}.binlog`);
const folder = mkdtempSync(join(tmpdir(), 'rowlock-library-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('a log gives the same changes', () => {
  const path = corpus('mysql97/multi-table');
  const bytes = readFileSync(path);

  test('from a file, from memory, and from chunks of any size', async () => {
    const expected = [...(await openLog(path)).changes()];
    expect(expected.length).toBeGreaterThan(20);
    expect([...(await openLog(bytes)).changes()]).toEqual(expected);
    for (const size of [1, 3, 100, 1_000_000]) {
      const seen: RowChange[] = [];
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      for await (const change of (await openLog(chunks(bytes, size))).changes()) seen.push(change);
      expect(seen).toEqual(expected);
    }
  });

  test('event by event and in batches', async () => {
    const log = await openLog(path);
    const expected: string[] = [];
    for (let event = log.next(); event !== undefined; event = log.next()) {
      expected.push(`${event.position} ${event.name}`);
    }
    const seen: string[] = [];
    for await (const batch of await openLog(chunks(bytes, 777))) {
      for (const event of batch) seen.push(`${event.position} ${event.name}`);
    }
    expect(seen).toEqual(expected);
  });

  test('chunks cannot be read without waiting', async () => {
    const log = await openLog(chunks(bytes, 100));
    expect(() => log.next()).toThrow('use `for await`');
  });
});

test('a change says what happened to which row, where and in which transaction', async () => {
  const log = await openLog(join(root, 'examples', 'shop.binlog'));
  const changes = [...log.changes()];
  const first = changes.find(({ operation, table }) => operation === 'insert' && table === 'purchase')!;
  expect(first).toMatchObject({ schema: 'shop', table: 'purchase', before: undefined });
  expect(Object.keys(first.after!)).toEqual(['id', 'customer', 'amount', 'status', 'placed', 'details']);
  expect(first.gtid).toMatch(/^[0-9a-f-]{36}:\d+$/);
  expect(first.timestamp).toBeGreaterThan(1_700_000_000);
  const update = changes.find(({ operation }) => operation === 'update')!;
  expect(update.before).not.toEqual(update.after);
});

test('columns without names are numbered, or named by whoever knows', async () => {
  const path = corpus('mysql97/types-int');
  const [numbered] = [...(await openLog(path)).changes()];
  expect(Object.keys(numbered!.after!)[1]).toBe('@2');
  const [named] = [
    ...(await openLog(path)).changes({ columnNames: (schema) => [`of ${schema}`, '__proto__'] }),
  ];
  expect(Object.keys(named!.after!).slice(0, 3)).toEqual([`of ${named!.schema}`, '__proto__', '@3']);
});

test('64-bit integers become what was asked for', async () => {
  const path = join(root, 'examples', 'shop.binlog');
  for (const bigints of ['bigint', 'number', 'string'] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const log = await openLog(path);
    const change = [...log.changes({ bigints })].find(({ table }) => table === 'purchase')!;
    expect(typeof (change.after ?? change.before)!['id']).toBe(bigints);
  }
});

test('compressed transactions are opened, unless that is not wanted', async () => {
  const path = corpus('mysql97/compression');
  const opened = [...(await openLog(path)).changes()];
  expect(opened.length).toBeGreaterThan(10);
  const closed = [...(await openLog(path, { expandPayloads: false })).changes()];
  expect(closed.length).toBeLessThan(opened.length);
  expect(opened.every(({ gtid }) => gtid !== undefined)).toBe(true);
});

test('transactions of MariaDB carry its GTIDs', async () => {
  const changes = [...(await openLog(corpus('mariadb118/annotate'))).changes()];
  expect(changes.length).toBeGreaterThan(5);
  expect(changes[0]!.gtid).toMatch(/^0-\d+-\d+$/);
});

describe('encrypted logs open with their keys', () => {
  const encrypted = (name: string): string => join(root, 'test', 'encrypted', name);
  const logs = [
    ['mysql97', parseMysqlKeyring(readFileSync(encrypted('mysql97.keyring.json'), 'utf8'))],
    ['mariadb118', parseMariadbKeyFile(readFileSync(encrypted('mariadb118.keys.txt'), 'utf8'))],
  ] as const;

  test.each(logs)('%s', async (name, keys) => {
    const path = encrypted(`${name}.binlog`);
    const changes = [...(await openLog(path, { keys, verifyChecksums: true })).changes()];
    expect(changes.map(({ operation }) => operation)).toEqual(['insert', 'insert', 'update']);
    const streamed: RowChange[] = [];
    const log = await openLog(chunks(readFileSync(path), 50), { keys });
    for await (const change of log.changes()) streamed.push(change);
    expect(streamed).toEqual(changes);
  });

  test.each(logs)('%s says which key is missing', async (name) => {
    const log = await openLog(encrypted(`${name}.binlog`));
    expect(() => [...log.changes()]).toThrow('is encrypted with the key');
  });
});

describe('what is no whole log', () => {
  test('is an error that names the file', async () => {
    const path = join(folder, 'text');
    writeFileSync(path, 'no log at all');
    const log = await openLog(path);
    expect(() => log.next()).toThrow(
      expect.objectContaining({ code: 'BINLOG_MAGIC', context: { file: path, position: 0 } }),
    );
    await log.close();
  });

  test('ends with an error where it is torn, unless its server still writes it', async () => {
    const whole = readFileSync(corpus('mysql97/transactions'));
    const torn = await openLog(whole.subarray(0, whole.length - 3));
    expect(() => [...torn.changes()]).toThrow('bytes into an event');
    const inUse = readFileSync(corpus('mysql97/in-use'));
    const living = await openLog(inUse.subarray(0, inUse.length - 3));
    expect([...living.changes()].length).toBeGreaterThan(0);
  });

  test('has rows whose table is unknown', async () => {
    const log = await openLog(corpus('mysql97/damaged-no-map'));
    expect(() => [...log.changes()]).toThrow('without its map');
  });

  test('a changed byte shows where checksums are verified', async () => {
    const log = await openLog(corpus('mysql97/damaged-flip-rows'), { verifyChecksums: true });
    expect(() => [...log.changes()]).toThrow(/^checksum is/);
  });
});

test('several logs follow each other', async () => {
  const names = ['mysql97/rotation.1', 'mysql97/rotation.2', 'mysql97/rotation.3'].map(corpus);
  const opened: string[] = [];
  let changes = 0;
  for await (const log of openLogs(names)) {
    opened.push(log.name);
    changes += [...log.changes()].length;
  }
  expect(opened).toEqual(names);
  expect(changes).toBeGreaterThan(0);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { corpusLogs } from '../../../../../test/corpus-logs.ts';
import { EventType, RawEvent, TransactionTracker } from '../../../../binlog/index.ts';
import { fileSource, LogReader } from '../../../../store/index.ts';
import { ArchiveFolder } from './archive-folder.ts';
import { findLastPlace } from './last-place.ts';

const root = mkdtempSync(join(tmpdir(), 'rowlock-place-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const log =
  corpusLogs.find(({ name }) => name === 'mysql97/transactions') ??
  corpusLogs.find(({ name }) => name.startsWith('mysql97/'))!;
const bytes = log.read();

/** An archive with these files. */
function archiveOf(files: Readonly<Record<string, Uint8Array>>): ArchiveFolder {
  const folder = mkdtempSync(join(root, 'archive-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return new ArchiveFolder(`${folder}/`, '/');
}

/** Where the log may be cut. */
function boundaries(): number[] {
  const path = join(root, 'whole');
  writeFileSync(path, bytes);
  const reader = new LogReader(fileSource(path));
  reader.open();
  const event = new RawEvent();
  const tracker = new TransactionTracker();
  const ends: number[] = [];
  while (reader.next(event)) {
    const place = tracker.place(event);
    if (place !== 'begins' && place !== 'inside') ends.push(event.position + event.length);
    if (event.type === EventType.ROTATE_EVENT) break;
  }
  reader.close();
  return ends;
}

describe('where an archive ends', () => {
  test('is behind the last whole transaction, wherever the file was torn', () => {
    const ends = boundaries();
    for (let cut = 4; cut < bytes.length; cut += 13) {
      const place = findLastPlace(archiveOf({ 'mysql-bin.000001': bytes.subarray(0, cut) }));
      // Nothing counts before the event behind the head.
      const expected = cut < ends[1]! ? undefined : ends.filter((end) => end <= cut).at(-1);
      expect([cut, place?.size]).toEqual([cut, expected]);
      if (place !== undefined && expected !== bytes.length) {
        expect(place).toMatchObject({ file: 'mysql-bin.000001', position: expected });
        expect(place.torn?.bytes ?? 0).toBe(cut - expected!);
      }
    }
  });

  test('is before an event that was damaged, whatever stands behind it', () => {
    const ends = boundaries();
    const at = ends[ends.length >> 1]! + 30;
    const damaged = Buffer.from(bytes);
    damaged[at]! ^= 0x10;
    const place = findLastPlace(archiveOf({ 'mysql-bin.000001': damaged }))!;
    expect(place.size).toBe(ends.filter((end) => end <= at).at(-1));
    expect(place.torn?.why).toMatch(/checksum|length|event/);
  });

  test('knows the GTIDs before it, also where there are none: a source that wrote nothing yet', () => {
    const heads = boundaries();
    const second = heads[1]!;
    expect(bytes[heads[0]! + 4]).toBe(EventType.PREVIOUS_GTIDS_LOG_EVENT);
    const head = Buffer.from(bytes.subarray(0, second));
    const before = findLastPlace(archiveOf({ 'mysql-bin.000001': head }));
    expect(before).toMatchObject({ size: second });
    expect(before!.gtids).toBe('');
    // Without that event nobody knows: a first file is begun anew, wherever; behind another it goes on.
    const format = head.subarray(0, heads[0]);
    expect(findLastPlace(archiveOf({ 'mysql-bin.000001': format }))).toBeUndefined();
    const behind = archiveOf({ 'mysql-bin.000001': bytes, 'mysql-bin.000002': format });
    expect(findLastPlace(behind)).toMatchObject({ name: 'mysql-bin.000002', size: heads[0] });
  });

  test('goes on in the same file where the server has not begun another, and in the next where it has', () => {
    const whole = findLastPlace(archiveOf({ 'mysql-bin.000001': bytes }))!;
    expect(whole.serverId).toBeGreaterThan(0);
    if (whole.complete) expect(whole).toMatchObject({ position: 4, made: undefined });
  });

  test('nothing counts of a file without a head', () => {
    expect(findLastPlace(archiveOf({ 'mysql-bin.000001': Buffer.alloc(0) }))).toBeUndefined();
    expect(findLastPlace(archiveOf({ 'mysql-bin.000001': Buffer.from('not a log at all') }))).toBeUndefined();
    const place = findLastPlace(
      archiveOf({ 'mysql-bin.000001': bytes, 'mysql-bin.000002': bytes.subarray(0, 50) }),
    );
    expect(place).toMatchObject({ name: 'mysql-bin.000001', dropped: ['mysql-bin.000002'] });
  });
});

test('an archive without an index is what another program copied, in the order of the numbers', () => {
  const folder = archiveOf({
    'mysql-bin.1000000': bytes,
    'mysql-bin.999999': bytes,
    'mysql-bin.index': Buffer.alloc(0),
    'notes.txt': Buffer.alloc(0),
  });
  expect(folder.names).toEqual(['mysql-bin.999999', 'mysql-bin.1000000']);
  folder.add('mysql-bin.1000001');
  expect(new ArchiveFolder(`${folder.path}/`, '/').names).toEqual(['mysql-bin.999999', 'mysql-bin.1000000']);
  expect(folder.freeName('mysql-bin.999999')).toBe('mysql-bin.999999.2');
  folder.remove(['mysql-bin.999999']);
  expect(new ArchiveFolder(`${folder.path}/`, '/').names).toEqual(['mysql-bin.1000000']);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CHECKSUM_BYTES, RawEvent, rowsShape, type TransactionPlace } from '../../binlog/index.ts';
import { crc32 } from '../../bytes/index.ts';
import type { SourceClient } from '../../replication/index.ts';
import { openLog } from '../log/open-log.ts';
import { HandedOut } from './handed-out.ts';

const root = join(import.meta.dirname, '../../..');

/** Two rows events of a log. */
let rows: [RawEvent, RawEvent];

beforeAll(async () => {
  const log = await openLog(readFileSync(join(root, 'test/corpus/mysql97/types-int.binlog')));
  const found: RawEvent[] = [];
  for (let event = log.next(); event !== undefined; event = log.next())
    if (rowsShape(event.type) !== undefined) found.push(event.keep());
  rows = [found[0]!, found[1]!];
});

/** The same rows as another server logs them: its id, its position, its number of the table. */
function ofOtherServer(event: RawEvent): RawEvent {
  const bytes = Buffer.from(event.view());
  bytes.writeUInt32LE(4711, 5);
  bytes.writeUInt32LE(123_456, 13);
  bytes.writeUIntLE(987_654, 19, 6);
  return summed(bytes);
}

/** Other rows, by a bit. */
function changed(event: RawEvent): RawEvent {
  const bytes = Buffer.from(event.view());
  bytes[bytes.length - CHECKSUM_BYTES - 1]! ^= 1;
  return summed(bytes);
}

function summed(bytes: Buffer): RawEvent {
  bytes.writeUInt32LE(crc32(bytes, 0, bytes.length - CHECKSUM_BYTES), bytes.length - CHECKSUM_BYTES);
  const event = new RawEvent();
  event.aim(bytes, 0, bytes.length, 0, true);
  return event;
}

function withoutChecksum(event: RawEvent): RawEvent {
  const bytes = Buffer.from(event.view().subarray(0, event.length - CHECKSUM_BYTES));
  const bare = new RawEvent();
  bare.aim(bytes, 0, bytes.length, 0, false);
  return bare;
}

/** Hands out `first` of a transaction, breaks the link, and lets `again` come: how many of those were handed out before. */
function resume(first: readonly RawEvent[], again: readonly RawEvent[]): number {
  const handed = new HandedOut();
  const gtid = { flavor: 'mysql', uuid: new Uint8Array(16), tag: '', gno: 5n };
  const client = (place: TransactionPlace) =>
    ({ place, file: 'binlog.1', position: 500, gtid }) as unknown as SourceClient;
  const take = (events: readonly RawEvent[]) =>
    events.filter((event, index) => handed.wasBefore(event, client(index === 0 ? 'begins' : 'inside')));
  expect(take(first)).toHaveLength(0);
  handed.resumed(false);
  return take(again).length;
}

describe('what comes again after a broken link', () => {
  test('is passed over, also where another server sends it', () => {
    const [one, two] = rows;
    expect(resume([one, two], [one, two, two])).toBe(2);
    expect(resume([one, two], [ofOtherServer(one), ofOtherServer(two), two])).toBe(2);
  });

  test('is the same with and without checksums in the log', () => {
    const [one, two] = rows;
    expect(resume([one, two], [withoutChecksum(one), withoutChecksum(two)])).toBe(2);
    expect(resume([withoutChecksum(one), two], [ofOtherServer(one), two])).toBe(2);
  });

  test('is refused where it has other rows, or the same in another order', () => {
    const [one, two] = rows;
    expect(() => resume([one, two], [one, changed(two)])).toThrow('does not come again as it was');
    expect(() => resume([one, two], [changed(one), two])).toThrow('does not come again as it was');
    expect(() => resume([one, two], [two, one])).toThrow('does not come again as it was');
    expect(() => resume([one, two], [withoutChecksum(one), withoutChecksum(changed(two))])).toThrow(
      'again as it was',
    );
  });
});

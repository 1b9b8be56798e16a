import { describe, expect, test } from 'vitest';
import { CHECKSUM_BYTES, EventType, encodeEvent, LogState, RawEvent } from '../../binlog/index.ts';
import { crc32 } from '../../bytes/index.ts';
import { placeEvents } from './place-events.ts';
import { TransactionBuffer } from './transaction-buffer.ts';

const state = new LogState();

/** An event as a source wrote it, at the end of five gigabytes. */
function written(bytes: number, checksum: boolean): RawEvent {
  const header = {
    timestamp: 1,
    type: EventType.IGNORABLE_LOG_EVENT,
    serverId: 1,
    logPos: 0x4000_1234,
    flags: 0,
  };
  const body = { kind: 'ignorable', bytes: Buffer.alloc(bytes, bytes % 251) } as never;
  const event = new RawEvent();
  const encoded = encodeEvent(header, body, state, { checksum });
  event.aim(encoded, 0, encoded.length, 4, checksum);
  return event;
}

const stored = ({ slabs, ends }: TransactionBuffer, index: number): number =>
  slabs[index]!.readUInt32LE(ends[index]! - CHECKSUM_BYTES);
const computed = ({ slabs, starts, ends }: TransactionBuffer, index: number): number =>
  crc32(slabs[index]!, starts[index], ends[index]! - CHECKSUM_BYTES);

describe('events that get a place in another log', () => {
  test('end where they stand now, with checksums that say so', () => {
    const buffer = new TransactionBuffer();
    const sizes = [0, 1, 30, 300, 8192, 70_000, 1_200_000];
    for (const size of sizes) for (const checksum of [true, false]) buffer.add(written(size, checksum));
    const bytes = buffer.bytes;
    expect(placeEvents(buffer, 0xffff_0000)).toBe(0xffff_0000 + bytes);
    let at = 0xffff_0000;
    for (let index = 0; index < buffer.count; index += 1) {
      at += buffer.ends[index]! - buffer.starts[index]!;
      expect(buffer.slabs[index]!.readUInt32LE(buffer.starts[index]! + 13)).toBe(at % 2 ** 32);
      expect(stored(buffer, index)).toBe(computed(buffer, index));
    }
  });

  test('get a checksum anew where they were changed', () => {
    const buffer = new TransactionBuffer();
    buffer.add(written(100, true));
    buffer.slabs[0]![buffer.starts[0]! + 40]! ^= 1;
    buffer.changed(0);
    placeEvents(buffer, 4);
    expect(stored(buffer, 0)).toBe(computed(buffer, 0));
  });

  test('still show what was damaged on the way', () => {
    const buffer = new TransactionBuffer();
    buffer.add(written(5000, true));
    buffer.slabs[0]![buffer.starts[0]! + 400]! ^= 1;
    placeEvents(buffer, 4);
    expect(stored(buffer, 0)).not.toBe(computed(buffer, 0));
  });
});

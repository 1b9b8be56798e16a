import { beforeAll, expect, test } from 'vitest';
import { EventType } from '../event-type.ts';
import { PayloadCompression } from '../events/transaction-payload.ts';
import { RawEvent } from '../raw-event.ts';
import { encodePayload, inflatePayload, loadZstd, PayloadReader } from './index.ts';

beforeAll(loadZstd);

/** An event of that type with a body of `size` zeros. */
function event(type: number, size: number): Buffer {
  const bytes = Buffer.alloc(19 + size);
  bytes[4] = type;
  bytes.writeUInt32LE(bytes.length, 9);
  return bytes;
}

test.each(['zstd', 'none'] as const)('payloads of compression %s give back their events', (compression) => {
  const events = [event(2, 5), event(16, 8)];
  const body = encodePayload(Buffer.concat(events), compression);
  const reader = new PayloadReader(body, { position: 4711 });
  const seen = new RawEvent();
  for (const each of events) {
    expect(reader.next(seen)).toBe(true);
    expect(seen.view().equals(each)).toBe(true);
    expect([seen.position, seen.hasChecksum]).toEqual([4711, false]);
  }
  expect(reader.next(seen)).toBe(false);
});

test('payloads that contradict themselves are refused', () => {
  const body = encodePayload(event(16, 8), 'zstd');
  expect(() => inflatePayload({ ...body, uncompressedSize: 28 })).toThrow('holds 27 bytes, claims 28');
  expect(() => inflatePayload({ ...body, payloadSize: 1 })).toThrow('claims 1');
  expect(() => inflatePayload({ ...body, compressionType: 7 })).toThrow('compression 7 is unknown');
  const none = encodePayload(event(16, 8).subarray(0, 25), 'none');
  expect(none.compressionType).toBe(PayloadCompression.NONE);
  expect(() => new PayloadReader(none, { position: 4 }).next(new RawEvent())).toThrow('25 bytes into');
});

test.each([15, 40, 4, 164])('event type %i may not hide inside a payload', (type) => {
  const reader = new PayloadReader(encodePayload(event(type, 100), 'none'), { position: 4 });
  expect(() => reader.next(new RawEvent())).toThrow('inside a payload');
});

test('events of a large payload come one by one, from whatever pieces it inflates to', () => {
  const events = Array.from({ length: 400 }, (_, index) => event(2, index % 7 === 0 ? 200_000 : index));
  const body = encodePayload(Buffer.concat(events), 'zstd');
  const reader = new PayloadReader(body, { position: 4711 });
  const seen = new RawEvent();
  expect(reader.streams).toBe(true);
  for (const each of events) {
    expect(reader.next(seen)).toBe(true);
    expect(seen.view().equals(each)).toBe(true);
  }
  expect([reader.next(seen), reader.next(seen)]).toEqual([false, false]);
});

test('memory comes back from a large payload that is left early, or that is refused', () => {
  const events = [event(2, 2_000_000), event(EventType.ROTATE_EVENT, 100), event(2, 100)];
  const body = encodePayload(Buffer.concat(events), 'zstd');
  const left = new PayloadReader(body, { position: 4 });
  for (const inner of left.events(new RawEvent())) {
    expect(inner.type).toBe(2);
    expect(left.streams).toBe(true);
    break;
  }
  expect(left.streams).toBe(false);
  const refused = new PayloadReader(body, { position: 4 });
  expect(refused.next(new RawEvent())).toBe(true);
  expect(() => refused.next(new RawEvent())).toThrow('inside a payload');
  expect(refused.streams).toBe(false);
});

test('a large payload that holds another size than it claims is refused', () => {
  const body = encodePayload(event(16, 3_000_000), 'zstd');
  const read = (uncompressedSize: number): (() => void) => {
    const reader = new PayloadReader({ ...body, uncompressedSize }, { position: 4 });
    const seen = new RawEvent();
    return () => {
      while (reader.next(seen));
    };
  };
  expect(read(3_000_018)).toThrow('holds more than the 3000018 bytes');
  expect(read(3_000_020)).toThrow('holds 3000019 bytes, claims 3000020');
  expect(read(3_000_019)).not.toThrow();
});

import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { FormatError } from '../../errors/index.ts';
import { PayloadCompression } from '../events/transaction-payload.ts';
import { RawEvent } from '../raw-event.ts';
import { encodePayload, inflatePayload, inflateZstd, loadZstd, PayloadReader, storeZstd } from './index.ts';

beforeAll(loadZstd);

/** An event of that type with a body of `size` zeros. */
function event(type: number, size: number): Buffer {
  const bytes = Buffer.alloc(19 + size);
  bytes[4] = type;
  bytes.writeUInt32LE(bytes.length, 9);
  return bytes;
}

test('stored frames inflate to what was stored, also beyond one block', () => {
  fc.assert(
    fc.property(fc.constantFrom(0, 1, 1000, 131_071, 131_072, 131_073, 300_000), (size) => {
      const bytes = Buffer.alloc(size, 'stored');
      expect(inflateZstd(storeZstd(bytes)).equals(bytes)).toBe(true);
    }),
  );
});

test('frames follow each other, skippable ones say nothing', () => {
  const skippable = Buffer.from('512a4d180200000061620000', 'hex').subarray(0, 10);
  const stream = Buffer.concat([storeZstd(Buffer.from('one ')), skippable, storeZstd(Buffer.from('two'))]);
  expect(inflateZstd(stream).toString()).toBe('one two');
});

test('a damaged frame is a format error, never an empty payload', () => {
  const whole = storeZstd(Buffer.from('x'.repeat(50)));
  for (let length = 1; length < whole.length; length += 1) {
    expect(() => inflateZstd(whole.subarray(0, length))).toThrow(FormatError);
  }
  // A compressed block of noise.
  const noise = Buffer.from('28b52ffd0058450000ffffffffffffffff', 'hex');
  expect(() => inflateZstd(noise)).toThrow(FormatError);
});

test('a frame cannot claim more than its blocks can hold', () => {
  const frame = storeZstd(Buffer.from('small'));
  frame.writeUInt32LE(0x3000_0000, 5);
  expect(() => inflateZstd(frame)).toThrow('its blocks hold at most 5');
});

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

import { array, assert, constantFrom, integer, property, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { PacketReader, PacketWriter } from '../../wire/index.ts';
import { UnreadBytes } from './unread-bytes.ts';

/** Packets as they cross the wire. */
function packed(payloads: readonly Buffer[]): Buffer {
  const writer = new PacketWriter();
  for (const payload of payloads) writer.packet(payload);
  return Buffer.from(writer.take());
}

test('packets come out as they were sent, however they are cut and whoever owns the memory', () => {
  const sizes = array(integer({ min: 0, max: 70_000 }), { maxLength: 60 });
  const cuts = array(tuple(integer({ min: 1, max: 40_000 }), constantFrom('chunk', 'block', 'read')), {
    minLength: 1,
    maxLength: 50,
  });
  assert(
    property(sizes, cuts, (lengths, steps) => {
      const payloads = lengths.map((length, index) => Buffer.alloc(length, index + 1));
      const sent = packed(payloads);
      const unread = new UnreadBytes();
      const reader = new PacketReader({ packet: 1 << 20 });
      const received: Buffer[] = [];
      const read = (): void => {
        do {
          while (reader.next()) received.push(Buffer.from(reader.bytes.subarray(reader.start, reader.end)));
        } while (unread.feed(reader));
      };
      for (let at = 0, step = 0; at < sent.length; step += 1) {
        const [size, how] = steps[step % steps.length]!;
        if (how === 'read') read();
        const room = how === 'block' ? unread.room() : undefined;
        const count = Math.min(size, sent.length - at, room?.length ?? size);
        if (room === undefined) unread.add(Buffer.from(sent.subarray(at, at + count)));
        else {
          sent.copy(room, 0, at, at + count);
          unread.grow(count);
        }
        at += count;
      }
      read();
      expect(unread.length).toBe(0);
      expect(received.map(({ length }) => length)).toEqual(lengths);
      expect(Buffer.concat(received).equals(Buffer.concat(payloads))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('a packet stays as it is until the next step, however much arrives meanwhile', () => {
  const unread = new UnreadBytes();
  const reader = new PacketReader({ packet: 1 << 20 });
  const first = packed([Buffer.alloc(1000, 1)]);
  first.copy(unread.room());
  unread.grow(first.length);
  expect(unread.feed(reader) && reader.next()).toBe(true);
  const { bytes, start, end } = reader;
  for (let total = 0; total < 2_000_000; ) {
    const room = unread.room().fill(2);
    unread.grow(room.length);
    total += room.length;
  }
  expect(bytes.subarray(start, end).equals(Buffer.alloc(1000, 1))).toBe(true);
});

test('whoever keeps up is served from the same few blocks', () => {
  const unread = new UnreadBytes();
  const reader = new PacketReader({ packet: 1 << 20 });
  const memory = new Set<ArrayBufferLike>();
  reader.checkSequence = false;
  for (let packets = 0; packets < 2000; packets += 1) {
    const room = unread.room();
    memory.add(room.buffer);
    const bytes = packed([Buffer.alloc(10_000)]);
    bytes.copy(room);
    unread.grow(bytes.length);
    expect(unread.feed(reader) && reader.next()).toBe(true);
    expect(reader.next()).toBe(false);
  }
  expect(memory.size).toBeLessThanOrEqual(2);
});

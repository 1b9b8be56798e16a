import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RawEvent } from '../binlog/index.ts';
import { EventHold } from './event-hold.ts';
import type { SpillFile } from './spill-file.ts';

function memorySpill(): SpillFile & { most: number } {
  let bytes = Buffer.alloc(0);
  return {
    most: 0,
    append(more) {
      const offset = bytes.length;
      bytes = Buffer.concat([bytes, more]);
      this.most = Math.max(this.most, bytes.length);
      return offset;
    },
    read: (into, offset) => {
      into.set(bytes.subarray(offset, offset + into.length));
    },
    clear: () => {
      bytes = Buffer.alloc(0);
    },
  };
}

function eventOf(size: number, fill: number, checksum: boolean): RawEvent {
  const event = new RawEvent();
  event.aim(Buffer.alloc(size + 7, fill), 3, size + 3, fill * 1000, checksum);
  return event;
}

test('what goes in comes out, in order, whatever the sizes, from memory and from the spill file', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 19, max: 3_000_000 }), fc.boolean()), { maxLength: 30 }),
      (sizes) => {
        const hold = new EventHold(memorySpill());
        for (let round = 0; round < 2; round += 1) {
          for (const [index, [size, checksum]] of sizes.entries())
            hold.add(eventOf(size, index + 1, checksum));
          const seen: [number, boolean][] = [];
          hold.forEach((event) => {
            expect(event.position).toBe((seen.length + 1) * 1000);
            expect(event.bytes[event.start]).toBe(seen.length + 1);
            expect(event.bytes[event.end - 1]).toBe(seen.length + 1);
            seen.push([event.length, event.hasChecksum]);
          });
          expect(seen).toEqual(sizes.map(([size, checksum]) => [size, checksum && size > 19]));
          hold.clear();
          expect(hold.isEmpty).toBe(true);
        }
      },
    ),
    { numRuns: 15 },
  );
});

test('a statement beyond the limit is outside of memory', () => {
  const spill = memorySpill();
  const hold = new EventHold(spill);
  for (let i = 0; i < 40; i += 1) hold.add(eventOf(1_000_000, i + 1, true));
  expect(spill.most).toBeGreaterThanOrEqual(23_000_000);
});

test('what stands in the log is read from there again, what does not is kept', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 19, max: 900_000 }), fc.integer({ min: 0, max: 9 })), {
        minLength: 5,
        maxLength: 40,
      }),
      (events) => {
        const log = Buffer.alloc(events.reduce((sum, [size]) => sum + size + 1, 0));
        const origin = {
          read: (into: Uint8Array, at: number) => void log.copy(into, 0, at, at + into.length),
        };
        const hold = new EventHold(memorySpill(), () => origin);
        const kept: Buffer[] = [];
        let position = 0;
        for (const [index, [size, kind]] of events.entries()) {
          log.fill(index + 1, position, position + size);
          const event = new RawEvent();
          event.aim(log, position, position + size, position, false);
          event.isInFile = kind > 0;
          // An event that was changed on its way is no longer what the log has there.
          if (!event.isInFile) event.bytes = Buffer.alloc(log.length, 200);
          kept.push(Buffer.from(event.view()));
          hold.add(event);
          // A gap: an event that belongs to no statement.
          position += size + (kind === 1 ? 1 : 0);
        }
        const seen: Buffer[] = [];
        hold.forEach((event) => seen.push(Buffer.from(event.view())));
        expect(Buffer.concat(seen).equals(Buffer.concat(kept))).toBe(true);
        expect(seen.map(({ length }) => length)).toEqual(kept.map(({ length }) => length));
      },
    ),
    { numRuns: 20 },
  );
});

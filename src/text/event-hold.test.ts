import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RawEvent } from '../binlog/index.ts';
import { EventHold, type SpillFile } from './event-hold.ts';

function memorySpill(): SpillFile & { most: number } {
  let bytes = Buffer.alloc(0);
  return {
    most: 0,
    append(more) {
      bytes = Buffer.concat([bytes, more]);
      this.most = Math.max(this.most, bytes.length);
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

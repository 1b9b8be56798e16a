import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogicalClock, SourceClock } from './logical-clock.ts';

describe('the clock of a log that others are copied into', () => {
  test('a single source keeps its numbers', () => {
    const clock = new LogicalClock();
    const source = new SourceClock();
    for (const [last, number] of [
      [0, 1],
      [1, 2],
      [1, 3],
      [3, 4],
    ] as const) {
      clock.advance(source, last, number);
      expect([clock.lastCommitted, clock.sequenceNumber]).toEqual([last, number]);
    }
  });

  test('a new file of the source waits for the one before', () => {
    const clock = new LogicalClock();
    const source = new SourceClock();
    clock.advance(source, 0, 1);
    clock.advance(source, 1, 2);
    clock.advance(source, 0, 1);
    expect([clock.lastCommitted, clock.sequenceNumber]).toEqual([2, 3]);
    clock.advance(source, 0, 2);
    expect([clock.lastCommitted, clock.sequenceNumber]).toEqual([2, 4]);
  });

  test('a new file of ours begins to count again', () => {
    const clock = new LogicalClock();
    const source = new SourceClock();
    clock.advance(source, 0, 1);
    clock.advance(source, 1, 2);
    clock.startFile();
    clock.advance(source, 2, 3);
    expect([clock.lastCommitted, clock.sequenceNumber]).toEqual([0, 1]);
    clock.advance(source, 3, 4);
    expect([clock.lastCommitted, clock.sequenceNumber]).toEqual([1, 2]);
  });

  test('whatever comes in whatever order, nothing runs before what it depends on', () => {
    const step = fc.record({
      channel: fc.nat(2),
      // How far back it depends, how many numbers the source leaves out, whether either side begins a file.
      back: fc.nat(5),
      gap: fc.integer({ min: 1, max: 3 }),
      sourceRotates: fc.integer({ min: 0, max: 9 }).map((value) => value === 0),
      ownRotates: fc.integer({ min: 0, max: 9 }).map((value) => value === 0),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const numbers = new Map<number[], number[]>();
        const clock = new LogicalClock();
        const channels = [0, 1, 2].map(() => ({
          clock: new SourceClock(),
          next: 0,
          epoch: [] as number[][],
        }));
        let total = 0;
        let base = 0;
        for (const { channel, back, gap, sourceRotates, ownRotates } of steps) {
          const of = channels[channel]!;
          if (ownRotates) {
            clock.startFile();
            base = total;
          }
          if (sourceRotates || of.epoch.length === 0) {
            of.next = 0;
            of.clock.startFile();
            of.epoch.push([]);
          }
          const number = of.next + gap;
          const lastCommitted = Math.max(0, of.next - back);
          of.next = number;
          clock.advance(of.clock, lastCommitted, number);
          total += 1;
          // All of earlier files of the source, and of this one what has a number up to its dependency.
          const epoch = of.epoch.at(-1)!;
          const before = of.epoch.slice(0, -1).flat();
          const needed = epoch.filter((_own, index) => numbers.get(epoch)![index]! <= lastCommitted);
          for (const own of [...before, ...needed]) {
            expect(clock.lastCommitted + base).toBeGreaterThanOrEqual(Math.min(own, total - 1));
          }
          expect(clock.lastCommitted).toBeLessThan(clock.sequenceNumber);
          epoch.push(total);
          numbers.set(epoch, [...(numbers.get(epoch) ?? []), number]);
        }
      }),
    );
  });
});

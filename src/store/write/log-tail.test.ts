import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ForgetfulDisk } from '../disk/forgetful-disk.ts';
import { BLOCK_BYTES } from '../files/block-cache.ts';
import { ignorable, openLogs, readIgnorable } from '../ignorable-events.ts';
import type { LogSequence } from '../log-sequence.ts';
import type { LogFollower } from '../read/log-follower.ts';

/** An event that says which it is, in its timestamp and in every byte. */
const numbered = (number: number, bytes: number): Buffer => ignorable(number, bytes, number % 251);

/** A disk that looks at the bytes a while after it was asked to write them. */
class SlowDisk extends ForgetfulDisk {
  override async open(path: string, mode: 'read' | 'write' | 'create'): ReturnType<ForgetfulDisk['open']> {
    const file = await super.open(path, mode);
    return {
      ...file,
      write: async (pieces, position) => {
        await nextTurn();
        await nextTurn();
        await file.write(pieces, position);
      },
    };
  }
}

const open = (cacheBytes: number): Promise<LogSequence<number>> => openLogs(new SlowDisk(), cacheBytes);

/** The numbers that can be read now, each checked byte for byte. */
async function read(follower: LogFollower): Promise<number[]> {
  const found: number[] = [];
  await readIgnorable(follower, (number, body) => {
    expect(body.equals(Buffer.alloc(body.length, number % 251))).toBe(true);
    found.push(number);
  });
  return found;
}

const size = fc.oneof(
  fc.integer({ min: 1, max: 3000 }),
  fc.integer({ min: BLOCK_BYTES - 4000, max: 6 * BLOCK_BYTES }),
);
const append = fc.record({ kind: fc.constant('append' as const), size });
const other = (...kinds: readonly string[]) => fc.record({ kind: fc.constantFrom(...kinds) });
const step = fc.oneof(
  { arbitrary: append, weight: 5 },
  { arbitrary: other('turn'), weight: 4 },
  { arbitrary: other('mark', 'rewind', 'read'), weight: 3 },
  { arbitrary: other('rotate'), weight: 1 },
);

describe('the end of a log', () => {
  test('holds what was marked, whatever was taken back while it was being written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 20, maxLength: 60 }),
        fc.constantFrom(2, 4, 64),
        async (steps, blocks) => {
          const log = await open(blocks * BLOCK_BYTES);
          const live = await log.follow({ number: 1, position: 4 });
          const wanted: number[] = [];
          const seen: number[] = [];
          let unmarked: number[] = [];
          let number = 0;
          for (const one of steps) {
            if (one.kind === 'append') {
              number += 1;
              log.append(numbered(number, (one as { size: number }).size));
              unmarked.push(number);
            } else if (one.kind === 'mark') {
              log.mark(number);
              wanted.push(...unmarked);
              unmarked = [];
            } else if (one.kind === 'rewind') {
              log.rewind();
              unmarked = [];
            } else if (one.kind === 'turn') await nextTurn();
            else if (one.kind === 'read') seen.push(...(await read(live)));
            else if (unmarked.length === 0) log.rotate();
          }
          log.rewind();
          await log.settle();
          seen.push(...(await read(live)));
          expect(seen).toEqual(wanted);
          const late = await log.follow({ number: 1, position: 4 });
          expect(await read(late)).toEqual(wanted);
          live.close();
          late.close();
          await log.close();
        },
      ),
      { numRuns: 80 },
    );
  });
});

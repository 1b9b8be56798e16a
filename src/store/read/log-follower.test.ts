import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RawEvent } from '../../binlog/index.ts';
import { FormatError } from '../../errors/index.ts';
import { ForgetfulDisk } from '../disk/forgetful-disk.ts';
import { BLOCK_BYTES } from '../files/block-cache.ts';
import { ignorable, openLogs, readIgnorable } from '../ignorable-events.ts';
import type { LogSequence } from '../log-sequence.ts';
import type { LogFollower } from './log-follower.ts';

/** One event, a transaction of its own, of so many bytes more than its header. */
const sized = (bytes: number): Buffer => ignorable(1, bytes, bytes % 251);

const open = (cacheBytes?: number): Promise<LogSequence<number>> => openLogs(new ForgetfulDisk(), cacheBytes);

/** Sizes of the ignorable events that can be read now, each checked byte for byte. */
async function read(follower: LogFollower): Promise<number[]> {
  const sizes: number[] = [];
  await readIgnorable(follower, (_, bytes) => {
    expect(bytes.equals(Buffer.alloc(bytes.length, bytes.length % 251))).toBe(true);
    sizes.push(bytes.length);
  });
  return sizes;
}

describe('who follows a log', () => {
  test('reads every event, wherever the ends of blocks fall, from the disk and from memory', async () => {
    const size = fc.oneof(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: BLOCK_BYTES - 60, max: BLOCK_BYTES + 60 }),
      fc.integer({ min: 2 * BLOCK_BYTES - 40, max: 3 * BLOCK_BYTES }),
    );
    const step = fc.record({ size, rotates: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.boolean(), async (steps, isSmall) => {
        // A cache of one block forgets nearly everything: all comes from the disk.
        const log = await open(isSmall ? BLOCK_BYTES : undefined);
        const live = await log.follow({ number: 1, position: 4 });
        const seen: number[] = [];
        for (const { size: bytes, rotates } of steps) {
          log.append(sized(bytes));
          log.mark(1);
          if (rotates) log.rotate();
          await log.settle();
          seen.push(...(await read(live)));
        }
        const sizes = steps.map((each) => each.size);
        expect(seen).toEqual(sizes);
        const late = await log.follow({ number: 1, position: 4 });
        expect(await read(late)).toEqual(sizes);
        live.close();
        late.close();
        await log.close();
      }),
      { numRuns: 15 },
    );
  });

  test('sees nothing that is not durable, and is woken when it is', async () => {
    const log = await open();
    const follower = await log.follow({ number: 1, position: 4 });
    await read(follower);
    log.append(sized(10));
    expect(await read(follower)).toEqual([]);
    const woken = follower.wait();
    log.mark(1);
    expect(await woken).toBe(true);
    expect(await read(follower)).toEqual([10]);
    follower.close();
    await log.close();
  });

  test('waits no longer than it was told to, and not at all once it is called off', async () => {
    const log = await open();
    const follower = await log.follow({ number: 1, position: 4 });
    await read(follower);
    expect(await follower.wait(undefined, 1)).toBe(false);
    const stop = new AbortController();
    const waiting = follower.wait(stop.signal);
    stop.abort();
    await waiting;
    expect(follower.atEnd).toBe(true);
    follower.close();
    await log.close();
  });

  test('keeps its file and all later ones from being purged, until it goes', async () => {
    const log = await open();
    const follower = await log.follow({ number: 1, position: 4 });
    for (let round = 0; round < 3; round += 1) {
      log.append(sized(5));
      log.mark(1);
      log.rotate();
    }
    await log.settle();
    expect(await log.purgeBefore(4)).toEqual(['binlog.000001', 'binlog.000002', 'binlog.000003']);
    follower.close();
    expect(await log.purgeBefore(4)).toEqual([]);
    expect(log.files.map(({ number }) => number)).toEqual([4]);
    await log.close();
  });

  test('refuses to begin in the middle of an event', async () => {
    const log = await open();
    log.append(sized(400));
    log.mark(1);
    await log.settle();
    const { position } = log.durable;
    const follower = await log.follow({ number: 1, position: position - 200 });
    await expect(read(follower)).rejects.toThrow(FormatError);
    follower.close();
    await log.close();
  });

  test.each([
    ['with less than a header before the end', 10, 400],
    ['where a header lies across two blocks and says a length of nothing', BLOCK_BYTES, 2 * BLOCK_BYTES],
  ])('refuses to begin %s', async (_, distance, bytes) => {
    const log = await open();
    log.append(ignorable(1, bytes, 0));
    log.mark(1);
    await log.settle();
    const { position: end } = log.durable;
    const position = distance < BLOCK_BYTES ? end - distance : BLOCK_BYTES - 7;
    const follower = await log.follow({ number: 1, position });
    const event = new RawEvent();
    // Whoever reads goes on for as long as nothing is thrown.
    const steps = async (): Promise<void> => {
      for (let step = 0; step < 4; step += 1) if (!follower.next(event)) await follower.load();
    };
    await expect(steps()).rejects.toThrow(FormatError);
    follower.close();
    await log.close();
  });

  test('holds nothing where its file cannot be opened', async () => {
    const disk = new ForgetfulDisk();
    const log = await openLogs(disk);
    const opened = disk.open.bind(disk);
    disk.open = () => Promise.reject(Object.assign(new Error('too many open files'), { code: 'EMFILE' }));
    await expect(log.follow({ number: 1, position: 4 })).rejects.toThrow('too many open files');
    disk.open = opened;
    log.rotate();
    await log.settle();
    expect(await log.purgeBefore(2)).toEqual([]);
    await log.close();
  });

  test('lets go of a file once, though the log was closed before', async () => {
    const disk = new ForgetfulDisk();
    const log = await openLogs(disk);
    let closed = 0;
    const opened = disk.open.bind(disk);
    disk.open = async (path, mode) => {
      const file = await opened(path, mode);
      return {
        ...file,
        close: async () => {
          closed += 1;
        },
      };
    };
    const follower = await log.follow({ number: 1, position: 4 });
    await log.close();
    follower.close();
    expect(closed).toBe(1);
  });
});

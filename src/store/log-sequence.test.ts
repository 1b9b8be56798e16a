import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventType, encodeEvent, RawEvent } from '../binlog/index.ts';
import type { RowlockError } from '../errors/index.ts';
import { ForgetfulDisk } from './disk/forgetful-disk.ts';
import { PatientDisk } from './disk/patient-disk.ts';
import { BlockCache } from './files/block-cache.ts';
import { events, state } from './ignorable-events.ts';
import type { LogSequenceOptions } from './log-options.ts';
import { LogSequence } from './log-sequence.ts';
import type { LogFollower } from './read/log-follower.ts';
import type { LogCut, RecoveryPlan } from './recovery/recover-files.ts';

const event = (type: number, body: Parameters<typeof encodeEvent>[1]): Buffer =>
  encodeEvent({ timestamp: 1, type, serverId: 1, logPos: 0, flags: 0 }, body, state, { checksum: true });

/** A transaction that tells which it is: BEGIN, bytes, XID. */
function transaction(number: number, padding = 0): Buffer {
  return Buffer.concat([
    event(EventType.QUERY_EVENT, {
      kind: 'query',
      threadId: 1,
      executionSeconds: 0,
      errorCode: 0,
      status: { bytes: Buffer.alloc(0) },
      schema: Buffer.alloc(0),
      statement: Buffer.from('BEGIN'),
      block: undefined,
    }),
    event(EventType.IGNORABLE_LOG_EVENT, { kind: 'ignorable', bytes: Buffer.alloc(padding, 0x61) } as never),
    event(EventType.XID_EVENT, { kind: 'xid', xid: BigInt(number) }),
  ]);
}

function options(
  disk: ForgetfulDisk,
  more: Partial<LogSequenceOptions<number>> = {},
): LogSequenceOptions<number> {
  return {
    disk,
    folder: '/data',
    base: 'binlog',
    cache: new BlockCache(),
    opening: () => events.formatDescription(4, false, true),
    closing: (next, position) =>
      next === undefined ? events.stop(position, true) : events.rotate(position, next, 4, true),
    ...more,
  };
}

/** The numbers of the transactions a reader sees now. */
async function seen(follower: LogFollower): Promise<number[]> {
  const raw = new RawEvent();
  const found: number[] = [];
  for (;;) {
    while (follower.next(raw)) {
      if (raw.type === EventType.XID_EVENT) found.push(raw.bytes.readUInt32LE(raw.bodyStart));
    }
    if (!follower.atEnd) await follower.load();
    else if (!(await follower.advance())) return found;
  }
}

/** Of what is in memory. */
function seenAtOnce(follower: LogFollower): number[] {
  const raw = new RawEvent();
  const found: number[] = [];
  while (follower.next(raw)) {
    if (raw.type === EventType.XID_EVENT) found.push(raw.bytes.readUInt32LE(raw.bodyStart));
  }
  return found;
}

describe('a log that is written and read', () => {
  test('readers see whole transactions, over all files', async () => {
    const log = await LogSequence.open(options(new ForgetfulDisk()));
    const follower = await log.follow({ number: 1, position: 4 });
    log.append(transaction(1));
    log.mark(1);
    log.rotate();
    log.append(transaction(2, 600_000));
    log.mark(2);
    log.append(transaction(3).subarray(0, 60));
    await log.settle();
    expect(await seen(follower)).toEqual([1, 2]);
    expect(log.files.map(({ name }) => name)).toEqual(['binlog.000001', 'binlog.000002']);
    follower.close();
  });

  test('what waits to be written is taken back, whatever has been asked for behind it', async () => {
    const disk = new ForgetfulDisk();
    const log = await LogSequence.open(options(disk));
    log.append(transaction(1, 10));
    log.mark(1);
    log.append(transaction(2, 1_000_000).subarray(0, 900_000));
    const purged = log.purgeBefore(1);
    log.rewind();
    log.append(transaction(3, 800_000));
    log.mark(3);
    await log.settle();
    await purged;
    const again = await LogSequence.open(options(disk));
    expect(await seen(await again.follow({ number: 1, position: 4 }))).toEqual([1, 3]);
  });

  test('what was appended since the last mark can be taken back', async () => {
    const disk = new ForgetfulDisk();
    const log = await LogSequence.open(options(disk));
    log.append(transaction(1));
    log.mark();
    const half = transaction(9, 2_000_000);
    log.append(half.subarray(0, 1_500_000));
    await log.settle();
    log.rewind();
    log.append(transaction(2));
    log.mark();
    await log.settle();
    const follower = await log.follow({ number: 1, position: 4 });
    expect(await seen(follower)).toEqual([1, 2]);
    await log.settle();
    await log.close();
    expect(disk.everything().includes(Buffer.alloc(1000, 0x61))).toBe(false);
  });

  test('many transactions cost few syncs', async () => {
    const disk = new ForgetfulDisk();
    const log = await LogSequence.open(options(disk));
    const before = disk.syncs;
    for (let number = 0; number < 500; number += 1) {
      log.append(transaction(number));
      log.mark();
    }
    await log.settle();
    expect(disk.syncs - before).toBeLessThan(5);
  });

  test('files go from a disk that has no space for the list of them, whoever waits for it', async () => {
    let isFull = false;
    class FullDisk extends ForgetfulDisk {
      override async replaceFile(path: string, content: Buffer): Promise<void> {
        if (isFull) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        return super.replaceFile(path, content);
      }
      override async remove(path: string): Promise<void> {
        isFull = false;
        return super.remove(path);
      }
    }
    const patient = new PatientDisk(new FullDisk(), { onFull: () => undefined });
    const log = await LogSequence.open({ ...options(new ForgetfulDisk()), disk: patient });
    log.rotate();
    await log.settle();
    patient.begin();
    isFull = true;
    expect(await log.purgeBefore(2)).toEqual([]);
    expect(log.files.map(({ number }) => number)).toEqual([2]);
    await log.close();
  });

  test('a file that somebody reads is not purged, nor any behind it', async () => {
    const log = await LogSequence.open(options(new ForgetfulDisk()));
    for (let file = 0; file < 3; file += 1) log.rotate();
    await log.settle();
    const follower = await log.follow({ number: 2, position: 4 });
    expect(await log.purgeBefore(4)).toEqual(['binlog.000002', 'binlog.000003']);
    expect(log.files.map(({ number }) => number)).toEqual([2, 3, 4]);
    follower.close();
    expect(await log.purgeBefore(9)).toEqual([]);
    expect(log.files.map(({ number }) => number)).toEqual([4]);
  });

  test('a full disk is an error with a hint, and nothing torn is left', async () => {
    const disk = new ForgetfulDisk();
    const log = await LogSequence.open(options(disk));
    log.append(transaction(1));
    log.mark();
    await log.settle();
    disk.space = 30;
    log.append(transaction(2));
    log.mark();
    await expect(log.settle()).rejects.toMatchObject({ code: 'STORE_FULL' });
    expect(() => log.append(transaction(3))).toThrow(/no space left/);
    disk.space = 1e9;
    await log.heal();
    log.append(transaction(4));
    log.mark();
    await log.settle();
    expect(await seen(await log.follow({ number: 1, position: 4 }))).toEqual([1, 4]);
  });

  test('after any crash there are exactly the first so many transactions, and all that were durable', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ padding: fc.nat(3000), settle: fc.boolean(), rotate: fc.boolean() }), {
          maxLength: 12,
        }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.infiniteStream(fc.nat(3)),
        async (steps, keep, holes) => {
          const disk = new ForgetfulDisk();
          let durable = 0;
          const settled = (marks: readonly number[]): void => {
            durable = marks.at(-1) ?? durable;
          };
          const log = await LogSequence.open(options(disk, { settled }));
          let number = 0;
          for (const { padding, settle, rotate } of steps) {
            number += 1;
            log.append(transaction(number, padding));
            log.mark(number);
            if (rotate) log.rotate();
            if (settle) await log.settle();
            else for (let turn = 0; turn < padding % 7; turn += 1) await Promise.resolve();
          }
          const promised = durable;
          const again = await LogSequence.open(
            options(
              disk.crash(
                () => keep,
                () => holes.next().value === 0,
              ),
            ),
          );
          const first = again.files[0]!;
          const found = await seen(await again.follow({ number: first.number, position: 4 }));
          expect(found).toEqual(found.map((_, index) => index + 1));
          expect(found.length).toBeGreaterThanOrEqual(promised);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a log that was damaged', () => {
  /** Three transactions, of which the second has a wrong byte; closed, or as a crash leaves it. */
  async function damaged(isClosed: boolean): Promise<{ disk: ForgetfulDisk; ends: number[]; size: number }> {
    const disk = new ForgetfulDisk();
    const log = await LogSequence.open(options(disk));
    const ends: number[] = [];
    for (const number of [1, 2, 3]) {
      log.append(transaction(number, 1000));
      log.mark();
      ends.push(log.end.position);
    }
    await log.settle();
    if (isClosed) await log.close();
    const file = await disk.open('/data/binlog.000001', 'write');
    await file.write([Buffer.of(0x62)], ends[0]! + 500);
    await file.sync();
    return { disk: disk.crash(), ends, size: await file.size() };
  }
  const opened = async (disk: ForgetfulDisk, plan: RecoveryPlan) => {
    const cuts: LogCut[] = [];
    const log = await LogSequence.open(options(disk), { ...plan, cut: (cut) => cuts.push(cut) });
    return { cuts, found: await seen(await log.follow({ number: 1, position: 4 })) };
  };
  const path = '/data/binlog.000001';

  test.each([true, false])(
    'comes again where it is no original, and says how much (closed: %s)',
    async (isClosed) => {
      const { disk, ends, size } = await damaged(isClosed);
      const cut = { path, position: ends[0], bytes: size - ends[0]! };
      expect(await opened(disk, {})).toEqual({ cuts: [cut], found: [1] });
      expect(await opened(disk, {})).toEqual({ cuts: [], found: [1] });
    },
  );

  test.each([
    ['it was closed', true, undefined],
    ['so much was durable', false, 1],
    ['all of it was durable', false, 2],
  ])('stays as it is where it is the original, and %s', async (_, isClosed, last) => {
    const { disk, ends } = await damaged(isClosed);
    const before = await disk.readFile(path);
    const durable = last === undefined ? undefined : { number: 1, position: ends[last]! };
    const error = await opened(disk, { original: { durable } }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'STORE_DAMAGED', context: { file: path } });
    // The wrong byte is in the second event of the second transaction.
    const { position } = (error as RowlockError).context;
    expect(position).toBeGreaterThan(ends[0]!);
    expect(position).toBeLessThan(ends[0]! + 500);
    expect(await disk.readFile(path)).toEqual(before);
  });

  test('is cut where the damage is in what was not durable for sure: a power cut leaves such holes', async () => {
    const { disk, ends, size } = await damaged(false);
    const durable = { number: 1, position: ends[0]! };
    const cut = { path, position: ends[0], bytes: size - ends[0]! };
    expect(await opened(disk, { original: { durable } })).toEqual({ cuts: [cut], found: [1] });
  });

  test.each([
    ['its newest file is none', Buffer.from('garbage')],
    ['its newest file is gone', undefined],
  ])('is no original any more where %s', async (_, left) => {
    const disk = new ForgetfulDisk();
    const log = await LogSequence.open(options(disk));
    log.rotate();
    log.append(transaction(1));
    log.mark();
    await log.settle();
    await disk.remove('/data/binlog.000002');
    if (left !== undefined) await (await disk.open('/data/binlog.000002', 'create')).write([left], 0);
    const original = { durable: log.durable };
    await expect(LogSequence.open(options(disk), { original })).rejects.toThrow(
      left === undefined
        ? 'the log ends here, and it was longer'
        : 'cannot be read from here on, for 7 bytes',
    );
  });

  test('is no original any more where all its files are gone', async () => {
    const disk = new ForgetfulDisk();
    const log = await LogSequence.open(options(disk));
    log.append(transaction(1));
    log.mark();
    await log.settle();
    await disk.remove(path);
    const original = { durable: log.durable };
    await expect(LogSequence.open(options(disk), { original })).rejects.toMatchObject({
      code: 'STORE_DAMAGED',
      message: 'the log is gone',
    });
  });
});

describe('a reader ahead of the disk', () => {
  test('sees whole transactions before they are durable, and nothing of one that is not whole', async () => {
    const disk = new ForgetfulDisk();
    const log = await LogSequence.open(options(disk));
    const ahead = await log.followMarked({ number: 1, position: 4 });
    const follower = await log.follow({ number: 1, position: 4 });
    log.append(transaction(1));
    log.mark();
    log.append(transaction(2));
    expect(seenAtOnce(ahead)).toEqual([1]);
    expect(seenAtOnce(follower)).toEqual([]);
    log.mark();
    log.rotate();
    log.append(transaction(3));
    log.mark();
    await log.settle();
    expect(await seen(ahead)).toEqual([2, 3]);
    ahead.close();
    follower.close();
  });

  test('is woken by the mark', async () => {
    const log = await LogSequence.open(options(new ForgetfulDisk()));
    const ahead = await log.followMarked({ number: 1, position: 4 });
    expect(await seen(ahead)).toEqual([]);
    const woken = ahead.wait();
    log.append(transaction(1));
    log.mark();
    expect(await woken).toBe(true);
    expect(await seen(ahead)).toEqual([1]);
    ahead.close();
  });

  test('goes on in the next file where what it saw was lost', async () => {
    const disk = new ForgetfulDisk();
    const log = await LogSequence.open(options(disk));
    const ahead = await log.followMarked({ number: 1, position: 4 });
    disk.failure = new Error('the disk is gone');
    log.append(transaction(1));
    log.mark();
    expect(seenAtOnce(ahead)).toEqual([1]);
    await expect(log.settle()).rejects.toThrow();
    expect(ahead.atEnd).toBe(true);
    disk.failure = undefined;
    await log.heal();
    log.append(transaction(2));
    log.mark();
    expect(await seen(ahead)).toEqual([2]);
    ahead.close();
  });

  test('a file that was seen is there after a power cut: its number does not come again', async () => {
    const disk = new ForgetfulDisk();
    const log = await LogSequence.open(options(disk));
    log.rotate();
    await log.settle();
    const ahead = await log.followMarked({ number: 2, position: 4 });
    log.append(transaction(1));
    log.mark();
    expect(seenAtOnce(ahead)).toEqual([1]);
    const again = await LogSequence.open(options(disk.crash()));
    expect(again.end.number).toBe(3);
    ahead.close();
  });
});

describe('what is durable elsewhere', () => {
  test('is not waited for here, and what is not, is', async () => {
    const disk = new ForgetfulDisk();
    const answers: (Promise<boolean> | undefined)[] = [];
    const ends: number[] = [];
    const settled: number[] = [];
    const log = await LogSequence.open(
      options(disk, {
        elsewhere: ({ position }) => {
          ends.push(position);
          return answers.shift();
        },
        settled: (marks) => settled.push(...marks),
      }),
    );
    const synced = async (answer: Promise<boolean> | undefined, mark: number): Promise<number> => {
      const { syncs } = disk;
      answers.push(answer);
      log.append(transaction(mark));
      log.mark(mark);
      await log.settle();
      expect(ends.at(-1)).toBe(log.end.position);
      return disk.syncs - syncs;
    };
    expect(await synced(undefined, 1)).toBe(1);
    expect(await synced(Promise.resolve(true), 2)).toBe(0);
    expect(await synced(Promise.resolve(false), 3)).toBe(1);
    expect(settled).toEqual([1, 2, 3]);
  });

  test('makes nobody wait for more than what was marked before', async () => {
    let say: (isDurable: boolean) => void = () => undefined;
    const log = await LogSequence.open(
      options(new ForgetfulDisk(), {
        elsewhere: () =>
          new Promise((resolve) => {
            say = resolve;
          }),
      }),
    );
    const follower = await log.follow({ number: 1, position: 4 });
    log.append(transaction(1));
    log.mark();
    const ahead = await log.followMarked({ number: 1, position: 4 });
    log.append(transaction(2));
    log.mark();
    expect(seenAtOnce(ahead)).toEqual([1, 2]);
    expect(seenAtOnce(follower)).toEqual([]);
    const settling = log.settle();
    while (follower.atEnd) {
      say(true);
      await new Promise(setImmediate);
    }
    expect(seenAtOnce(follower)[0]).toBe(1);
    say(true);
    await settling;
    ahead.close();
    follower.close();
  });
});

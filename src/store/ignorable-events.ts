import { EventType, encodeEvent, LogState, RawEvent } from '../binlog/index.ts';
import type { ForgetfulDisk } from './disk/forgetful-disk.ts';
import { BlockCache } from './files/block-cache.ts';
import { LogSequence } from './log-sequence.ts';
import { LogEvents } from './read/log-events.ts';
import type { LogFollower } from './read/log-follower.ts';

// For tests: logs of events that mean nothing to anybody, and can be told apart.

/** Of the logs that tests write. */
export const state: LogState = new LogState();

export const events: LogEvents = new LogEvents({
  flavor: 'mysql',
  serverId: 7,
  serverVersion: '9.7.0-rowlock',
  relayLog: false,
  now: () => 0,
});

/** An event of so many bytes more than its header, all of them `fill`. */
export function ignorable(timestamp: number, bytes: number, fill: number): Buffer {
  return encodeEvent(
    { timestamp, type: EventType.IGNORABLE_LOG_EVENT, serverId: 1, logPos: 0, flags: 0 },
    { kind: 'ignorable', bytes: Buffer.alloc(bytes, fill) } as never,
    state,
    { checksum: true },
  );
}

/** Binary logs in `/data` of such a disk, as a relay opens them. `cacheBytes`: memory for blocks. */
export function openLogs(disk: ForgetfulDisk, cacheBytes?: number): Promise<LogSequence<number>> {
  return LogSequence.open<number>({
    disk,
    folder: '/data',
    base: 'binlog',
    cache: new BlockCache(cacheBytes),
    opening: () => events.formatDescription(4, false, true),
    closing: (next, position) =>
      next === undefined ? events.stop(position, true) : events.rotate(position, next, 4, true),
  });
}

/** Shows the timestamp and the bytes of each ignorable event that can be read now; the bytes are valid until the next. */
export async function readIgnorable(
  follower: LogFollower,
  see: (timestamp: number, bytes: Buffer) => void,
): Promise<void> {
  const event = new RawEvent();
  for (;;) {
    while (follower.next(event)) {
      if (event.type !== EventType.IGNORABLE_LOG_EVENT) continue;
      see(event.timestamp, event.bytes.subarray(event.bodyStart, event.bodyEnd));
    }
    if (!follower.atEnd) await follower.load();
    else if (!(await follower.advance())) return;
  }
}

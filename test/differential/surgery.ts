import { crc32 } from '../../src/bytes/index.ts';
import type { Random } from './random.ts';

const MAGIC_BYTES = 4;
const HEADER_BYTES = 19;
const CHECKSUM_BYTES = 4;
const FORMAT_DESCRIPTION_EVENT = 15;
const ROTATE_EVENT = 4;
const STOP_EVENT = 3;

function eventsOf(log: Buffer): Buffer[] {
  const events: Buffer[] = [];
  for (let at = MAGIC_BYTES; at + HEADER_BYTES <= log.length; ) {
    const size = log.readUInt32LE(at + 9);
    if (size < HEADER_BYTES || at + size > log.length) break;
    events.push(log.subarray(at, at + size));
    at += size;
  }
  return events;
}

/** What a server writes last when it is shut down, in place of a Rotate. */
function stopFor(rotate: Buffer): Buffer {
  const stop = Buffer.alloc(HEADER_BYTES + CHECKSUM_BYTES);
  rotate.copy(stop, 0, 0, HEADER_BYTES);
  stop.writeUInt8(STOP_EVENT, 4);
  stop.writeUInt32LE(stop.length, 9);
  stop.writeUInt32LE(crc32(stop, 0, HEADER_BYTES), HEADER_BYTES);
  return stop;
}

/**
 * A log of the same events, but for some: what was shut down, copied while it was written, or put together by hand. Every event in it
 * is whole, so that both tools read all of them.
 */
export function operate(log: Buffer, random: Random): Buffer {
  const events = eventsOf(log);
  const last = events.at(-1);
  const isChecked = (events[0]?.at(-CHECKSUM_BYTES - 1) ?? 0) === 1;
  if (last === undefined || events[0]?.[4] !== FORMAT_DESCRIPTION_EVENT) return log;
  if (last[4] === ROTATE_EVENT && isChecked && random.chance(0.4)) events.splice(-1, 1, stopFor(last));
  for (let left = random.int(0, 3); left > 0 && events.length > 2; left -= 1) {
    const at = random.int(1, events.length - 1);
    const event = events[at];
    if (event === undefined) continue;
    const change = random.pick(['drop', 'drop', 'repeat', 'move'] as const);
    events.splice(at, change === 'repeat' ? 0 : 1, ...(change === 'repeat' ? [event] : []));
    if (change === 'move') events.splice(random.int(1, events.length), 0, event);
  }
  return Buffer.concat([log.subarray(0, MAGIC_BYTES), ...events]);
}

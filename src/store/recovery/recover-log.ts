import {
  checksumMatches,
  EventFlag,
  EventFramer,
  EventType,
  limits,
  RawEvent,
  TransactionTracker,
} from '../../binlog/index.ts';
import { FormatError } from '../../errors/index.ts';
import type { Disk, DiskFile } from '../disk/disk.ts';
import { LOG_MAGIC } from '../files/log-opening.ts';

/** What a log file turned out to hold. */
export interface LogScan {
  /** End of its last whole transaction (or of an event that belongs to none). */
  readonly wholeEnd: number;
  /** End of its last event that is sound, of a whole transaction or not. */
  readonly soundEnd: number;
  readonly size: number;
  /** The writer never closed it. */
  readonly inUse: boolean;
  /** It begins as a log does. */
  readonly isLog: boolean;
}

const READ_BYTES = 1 << 20;

/**
 * Walks through a file and finds where the last whole transaction ends: a torn event, one whose checksum is wrong, and everything
 * behind either, does not count.
 *
 * @param visit is told of every event before `until`; borrowed
 */
export async function scanLog(
  disk: Disk,
  path: string,
  visit?: (event: RawEvent) => void,
  until: number = Number.POSITIVE_INFINITY,
): Promise<LogScan> {
  const file = await disk.open(path, 'read');
  try {
    return await walk(file, visit, until);
  } finally {
    await file.close();
  }
}

async function walk(
  file: DiskFile,
  visit: ((event: RawEvent) => void) | undefined,
  until: number,
): Promise<LogScan> {
  const size = await file.size();
  const framer = new EventFramer({ position: 0, bufferBytes: READ_BYTES, maxEventBytes: limits.eventBytes });
  const tracker = new TransactionTracker();
  const event = new RawEvent();
  let wholeEnd = 0;
  let soundEnd = 0;
  let inUse = false;
  let first = true;
  for (let offset = 0; offset < size; ) {
    const count = await file.read(framer.space(), offset);
    if (count === 0) break;
    framer.filled(count);
    offset += count;
    if (framer.position === 0) {
      if (!framer.rest().subarray(0, LOG_MAGIC.length).equals(LOG_MAGIC)) break;
      framer.skip(LOG_MAGIC.length);
    }
    let step = nextSound(framer, event);
    for (; step === 'event' && event.position < until; step = nextSound(framer, event)) {
      if (first) {
        first = false;
        inUse = event.type === EventType.FORMAT_DESCRIPTION_EVENT && event.hasFlag(EventFlag.BINLOG_IN_USE);
      }
      tracker.place(event);
      visit?.(event);
      soundEnd = event.position + event.length;
      if (tracker.isBetween) wholeEnd = soundEnd;
    }
    if (step !== 'more') break;
  }
  return { wholeEnd, soundEnd, size, inUse, isLog: wholeEnd > 0 };
}

/** Whether an event follows whose checksum is right, or more bytes are needed, or what follows is none. */
function nextSound(framer: EventFramer, event: RawEvent): 'event' | 'more' | 'broken' {
  try {
    if (!framer.next(event)) return 'more';
    return checksumMatches(event) ? 'event' : 'broken';
  } catch (error) {
    if (error instanceof FormatError) return 'broken';
    throw error;
  }
}

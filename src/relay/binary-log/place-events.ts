import {
  CHECKSUM_BYTES,
  decodeBody,
  EventType,
  encodeEvent,
  HEADER_BYTES,
  LOG_POS_AT,
  LogState,
  RawEvent,
  TYPE_AT,
} from '../../binlog/index.ts';
import { crc32, patchedCrc32 } from '../../bytes/index.ts';
import type { LogicalClock, SourceClock } from './logical-clock.ts';
import type { TransactionBuffer } from './transaction-buffer.ts';

/** Offsets in a GTID_LOG_EVENT's body: flags 1, UUID 16, number 8, then a 2 where a clock follows. */
const CLOCK_MARK_AT = 25;
const CLOCK_MARK = 2;
const CLOCK_BYTES = 16;

/**
 * Gives buffered events their places in our log: end positions and checksums, in place. What an event says is not touched. A checksum
 * that came with the event is changed by what the position changes: damage on the way here still shows.
 *
 * @param position where the first of them will stand
 * @param from index of the first event
 * @returns where the next event will stand
 */
export function placeEvents(buffer: TransactionBuffer, position: number, from = 0): number {
  let at = position;
  for (let index = from; index < buffer.count; index += 1) {
    const slab = buffer.slabs[index]!;
    const start = buffer.starts[index]!;
    const end = buffer.ends[index]!;
    at += end - start;
    const sumAt = end - CHECKSUM_BYTES;
    const before = slab.readUInt32LE(start + LOG_POS_AT);
    const after = at % 0x1_0000_0000;
    slab.writeUInt32LE(after, start + LOG_POS_AT);
    const sum =
      buffer.sums[index] === true
        ? patchedCrc32(slab.readUInt32LE(sumAt), before ^ after, sumAt - start - LOG_POS_AT - 4)
        : crc32(slab, start, sumAt);
    slab.writeUInt32LE(sum, sumAt);
  }
  return at;
}

const anyLog = new LogState();
const tagged = new RawEvent();

/**
 * Gives the transaction's GTID event our clock. A tagged one is laid out in numbers of varying length and is made anew.
 *
 * @returns the event anew, where it no longer fits its place
 */
export function placeClock(
  slab: Buffer,
  start: number,
  end: number,
  clock: LogicalClock,
  source: SourceClock,
): Buffer | undefined {
  const type = slab[start + TYPE_AT];
  if (type === EventType.GTID_TAGGED_LOG_EVENT) {
    tagged.aim(slab, start, end, 0, true);
    const body = decodeBody(tagged, anyLog);
    if (body.kind !== 'gtidTagged') return undefined;
    clock.advance(source, Number(body.lastCommitted), Number(body.sequenceNumber));
    return encodeEvent(
      tagged,
      {
        ...body,
        lastCommitted: BigInt(clock.lastCommitted),
        sequenceNumber: BigInt(clock.sequenceNumber),
      },
      anyLog,
      { checksum: true },
    );
  }
  const mark = start + HEADER_BYTES + CLOCK_MARK_AT;
  const hasClock =
    (type === EventType.GTID_LOG_EVENT || type === EventType.ANONYMOUS_GTID_LOG_EVENT) &&
    mark + 1 + CLOCK_BYTES <= end - CHECKSUM_BYTES &&
    slab[mark] === CLOCK_MARK;
  if (!hasClock) {
    clock.skip();
    return undefined;
  }
  clock.advance(source, readNumber(slab, mark + 1), readNumber(slab, mark + 9));
  writeNumber(slab, mark + 1, clock.lastCommitted);
  writeNumber(slab, mark + 9, clock.sequenceNumber);
  return undefined;
}

function readNumber(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000;
}

function writeNumber(bytes: Buffer, at: number, value: number): void {
  bytes.writeUInt32LE(value % 0x1_0000_0000, at);
  bytes.writeUInt32LE(Math.floor(value / 0x1_0000_0000), at + 4);
}

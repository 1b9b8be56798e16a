import type { Cursor, Writer } from '../bytes/index.ts';
import { FormatError, TruncatedError } from '../errors/index.ts';
import { type Intervals, uniteIntervals } from './intervals.ts';
import { GNO_END } from './mysql-gtid.ts';
import type { GtidEntries } from './mysql-gtid-set-text.ts';
import { isTag, TAG_MAX_LENGTH } from './tag.ts';
import { UUID_BYTES } from './uuid.ts';

/**
 * A GTID set in bytes: the body of PREVIOUS_GTIDS, and part of COM_BINLOG_DUMP_GTID and TRANSACTION_CONTEXT.
 *
 *   header, 8 bytes   untagged: u64 entries (top byte 0) · tagged (MySQL 8.3+): 01, u48 entries, 01
 *   per entry         uuid[16] · tagged only: u8 length × 2, tag · u64 intervals · intervals × (i64 start, i64 end)
 *
 * The end of an interval is exclusive. The last header byte tells the two formats apart. The tagged one is written if some
 * entry has a tag; servers also write it where a tag was known once, even for the empty set.
 */

const UNTAGGED = 0;
const TAGGED = 1;
const INTERVAL_BYTES = 16;

export function decodeGtidEntries(cursor: Cursor): { entries: GtidEntries; tagged: boolean } {
  const head = cursor.u8();
  const counted = cursor.u48();
  const format = cursor.u8();
  if (format !== UNTAGGED && format !== TAGGED)
    throw new FormatError(`GTID set has unknown format ${format}`);
  if (format === TAGGED && head !== TAGGED)
    throw new FormatError(`GTID set has format ${head} and ${format}`);
  const count = format === TAGGED ? counted : head + counted * 256;
  const entries: GtidEntries = new Map();
  for (let i = 0; i < count; i += 1) {
    let key = cursor.latin1(UUID_BYTES);
    if (format === TAGGED) key += decodeTag(cursor);
    const intervals = decodeIntervals(cursor);
    const known = entries.get(key);
    if (known !== undefined) entries.set(key, uniteIntervals(known, intervals));
    else if (intervals.length > 0) entries.set(key, intervals);
  }
  return { entries, tagged: format === TAGGED };
}

function decodeTag(cursor: Cursor): string {
  // A varint of one byte: the value in the upper seven bits, since no tag needs more.
  const length = cursor.u8();
  if ((length & 1) !== 0 || length >>> 1 > TAG_MAX_LENGTH)
    throw new FormatError(`GTID tag has length code ${length}`);
  const tag = cursor.latin1(length >>> 1);
  if (tag !== '' && !isTag(tag)) throw new FormatError(`GTID tag ${JSON.stringify(tag)} is not a legal tag`);
  return tag;
}

function decodeIntervals(cursor: Cursor): Intervals {
  const count = cursor.offset();
  if (count * INTERVAL_BYTES > cursor.remaining) {
    throw new TruncatedError(`need ${count} GTID intervals, have ${cursor.remaining} bytes`);
  }
  const intervals: Intervals = [];
  let previousEnd = 0n;
  for (let i = 0; i < count; i += 1) {
    const start = cursor.u64();
    const end = cursor.u64();
    if (start <= previousEnd || end <= start || end > GNO_END) {
      throw new FormatError(`GTID interval ${start}-${end} is empty, out of order or out of range`);
    }
    intervals.push(start, end);
    previousEnd = end;
  }
  return intervals;
}

/** Writes entries that are sorted by key and hold no empty one. */
export function encodeGtidEntries(
  sorted: readonly [string, Intervals][],
  tagged: boolean,
  writer: Writer,
): void {
  if (tagged) {
    writer.u8(TAGGED);
    writer.u48(sorted.length);
    writer.u8(TAGGED);
  } else {
    writer.offset(sorted.length);
  }
  for (const [key, intervals] of sorted) {
    writer.latin1(key.slice(0, UUID_BYTES));
    if (tagged) {
      writer.u8((key.length - UUID_BYTES) << 1);
      writer.latin1(key.slice(UUID_BYTES));
    }
    writer.offset(intervals.length / 2);
    for (const bound of intervals) writer.u64(bound);
  }
}

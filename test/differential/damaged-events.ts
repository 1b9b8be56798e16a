import { ColumnCode, columnTypeOf } from '../../src/binlog/index.ts';
import { Cursor, crc32 } from '../../src/bytes/index.ts';
import { FormatError } from '../../src/errors/index.ts';
import type { Random } from './random.ts';

const MAGIC_BYTES = 4;
const HEADER_BYTES = 19;
const CHECKSUM_BYTES = 4;
const FORMAT_DESCRIPTION_EVENT = 15;
const TABLE_MAP_EVENT = 19;
const TABLE_ID_AND_FLAGS = 8;
const EXTREMES = [0, 1, 2, 0x7f, 0x80, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff];

interface Place {
  readonly start: number;
  readonly end: number;
  readonly type: number;
}

function placesOf(log: Buffer): Place[] {
  const places: Place[] = [];
  for (let at = MAGIC_BYTES; at + HEADER_BYTES <= log.length; ) {
    const size = log.readUInt32LE(at + 9);
    if (size < HEADER_BYTES || at + size > log.length) break;
    places.push({ start: at, end: at + size, type: log[at + 4] ?? 0 });
    at += size;
  }
  return places;
}

/** Changes a body: single bits and bytes, bytes taken out and put in, an end cut off or grown. */
function damageBody(body: Buffer, random: Random): Buffer {
  const at = random.int(0, Math.max(0, body.length - 1));
  const some = Buffer.from(random.hex(random.int(1, 6)), 'hex');
  const changed = Buffer.from(body);
  switch (random.pick(['bit', 'byte', 'byte', 'extreme', 'extreme', 'out', 'in', 'cut', 'grow'] as const)) {
    case 'bit':
      if (changed.length > 0) changed[at] = (changed[at] ?? 0) ^ (1 << random.int(0, 7));
      return changed;
    case 'byte':
      if (changed.length > 0) changed[at] = random.int(0, 255);
      return changed;
    case 'extreme':
      if (changed.length > 0) changed[at] = random.pick(EXTREMES);
      return changed;
    case 'out':
      return Buffer.concat([body.subarray(0, at), body.subarray(at + random.int(1, 4))]);
    case 'in':
      return Buffer.concat([body.subarray(0, at), some, body.subarray(at)]);
    case 'cut':
      return body.subarray(0, at);
    case 'grow':
      return Buffer.concat([body, some]);
  }
}

/**
 * Whether a table map ends before its metadata, or has less of it than its types ask for: the original reads on behind it, in memory that no filling of free
 * memory reaches.
 */
function lacksMetadata(body: Buffer): boolean {
  try {
    const cursor = new Cursor(body);
    cursor.skip(TABLE_ID_AND_FLAGS);
    for (let name = 0; name < 2; name += 1) cursor.skip(cursor.lenenc() + 1);
    const types = cursor.view(cursor.lenenc());
    if (cursor.remaining === 0) return true;
    // Of this type, which servers of today do not log, the original takes the metadata for that of the next column.
    if (types.includes(ColumnCode.VAR_STRING)) return true;
    const metadata = new Cursor(cursor.view(cursor.lenenc()));
    for (const type of types) columnTypeOf(type).readMeta(metadata);
    return false;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return true;
  }
}

/**
 * A log with one event of these types damaged, its length and its checksum as if it had been written so. Undefined: it has none, or what
 * the original makes of it is not the log's alone.
 */
export function damageEvent(log: Buffer, types: ReadonlySet<number>, random: Random): Buffer | undefined {
  const places = placesOf(log);
  const [first] = places;
  if (first?.type !== FORMAT_DESCRIPTION_EVENT) return undefined;
  const candidates = places.filter(({ type }) => types.has(type));
  if (candidates.length === 0) return undefined;
  const checksum = log[first.end - CHECKSUM_BYTES - 1] === 1 ? CHECKSUM_BYTES : 0;
  const { start, end, type } = random.pick(candidates);
  let body = Buffer.from(log.subarray(start + HEADER_BYTES, end - checksum));
  for (let left = random.pick([1, 1, 1, 2, 3]); left > 0; left -= 1)
    body = damageBody(body, random) as Buffer<ArrayBuffer>;
  if (type === TABLE_MAP_EVENT && lacksMetadata(body)) return undefined;
  const event = Buffer.concat([log.subarray(start, start + HEADER_BYTES), body, Buffer.alloc(checksum)]);
  event.writeUInt32LE(event.length, 9);
  if (checksum > 0) event.writeUInt32LE(crc32(event, 0, event.length - checksum), event.length - checksum);
  return Buffer.concat([log.subarray(0, start), event, log.subarray(end)]);
}

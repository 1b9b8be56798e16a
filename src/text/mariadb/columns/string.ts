import { TruncatedError } from '../../../errors/index.ts';
import type { TextOutput } from '../../output/text-output.ts';
import type { ColumnText, WriteValue } from './definition.ts';

const QUOTE = 0x27;
const FIRST_PRINTABLE = 0x20;
const hexDigits: Uint8Array = Buffer.from('0123456789abcdef', 'latin1');

/** How many bytes of a value are escaped before the room for them is asked for anew. */
const CHUNK_BYTES = 8192;
/** `\x1f` */
const ESCAPED_BYTES = 4;

let source: Uint8Array = hexDigits;
let words: DataView = new DataView(hexDigits.buffer, hexDigits.byteOffset, hexDigits.byteLength);

/**
 * `'…'` with control characters as `\xNN`. Quotes and backslashes stay as they are, as the original prints them: the text
 * is a comment for people, not SQL.
 */
export function writeQuoted(out: TextOutput, bytes: Uint8Array, start: number, end: number): void {
  if (bytes !== source) {
    source = bytes;
    words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  const view = words;
  out.byte(QUOTE);
  for (let from = start; from < end; ) {
    const stop = end - from > CHUNK_BYTES ? from + CHUNK_BYTES : end;
    let at = out.reserve((stop - from) * ESCAPED_BYTES);
    const { buffer, view: target } = out;
    while (from < stop) {
      if (stop - from >= 4) {
        // Four bytes at a time, as long as none is below 0x20: then no borrow reaches a high bit that the bytes do not have.
        const word = view.getInt32(from, true);
        if (((word - 0x2020_2020) & ~word & 0x8080_8080) === 0) {
          target.setInt32(at, word, true);
          from += 4;
          at += 4;
          continue;
        }
      }
      const byte = bytes[from]!;
      from += 1;
      if (byte >= FIRST_PRINTABLE) {
        buffer[at++] = byte;
      } else {
        buffer[at] = 0x5c;
        buffer[at + 1] = 0x78;
        buffer[at + 2] = hexDigits[byte >> 4]!;
        buffer[at + 3] = hexDigits[byte & 15]!;
        at += ESCAPED_BYTES;
      }
    }
    out.length = at;
  }
  out.byte(QUOTE);
}

function writeText(out: TextOutput, bytes: Uint8Array, start: number, length: number, end: number): number {
  const next = start + length;
  if (!(next <= end)) throw new TruncatedError(`value of ${length} bytes leaves the row`);
  writeQuoted(out, bytes, start, next);
  return next;
}

/** Values behind a little-endian length of so many bytes. */
const writers: readonly WriteValue[] = [
  (out, bytes, at, end) => writeText(out, bytes, at, 0, end),
  (out, bytes, at, end) => writeText(out, bytes, at + 1, bytes[at]!, end),
  (out, bytes, at, end) => writeText(out, bytes, at + 2, bytes[at]! | (bytes[at + 1]! << 8), end),
  (out, bytes, at, end) =>
    writeText(out, bytes, at + 3, bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16), end),
  (out, bytes, at, end) =>
    writeText(
      out,
      bytes,
      at + 4,
      (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0,
      end,
    ),
];

const ONE_BYTE_LENGTH = 0xff;

/** Columns whose longest value needs two bytes of length have two. */
function lengthBytes(longest: number): number {
  return longest > ONE_BYTE_LENGTH ? 2 : 1;
}

export function varchar(longest: number, suffix = ''): ColumnText {
  const bytes = lengthBytes(longest);
  return { type: `VARSTRING(${longest})${suffix}`, size: -bytes, write: writers[bytes]! };
}

export function char(longest: number): ColumnText {
  const bytes = lengthBytes(longest);
  return { type: `STRING(${longest})`, size: -bytes, write: writers[bytes]! };
}

const blobNames = ['', 'TINYBLOB/TINYTEXT', 'BLOB/TEXT', 'MEDIUMBLOB/MEDIUMTEXT', 'LONGBLOB/LONGTEXT'];

/** `meta` is the number of length bytes, 1 to 4; undefined for what is none. */
export function blob(meta: number, suffix = ''): ColumnText | undefined {
  const name = blobNames[meta];
  if (name === undefined || name === '') return undefined;
  return { type: `${name}${suffix}`, size: -meta, write: writers[meta]! };
}

export function geometry(meta: number): ColumnText | undefined {
  const like = blob(meta);
  return like && { ...like, type: 'GEOMETRY' };
}

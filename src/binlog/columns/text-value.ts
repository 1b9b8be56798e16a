import { isUtf8 } from 'node:buffer';
import type { Cursor } from '../../bytes/index.ts';
import { givenText } from './given-text.ts';

/** How the bytes of a collation become text. `undefined` stands for bytes that are no text: they stay a Buffer. */
interface TextEncoding {
  readonly node: 'utf8' | 'latin1' | 'binary';
}

const BINARY: TextEncoding = { node: 'binary' };
const UTF8: TextEncoding = { node: 'utf8' };

/** Collation ids of utf8mb3 and utf8mb4 (and ascii, a part of it), as ranges; `information_schema.COLLATIONS` lists them. */
const utf8Ranges: readonly (readonly [first: number, last: number])[] = [
  [11, 11],
  [33, 33],
  [45, 46],
  [65, 65],
  [76, 76],
  [83, 83],
  [192, 215],
  [223, 247],
  [255, 323],
  // MariaDB: utf8mb3 and utf8mb4 of 10.x, NOPAD twins, and UCA 14.
  [576, 578],
  [608, 610],
  [1057, 1057],
  [1069, 1070],
  [1107, 1107],
  [1216, 1216],
  [1238, 1239],
  [1248, 1248],
  [1270, 1271],
  [2048, 2559],
];

function encodingOf(collation: number | undefined): TextEncoding {
  if (collation === undefined) return BINARY;
  return utf8Ranges.some(([first, last]) => collation >= first && collation <= last) ? UTF8 : BINARY;
}

const cache = new Map<number | undefined, TextEncoding>();

function cachedEncoding(collation: number | undefined): TextEncoding {
  let encoding = cache.get(collation);
  if (encoding === undefined) {
    encoding = encodingOf(collation);
    cache.set(collation, encoding);
  }
  return encoding;
}

/** Text where the collation's character set is known and the bytes are legal in it, else a copy of the bytes. */
export function readText(cursor: Cursor, length: number, collation: number | undefined): string | Buffer {
  if (cachedEncoding(collation).node !== 'utf8') return cursor.copy(length);
  const start = cursor.position;
  const text = cursor.utf8(length);
  // A replacement character is either in the text or the mark of illegal bytes, which text cannot carry.
  if (text.includes('\ufffd') && !isUtf8(cursor.bytes.subarray(start, start + length))) {
    cursor.position = start;
    return cursor.copy(length);
  }
  return text;
}

/** The mirror of {@link readText}. */
export function bytesOfText(value: unknown, _collation: number | undefined): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(givenText(value), 'utf8');
}

/** Bytes outside an event as text, if they can be. */
export function textOf(bytes: Buffer, collation: number | undefined): string | undefined {
  return cachedEncoding(collation).node === 'utf8' && isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

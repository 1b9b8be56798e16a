import { isUtf8 } from 'node:buffer';
import type { Cursor } from '../../bytes/index.ts';
import { decodeLegalText, encodeText, keepsAscii } from '../../charset/index.ts';
import { givenText } from './given-text.ts';

type Charset = string | undefined;

/** What of a column decides over its text. */
interface Text {
  readonly charset: Charset;
}

const SHORT_BYTES = 512;

function isUtf8Charset(charset: Charset): boolean {
  return charset === 'utf8mb4' || charset === 'utf8mb3';
}

/** Text where the column's character set is known and the bytes are legal in it, else a copy of the bytes. */
export function readText(cursor: Cursor, length: number, { charset }: Text): string | Buffer {
  if (charset === undefined || charset === 'binary') return cursor.copy(length);
  const isUtf8Text = isUtf8Charset(charset);
  // Half the time of decoding UTF-8; longer text is looked through quicker by whoever decodes it.
  const isShort = length <= SHORT_BYTES && (isUtf8Text || keepsAscii(charset));
  const ascii = isShort ? cursor.ascii(length) : undefined;
  if (ascii !== undefined) return ascii;
  if (isUtf8Text) {
    const start = cursor.position;
    const text = cursor.utf8(length);
    // A replacement character is either in the text or the mark of illegal bytes, which text cannot carry.
    if (!text.includes('\ufffd') || isUtf8(cursor.bytes.subarray(start, start + length))) return text;
    cursor.position = start;
    return cursor.copy(length);
  }
  const bytes = cursor.view(length);
  return decodeLegalText(bytes, charset) ?? Buffer.from(bytes);
}

/** The mirror of {@link readText}. */
export function bytesOfText(value: unknown, { charset }: Text): Buffer {
  if (Buffer.isBuffer(value)) return value;
  const text = givenText(value);
  return charset === undefined || charset === 'binary' || isUtf8Charset(charset)
    ? Buffer.from(text)
    : encodeText(text, charset);
}

/** Bytes outside an event as text; undefined where they are none. */
export function textOf(bytes: Buffer, charset: Charset): string | undefined {
  return charset === undefined || charset === 'binary' ? undefined : decodeLegalText(bytes, charset);
}

import { isUtf8 } from 'node:buffer';
import { writeBase64 } from '../output/base64.ts';
import { plainEscapes, writeJsonString } from '../output/json-string.ts';
import type { TextOutput } from '../output/text-output.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** 1: a byte that does not stand for itself, or not alone. */
const special = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === QUOTE || byte === BACKSLASH || byte >= 0x80 ? 1 : 0,
);

/** Bytes that are no text: `{"base64":"…"}`. */
export function writeBinary(out: TextOutput, bytes: Buffer, start: number, end: number): void {
  out.text('{"base64":"');
  writeBase64(out, bytes, start, end);
  out.text('"}');
}

/** Longest text that is tried in one pass. */
const SHORT_BYTES = 1 << 10;

/** Text where the bytes are legal UTF-8, else as {@link writeBinary}. */
export function writeUtf8OrBinary(out: TextOutput, bytes: Buffer, start: number, end: number): void {
  const size = end - start;
  if (size <= SHORT_BYTES) {
    // Nearly all text is short and plain ASCII: copied while it is looked at, forgotten if it turns out otherwise.
    let at = out.reserve(size + 2);
    const { buffer } = out;
    buffer[at++] = QUOTE;
    let from = start;
    for (; from < end; from += 1) {
      const byte = bytes[from]!;
      if (special[byte] !== 0) break;
      buffer[at++] = byte;
    }
    if (from === end) {
      buffer[at] = QUOTE;
      out.length = at + 1;
      return;
    }
  }
  if (isUtf8(bytes.subarray(start, end))) writeJsonString(out, bytes, start, end, plainEscapes());
  else writeBinary(out, bytes, start, end);
}

/** Longest text that is looked at character by character. */
const SHORT_CHARACTERS = 64;

/** Any JavaScript text, as a JSON string. */
export function writeString(out: TextOutput, text: string): void {
  const { length } = text;
  if (length <= SHORT_CHARACTERS) {
    let at = out.reserve(length + 2);
    const { buffer } = out;
    buffer[at++] = QUOTE;
    let index = 0;
    for (; index < length; index += 1) {
      const character = text.charCodeAt(index);
      // A character beyond the table is none of the plain ones either.
      if (special[character] !== 0) break;
      buffer[at++] = character;
    }
    if (index === length) {
      buffer[at] = QUOTE;
      out.length = at + 1;
      return;
    }
  }
  const bytes = Buffer.from(text, 'utf8');
  writeJsonString(out, bytes, 0, bytes.length, plainEscapes());
}

/** Text that is JSON already. */
export function writeRawJson(out: TextOutput, json: string): void {
  const bytes = Buffer.from(json, 'utf8');
  out.bytes(bytes);
}

import { bufferOf } from '../bytes/index.ts';
import { UsageError } from '../errors/index.ts';
import { MarkedText } from './marked-text.ts';

/**
 * The UUID that names a MySQL server: 16 bytes in logs, `8-4-4-4-12` hex digits in text.
 *
 * Inside this room a UUID is a 16-character latin1 string, one character a byte: it is a cheap map key, and comparing
 * two of them compares the bytes, which is the order the server sorts by.
 */
export type UuidKey = string;

export const UUID_BYTES = 16;
const DASH = 0x2d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function nibble(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Reads the three spellings the server takes: dashed, undashed, and dashed in braces. */
export function scanUuid(text: MarkedText): UuidKey {
  const braced = text.accept(OPEN_BRACE);
  let dashed = braced;
  let key = '';
  for (let i = 0; i < UUID_BYTES; i += 1) {
    if (i === 4 && text.peek() === DASH) dashed = true;
    if (dashed && (i === 4 || i === 6 || i === 8 || i === 10)) text.expect(DASH);
    const at = text.position;
    if (text.bytes.length - at < 2) throw text.error('Expected at least two hex digits');
    const high = nibble(text.bytes[at]);
    const low = nibble(text.bytes[at + 1]);
    if (high < 0 || low < 0) throw text.errorAt(high < 0 ? at : at + 1, 'Expected hex digit');
    key += String.fromCharCode((high << 4) | low);
    text.position = at + 2;
  }
  if (braced) text.expect(CLOSE_BRACE);
  return key;
}

/** The key of a UUID that stands in these bytes. */
export const uuidKey = (bytes: Uint8Array, offset = 0): UuidKey =>
  bufferOf(bytes).toString('latin1', offset, offset + UUID_BYTES);

/** `3e11fa47-71ca-11e1-9e33-c80aa9429562` */
export function formatUuidKey(key: UuidKey): string {
  let text = '';
  for (let i = 0; i < UUID_BYTES; i += 1) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += hexOf[key.charCodeAt(i)];
  }
  return text;
}

const lastUuid = new Uint8Array(UUID_BYTES);
let lastText = formatUuidKey(uuidKey(lastUuid));

/** The UUID at `offset` of `bytes` in lower-case `8-4-4-4-12` form. Neighbours in a log mostly come from one server. */
export function formatUuid(bytes: Uint8Array, offset = 0): string {
  let same = 0;
  while (same < UUID_BYTES && bytes[offset + same] === lastUuid[same]) same += 1;
  if (same < UUID_BYTES) {
    const key = uuidKey(bytes, offset);
    lastText = formatUuidKey(key);
    lastUuid.set(bytes.subarray(offset, offset + UUID_BYTES));
  }
  return lastText;
}

/** The key of a whole text that is one UUID. Throws {@link UsageError} with the server's sentence. */
export function parseUuidKey(text: string): UuidKey {
  const marked = new MarkedText(text);
  const key = scanUuid(marked);
  if (!marked.atEnd) throw new UsageError(`malformed UUID '${text}'`);
  return key;
}

/** The 16 bytes of a UUID written with or without dashes, or in braces. Throws {@link UsageError}. */
export function parseUuid(text: string): Buffer {
  return Buffer.from(parseUuidKey(text), 'latin1');
}

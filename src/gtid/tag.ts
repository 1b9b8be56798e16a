import type { MarkedText } from './marked-text.ts';

/**
 * The tag of a GTID (MySQL 8.3+): up to 32 characters, `[a-z_][a-z0-9_]*`, folded to lower case. No tag is `''`.
 */

/** MySQL: `mysql::gtid::tag_max_length`. */
export const TAG_MAX_LENGTH = 32;
const TAG = /^[a-z_][a-z0-9_]{0,31}$/;

const isTagStart = (byte: number | undefined): boolean =>
  byte !== undefined && (byte === 0x5f || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a));

const isTagPart = (byte: number | undefined): boolean =>
  isTagStart(byte) || (byte !== undefined && byte >= 0x30 && byte <= 0x39);

/** Takes a tag if one is next, else nothing; a word longer than a tag may be is not one. */
export function scanTag(text: MarkedText): string | undefined {
  const start = text.position;
  if (!isTagStart(text.peek())) return undefined;
  let end = start + 1;
  while (isTagPart(text.bytes[end])) end += 1;
  if (end - start > TAG_MAX_LENGTH) return undefined;
  text.position = end;
  return text.bytes.toString('latin1', start, end).toLowerCase();
}

/** Whether `tag` is a tag in its canonical, lower-case form. */
export const isTag = (tag: string): boolean => TAG.test(tag);

import { isAscii as nativeIsAscii } from 'node:buffer';

/** Bytes of one character set ↔ text. Bytes that stand for nothing become U+FFFD; text that has no bytes becomes `?`. */
export interface Codec {
  readonly decode: (bytes: Buffer) => string;
  readonly encode: (text: string) => Buffer;
  /** Whether the text of these bytes is written with the same bytes again, where that is known without writing it. */
  readonly isKept?: (bytes: Buffer) => boolean;
}

export const REPLACEMENT = 0xfffd;
export const QUESTION_MARK = 0x3f;

/** Fewer are looked through before a call into Node's own code has begun. */
const SHORT_BYTES = 64;

/** Whether bytes and text are the same in any character set that contains ASCII. */
export function isAscii(bytes: Uint8Array): boolean {
  if (bytes.length > SHORT_BYTES) return nativeIsAscii(bytes);
  for (let i = 0; i < bytes.length; i += 1) if (bytes[i]! >= 0x80) return false;
  return true;
}

/** Bytes of one character set ↔ text. Bytes that stand for nothing become U+FFFD; text that has no bytes becomes `?`. */
export interface Codec {
  readonly decode: (bytes: Buffer) => string;
  readonly encode: (text: string) => Buffer;
}

export const REPLACEMENT = 0xfffd;
export const QUESTION_MARK = 0x3f;

/** Whether bytes and text are the same in any character set that contains ASCII. */
export function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i += 1) if (bytes[i]! >= 0x80) return false;
  return true;
}

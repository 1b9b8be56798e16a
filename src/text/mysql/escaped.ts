import type { TextOutput } from '../output/text-output.ts';

/** As in the original's own notes; not the rule for values of rows, which see quoted.ts. */
const escapes: Readonly<Partial<Record<number, string>>> = {
  [0x00]: '\\0',
  [0x08]: '\\b',
  [0x09]: '\\t',
  [0x0a]: '\\n',
  [0x0d]: '\\r',
  [0x27]: "\\'",
  [0x5c]: '\\\\',
};

/** Members of ENUM and SET in a comment; `doubled` is a byte to be written twice. */
export function writeEscaped(out: TextOutput, bytes: Uint8Array, doubled = -1): void {
  for (const byte of bytes) {
    const escape = escapes[byte];
    if (byte === doubled) out.byte(byte);
    if (escape === undefined) out.byte(byte);
    else out.text(escape);
  }
}

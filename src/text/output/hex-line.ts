import type { TextOutput } from './text-output.ts';

/** Bytes of a line of `--hexdump`. */
export const LINE_BYTES = 16;
const BLANK = 0x20;
const BAR = 0x7c;
const NEWLINE = 0x0a;
/** Two digits and a blank a byte, a gap in the middle, and a blank: where the characters begin. */
const HEX_WIDTH = 50;

const digits: Uint8Array = Buffer.from('0123456789abcdef', 'latin1');

/**
 * Up to 16 bytes: hexadecimal with a gap in the middle, then their characters between bars.
 *
 * @param lead blanks before the first byte, which the other column does not move for
 * @param shown what stands for each byte in that column
 */
export function writeHexLine(
  out: TextOutput,
  bytes: Uint8Array,
  start: number,
  end: number,
  lead: number,
  shown: Uint8Array,
): void {
  const at = out.reserve(HEX_WIDTH + LINE_BYTES + 3);
  const { buffer } = out;
  buffer.fill(BLANK, at, at + HEX_WIDTH);
  let hexAt = at + lead;
  let textAt = at + HEX_WIDTH;
  buffer[textAt++] = BAR;
  for (let i = start; i < end; i += 1) {
    const byte = bytes[i]!;
    if (i - start === LINE_BYTES / 2) hexAt += 1;
    buffer[hexAt] = digits[byte >> 4]!;
    buffer[hexAt + 1] = digits[byte & 15]!;
    hexAt += 3;
    buffer[textAt++] = shown[byte]!;
  }
  buffer[textAt++] = BAR;
  buffer[textAt++] = NEWLINE;
  out.length = textAt;
}

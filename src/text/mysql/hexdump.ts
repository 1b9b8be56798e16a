import { HEADER_BYTES, type RawEvent } from '../../binlog/index.ts';
import type { TextOutput } from '../text-output.ts';

const LINE_BYTES = 16;
const BLANK = 0x20;
const DOT = 0x2e;
const NEWLINE = 0x0a;

const digits: Uint8Array = Buffer.from('0123456789abcdef', 'latin1');

/** What the right-hand column shows: letters and digits of ASCII, a dot for the rest. */
const shown = new Uint8Array(256).fill(DOT);
for (const byte of Buffer.from('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', 'latin1'))
  shown[byte] = byte;

/** Columns of the header line: bytes of each field, and what stands before it. */
const headerFields: readonly (readonly [before: string, bytes: number])[] = [
  [' ', 4],
  ['   ', 1],
  ['   ', 4],
  ['   ', 4],
  ['   ', 4],
  ['   ', 2],
];

function writePosition(out: TextOutput, position: number): void {
  const high = Math.floor(position / 0x1_0000_0000);
  if (high > 0) out.text(high.toString(16));
  out.hex(position >>> 0, 8);
}

function writeHeaderLines(out: TextOutput, event: RawEvent, from: number): void {
  out.text('\n# Position  Timestamp   Type   Source ID        Size      Source Pos    Flags \n# ');
  writePosition(out, from);
  let at = event.start;
  for (const [before, bytes] of headerFields) {
    out.text(before);
    for (let i = 0; i < bytes; i += 1) {
      if (i > 0) out.byte(BLANK);
      out.hex(event.bytes[at]!, 2);
      at += 1;
    }
  }
  out.byte(NEWLINE);
}

/** One line of up to 16 bytes: position, hexadecimal, characters. */
function writeLine(out: TextOutput, bytes: Uint8Array, start: number, end: number, position: number): void {
  out.text('# ');
  writePosition(out, position);
  const at = out.reserve(2 + 3 * LINE_BYTES + 1 + LINE_BYTES + 3);
  const { buffer } = out;
  buffer.fill(BLANK, at, at + 2 + 3 * LINE_BYTES + 1);
  const size = end - start;
  let hexAt = at + 1;
  let textAt = at + 1 + 3 * LINE_BYTES + 1;
  buffer[textAt++] = 0x7c;
  for (let i = 0; i < size; i += 1) {
    const byte = bytes[start + i]!;
    if (i === 8) hexAt += 1;
    buffer[hexAt] = digits[byte >> 4]!;
    buffer[hexAt + 1] = digits[byte & 15]!;
    hexAt += 3;
    buffer[textAt++] = shown[byte]!;
  }
  buffer[textAt++] = 0x7c;
  buffer[textAt++] = NEWLINE;
  out.length = textAt;
}

/** The event's bytes for `--hexdump`, and the `# ` that turns what it says of itself into a comment. */
export function writeHexdump(out: TextOutput, event: RawEvent, from: number): void {
  writeHeaderLines(out, event, from);
  let position = from + HEADER_BYTES;
  for (let at = event.start + HEADER_BYTES; at < event.end; at += LINE_BYTES) {
    writeLine(out, event.bytes, at, Math.min(at + LINE_BYTES, event.end), position);
    position += LINE_BYTES;
  }
  out.text('# ');
}

import { HEADER_BYTES, type RawEvent } from '../../binlog/index.ts';
import { LINE_BYTES, writeHexLine } from '../hex-line.ts';
import type { TextOutput } from '../text-output.ts';

const BLANK = 0x20;
const DOT = 0x2e;
const NEWLINE = 0x0a;

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

/** The event's bytes for `--hexdump`, and the `# ` that turns what it says of itself into a comment. */
export function writeHexdump(out: TextOutput, event: RawEvent, from: number): void {
  writeHeaderLines(out, event, from);
  let position = from + HEADER_BYTES;
  for (let at = event.start + HEADER_BYTES; at < event.end; at += LINE_BYTES) {
    out.text('# ');
    writePosition(out, position);
    writeHexLine(out, event.bytes, at, Math.min(at + LINE_BYTES, event.end), 1, shown);
    position += LINE_BYTES;
  }
  out.text('# ');
}

import { HEADER_BYTES, type RawEvent } from '../../binlog/index.ts';
import { LINE_BYTES, writeHexLine } from '../output/hex-line.ts';
import type { TextOutput } from '../output/text-output.ts';

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

/**
 * The event's bytes for `--hexdump`, and the `# ` that turns what it says of itself into a comment. Where `knowsHeaders` is false, as
 * many bytes as the body has, from the start of the event: what the original makes of an event before the first format description.
 */
export function writeHexdump(out: TextOutput, event: RawEvent, from: number, knowsHeaders: boolean): void {
  const { start, end } = event;
  if (knowsHeaders) {
    writeHeaderLines(out, event, from);
    writeBodyLines(out, event.bytes, start + HEADER_BYTES, end, from + HEADER_BYTES);
  } else {
    out.byte(NEWLINE);
    writeBodyLines(out, event.bytes, start, end - HEADER_BYTES, from);
  }
  out.text('# ');
}

function writeBodyLines(out: TextOutput, bytes: Buffer, start: number, end: number, from: number): void {
  let position = from;
  for (let at = start; at < end; at += LINE_BYTES) {
    out.text('# ');
    writePosition(out, position);
    writeHexLine(out, bytes, at, Math.min(at + LINE_BYTES, end), 1, shown);
    position += LINE_BYTES;
  }
}

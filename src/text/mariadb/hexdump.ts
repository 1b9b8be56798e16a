import type { RawEvent } from '../../binlog/index.ts';
import type { TextOutput } from '../text-output.ts';

const LINE_BYTES = 16;
const BLANK = 0x20;
const DOT = 0x2e;
const NEWLINE = 0x0a;
const BAR = 0x7c;
/** Width of the position: at least eight characters, blanks in front. */
const POSITION_WIDTH = 8;
/** `04 00 31 31 2e 38 2e 36  2d 4d 61 72 69 61 44 42 ` and a blank. */
const HEX_WIDTH = 50;

const digits: Uint8Array = Buffer.from('0123456789abcdef', 'latin1');

/** Sizes of the header's fields, in the order of {@link COLUMNS}. */
const headerFields = [4, 1, 4, 4, 4, 2] as const;
const COLUMNS =
  '\n# Position\n#           |Timestamp   |Type |Master ID   |Size        |Master Pos  |Flags\n# ';

function writePosition(out: TextOutput, position: number): void {
  out.text(position.toString(16).padStart(POSITION_WIDTH));
}

/** `|d2 ea 00 6b |0f   |34 92 00 00 |fc 00 00 00 |00 01 00 00 |00 00` */
function writeFields(out: TextOutput, event: RawEvent): void {
  let from = event.start;
  for (const size of headerFields) {
    out.byte(BAR);
    for (let i = 0; i < size; i += 1) {
      if (i > 0) out.byte(BLANK);
      out.hex(event.bytes[from]!, 2);
      from += 1;
    }
    if (size === 4) out.byte(BLANK);
    else if (size === 1) out.text('   ');
  }
  out.byte(NEWLINE);
}

/** Up to 16 bytes: hexadecimal with a gap in the middle, then the characters of those that are printable ASCII. */
function writeLine(out: TextOutput, bytes: Uint8Array, start: number, end: number): void {
  const at = out.reserve(HEX_WIDTH + LINE_BYTES + 4);
  const { buffer } = out;
  buffer.fill(BLANK, at, at + HEX_WIDTH);
  let hexAt = at;
  let textAt = at + HEX_WIDTH;
  buffer[textAt++] = BAR;
  for (let i = start; i < end; i += 1) {
    const byte = bytes[i]!;
    if (i - start === LINE_BYTES / 2) hexAt += 1;
    buffer[hexAt] = digits[byte >> 4]!;
    buffer[hexAt + 1] = digits[byte & 15]!;
    hexAt += 3;
    buffer[textAt++] = byte >= 0x20 && byte < 0x7f ? byte : DOT;
  }
  buffer[textAt++] = BAR;
  buffer[textAt++] = NEWLINE;
  out.length = textAt;
}

/**
 * The event's bytes for `--hexdump`, as comments; what the event says of itself follows on the last line.
 *
 * @param headerBytes how many of them are not shown again below the fields of the header
 */
export function writeHexdump(out: TextOutput, event: RawEvent, from: number, headerBytes: number): void {
  out.text(COLUMNS);
  writePosition(out, from);
  out.text('  ');
  writeFields(out, event);
  out.text('#\n');
  let position = from + headerBytes;
  const start = event.start + headerBytes;
  for (let at = start; at < event.end; at += LINE_BYTES) {
    out.text('# ');
    writePosition(out, position);
    out.text('  ');
    writeLine(out, event.bytes, at, Math.min(at + LINE_BYTES, event.end));
    position += LINE_BYTES;
  }
  if (start < event.end) out.text('#\n');
  out.text('# Event: ');
}

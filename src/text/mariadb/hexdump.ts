import type { RawEvent } from '../../binlog/index.ts';
import { LINE_BYTES, writeHexLine } from '../output/hex-line.ts';
import type { TextOutput } from '../output/text-output.ts';

const BLANK = 0x20;
const DOT = 0x2e;
const NEWLINE = 0x0a;
const BAR = 0x7c;
/** Width of the position: at least eight characters, blanks in front. */
const POSITION_WIDTH = 8;

/** What the right-hand column shows: printable ASCII, a dot for the rest. */
const shown = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x20 && byte < 0x7f ? byte : DOT));

/** What stands above the bytes is MariaDB's own: bars between the fields. Sizes of the header's fields, in the order of {@link COLUMNS}. */
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
    writeHexLine(out, event.bytes, at, Math.min(at + LINE_BYTES, event.end), 0, shown);
    position += LINE_BYTES;
  }
  if (start < event.end) out.text('#\n');
  out.text('# Event: ');
}

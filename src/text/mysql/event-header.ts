import type { RawEvent } from '../../binlog/index.ts';
import type { LocalTime } from '../local-time.ts';
import type { PrintOptions } from '../print-options.ts';
import type { TextOutput } from '../text-output.ts';
import { writeHexdump } from './hexdump.ts';

const SPACE = 0x20;

/** `261121  0:51:27`: year in two digits, hour padded with a blank. */
export function writeMoment(out: TextOutput, time: LocalTime, seconds: number): void {
  const { year, month, day, hour, minute, second } = time.at(seconds);
  out.padded(year % 100, 2);
  out.padded(month, 2);
  out.padded(day, 2);
  out.byte(SPACE);
  if (hour < 10) out.byte(SPACE);
  out.integer(hour);
  out.text(':');
  out.padded(minute, 2);
  out.text(':');
  out.padded(second, 2);
}

const MOMENT_BYTES = 15;

/** The bits of a server id that count. */
export function serverIdMask({ serverIdBits }: PrintOptions): number {
  return serverIdBits >= 32 ? 0xffff_ffff : 2 ** serverIdBits - 1;
}

/** The line that every event begins with, and the hexdump that may follow it. */
export class EventHeaderPrinter {
  /** `--hexdump` counts from here: the event's position, or its transaction's inside a compressed one. */
  hexdumpFrom = 0;
  /** What the header claims as end of the event; the transaction's inside a compressed one. */
  endPosition: number | undefined = undefined;
  readonly #time: LocalTime;
  readonly #hexdump: boolean;
  /** `--server-id-bits`: the others are the user's own and are not shown. */
  readonly #serverIdMask: number;
  /** Neighbours mostly share their second. */
  #lastSecond = -1;
  readonly #lastMoment = new Uint8Array(MOMENT_BYTES);

  constructor(options: PrintOptions) {
    this.#time = options.localTime;
    this.#hexdump = options.hexdump;
    this.#serverIdMask = serverIdMask(options);
  }

  /** `#261121  0:51:27 server id 1  end_log_pos 127 CRC32 0x65383654 `, and with `--hexdump` the lines and `# `. */
  print(out: TextOutput, event: RawEvent, showChecksum = true): void {
    out.byte(0x23);
    this.#printMoment(out, event.timestamp);
    out.text(' server id ');
    out.integer((event.serverId & this.#serverIdMask) >>> 0);
    out.text('  end_log_pos ');
    out.integer(this.endPosition ?? event.logPos);
    out.byte(SPACE);
    if (event.hasChecksum && showChecksum) {
      out.text('CRC32 0x');
      out.hex(event.checksum, 8);
      out.byte(SPACE);
    }
    if (this.#hexdump) writeHexdump(out, event, this.hexdumpFrom);
  }

  #printMoment(out: TextOutput, second: number): void {
    if (second === this.#lastSecond) {
      out.bytes(this.#lastMoment);
      return;
    }
    out.reserve(MOMENT_BYTES);
    const at = out.length;
    writeMoment(out, this.#time, second);
    // The date has a fixed width between 1970 and 2106.
    if (out.length - at !== MOMENT_BYTES) return;
    this.#lastMoment.set(out.buffer.subarray(at, out.length));
    this.#lastSecond = second;
  }
}

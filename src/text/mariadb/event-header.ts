import { EventType, HEADER_BYTES, type RawEvent } from '../../binlog/index.ts';
import type { LocalTime } from '../local-time.ts';
import type { TextOutput } from '../text-output.ts';
import { writeHexdump } from './hexdump.ts';

const HASH = 0x23;
const SPACE = 0x20;
const COLON = 0x3a;

/** `261121  0:51:27`: year in two digits, hour padded with a blank. */
export function writeMoment(out: TextOutput, time: LocalTime, seconds: number): void {
  const { year, month, day, hour, minute, second } = time.at(seconds);
  out.padded(year % 100, 2);
  out.padded(month, 2);
  out.padded(day, 2);
  out.byte(SPACE);
  if (hour < 10) out.byte(SPACE);
  out.integer(hour);
  out.byte(COLON);
  out.padded(minute, 2);
  out.byte(COLON);
  out.padded(second, 2);
}

/** How events begin: `#261121  0:51:27 server id 1  end_log_pos 127 CRC32 0x65383654 `, and the hexdump. */
export class EventHeader {
  readonly #time: LocalTime;
  readonly #hexdump: boolean;
  /**
   * The length of headers, which a format description that is printed tells. Without it `--hexdump` shows them among the other bytes
   * once more, but for a Rotate, whose header never changed.
   */
  headerBytes = 0;
  #lastSecond = -1;
  #lastMoment: Uint8Array = new Uint8Array(0);

  constructor(options: { readonly localTime: LocalTime; readonly hexdump: boolean }) {
    this.#time = options.localTime;
    this.#hexdump = options.hexdump;
  }

  /**
   * `hexdumpFrom` is the position that the hexdump counts from; `checksum` the one to show where the event's bytes are not those
   * it came with, or null for none.
   */
  write(
    out: TextOutput,
    event: RawEvent,
    hexdumpFrom: number,
    checksum: number | null = event.hasChecksum ? event.checksum : null,
  ): void {
    out.byte(HASH);
    this.#writeMoment(out, event.timestamp);
    out.text(' server id ');
    out.integer(event.serverId);
    out.text('  end_log_pos ');
    out.integer(event.logPos);
    out.byte(SPACE);
    if (checksum !== null) {
      out.text('CRC32 0x');
      out.hex(checksum, 8);
      out.byte(SPACE);
    }
    if (this.#hexdump) {
      const headerBytes = event.type === EventType.ROTATE_EVENT ? HEADER_BYTES : this.headerBytes;
      writeHexdump(out, event, hexdumpFrom, headerBytes);
    }
  }

  /** Neighbours mostly share their second. */
  #writeMoment(out: TextOutput, second: number): void {
    if (second !== this.#lastSecond) {
      const start = out.reserve(32);
      writeMoment(out, this.#time, second);
      this.#lastMoment = Uint8Array.from(out.buffer.subarray(start, out.length));
      this.#lastSecond = second;
      return;
    }
    out.bytes(this.#lastMoment);
  }
}

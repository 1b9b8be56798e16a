import { ChecksumAlgorithm } from '../binlog/index.ts';
import type { TextOutput } from './output/text-output.ts';
import type { LocalTime } from './time/local-time.ts';

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

const MOMENT_BYTES = 15;

/** The line that both tools begin every event with. */
export class EventHeaderLine {
  readonly #time: LocalTime;
  #checksumName = 'CRC32';
  /** Neighbours mostly share their second. */
  #lastSecond = -1;
  readonly #lastMoment = new Uint8Array(MOMENT_BYTES);

  constructor(time: LocalTime) {
    this.#time = time;
  }

  /** As the format description in force says. */
  setChecksumAlgorithm(algorithm: number | undefined): void {
    this.#checksumName = algorithm === ChecksumAlgorithm.CRC32 ? 'CRC32' : '?';
  }

  /** `#261121  0:51:27 server id 1  end_log_pos 127 CRC32 0x65383654 `; `checksum` null for none. */
  write(
    out: TextOutput,
    second: number,
    serverId: number,
    endPosition: number,
    checksum: number | null,
  ): void {
    out.byte(HASH);
    this.#writeMoment(out, second);
    out.text(' server id ');
    out.integer(serverId);
    out.text('  end_log_pos ');
    out.integer(endPosition);
    out.byte(SPACE);
    if (checksum === null) return;
    out.text(this.#checksumName);
    out.text(' 0x');
    out.hex(checksum, 8);
    out.byte(SPACE);
  }

  #writeMoment(out: TextOutput, second: number): void {
    if (second === this.#lastSecond) {
      out.bytes(this.#lastMoment);
      return;
    }
    const at = out.reserve(MOMENT_BYTES);
    writeMoment(out, this.#time, second);
    // The date has a fixed width between 1970 and 2106.
    if (out.length - at !== MOMENT_BYTES) return;
    this.#lastMoment.set(out.buffer.subarray(at, out.length));
    this.#lastSecond = second;
  }
}

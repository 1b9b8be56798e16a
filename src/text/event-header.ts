import { ChecksumAlgorithm } from '../binlog/index.ts';
import { Literal } from './output/literal.ts';
import { TextOutput } from './output/text-output.ts';
import type { LocalTime } from './time/local-time.ts';

const HASH = 0x23;
const SPACE = 0x20;
const COLON = 0x3a;

const start = new TextOutput(undefined, 64);

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

/** The line that both tools begin every event with. */
export class EventHeaderLine {
  readonly #time: LocalTime;
  #checksumTitle = new Literal(' CRC32 0x');
  /** How the line begins: neighbours mostly share their second and their server. */
  #start = new Literal('');
  #second = -1;
  #serverId = -1;

  constructor(time: LocalTime) {
    this.#time = time;
  }

  /** As the format description in force says. */
  setChecksumAlgorithm(algorithm: number | undefined): void {
    this.#checksumTitle = new Literal(algorithm === ChecksumAlgorithm.CRC32 ? ' CRC32 0x' : ' ? 0x');
  }

  /** `#261121  0:51:27 server id 1  end_log_pos 127 CRC32 0x65383654 `; `checksum` null for none. */
  write(
    out: TextOutput,
    second: number,
    serverId: number,
    endPosition: number,
    checksum: number | null,
  ): void {
    if (second !== this.#second || serverId !== this.#serverId) this.#begin(second, serverId);
    out.literal(this.#start);
    out.integer(endPosition);
    if (checksum !== null) {
      out.literal(this.#checksumTitle);
      out.hex(checksum, 8);
    }
    out.byte(SPACE);
  }

  #begin(second: number, serverId: number): void {
    start.byte(HASH);
    writeMoment(start, this.#time, second);
    start.text(' server id ');
    start.integer(serverId);
    start.text('  end_log_pos ');
    this.#start = new Literal(start.take());
    this.#second = second;
    this.#serverId = serverId;
  }
}

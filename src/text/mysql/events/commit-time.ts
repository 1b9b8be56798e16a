import { Literal } from '../../output/literal.ts';
import { TextOutput } from '../../output/text-output.ts';
import type { LocalTime } from '../../time/local-time.ts';

const SECOND = 1_000_000;
const DASH = 0x2d;
const SPACE = 0x20;
const COLON = 0x3a;
const DOT = 0x2e;
const MICROSECOND_DIGITS = 6;
const NOTHING = new Literal('');

const text = new TextOutput(undefined, 64);

/** Writes microseconds since 1970. Neighbours in a log mostly share their second: only what is behind it is written anew. */
export class CommitTimes {
  readonly #time: LocalTime;
  /** The second that is known, of 1 and more. */
  #second = 0;
  /** It in decimal; as local time, ` (2026-11-23 05:11:50.`; and what stands behind the microseconds there, ` UTC)` and the end of the line. */
  #digits = NOTHING;
  #start = NOTHING;
  #end = NOTHING;

  constructor(time: LocalTime) {
    this.#time = time;
  }

  /** `1795410710049507` */
  writeNumber(out: TextOutput, timestamp: bigint): void {
    const microseconds = this.#split(timestamp);
    if (microseconds < 0) {
      out.number(timestamp);
      return;
    }
    out.literal(this.#digits);
    out.padded(microseconds, MICROSECOND_DIGITS);
  }

  /** `1795410710049507 (2026-11-23 05:11:50.049507 UTC)` and the end of the line. */
  writeMoment(out: TextOutput, timestamp: bigint): void {
    this.writeNumber(out, timestamp);
    let microseconds = this.#split(timestamp);
    if (microseconds < 0) {
      // 56 bits: beyond 2^53 are 285 years and more.
      this.#begin(Number(timestamp / BigInt(SECOND)));
      microseconds = Number(timestamp % BigInt(SECOND));
      this.#second = 0;
    }
    out.literal(this.#start);
    out.padded(microseconds, MICROSECOND_DIGITS);
    out.literal(this.#end);
  }

  /** The microseconds behind the second, which is known then; -1 where the number is not to be split. */
  #split(timestamp: bigint): number {
    const exact = Number(timestamp);
    if (!Number.isSafeInteger(exact) || exact < SECOND) return -1;
    const second = Math.floor(exact / SECOND);
    if (second !== this.#second) this.#begin(second);
    return exact - second * SECOND;
  }

  #begin(seconds: number): void {
    const { year, month, day, hour, minute, second, zone } = this.#time.at(seconds);
    this.#second = seconds;
    text.integer(seconds);
    this.#digits = new Literal(text.take());
    text.text(' (');
    text.padded(year, 4);
    text.byte(DASH);
    text.padded(month, 2);
    text.byte(DASH);
    text.padded(day, 2);
    text.byte(SPACE);
    text.padded(hour, 2);
    text.byte(COLON);
    text.padded(minute, 2);
    text.byte(COLON);
    text.padded(second, 2);
    text.byte(DOT);
    this.#start = new Literal(text.take());
    this.#end = new Literal(` ${zone})\n`);
  }
}

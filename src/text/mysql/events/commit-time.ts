import type { TextOutput } from '../../output/text-output.ts';
import type { LocalTime } from '../../time/local-time.ts';

const SECOND = 1_000_000;
const DASH = 0x2d;
const SPACE = 0x20;
const COLON = 0x3a;
const DOT = 0x2e;

/** `1795410710049507 (2026-11-23 05:11:50.049507 UTC)` and the end of the line, from microseconds since 1970. */
export function writeCommitTime(out: TextOutput, time: LocalTime, timestamp: bigint): void {
  out.number(timestamp);
  // 56 bits: beyond 2^53 are 285 years and more.
  const exact = Number(timestamp);
  const seconds = Number.isSafeInteger(exact)
    ? Math.floor(exact / SECOND)
    : Number(timestamp / BigInt(SECOND));
  const micros = Number.isSafeInteger(exact) ? exact - seconds * SECOND : Number(timestamp % BigInt(SECOND));
  const { year, month, day, hour, minute, second, zone } = time.at(seconds);
  out.text(' (');
  out.padded(year, 4);
  out.byte(DASH);
  out.padded(month, 2);
  out.byte(DASH);
  out.padded(day, 2);
  out.byte(SPACE);
  out.padded(hour, 2);
  out.byte(COLON);
  out.padded(minute, 2);
  out.byte(COLON);
  out.padded(second, 2);
  out.byte(DOT);
  out.padded(micros, 6);
  out.byte(SPACE);
  out.text(zone);
  out.text(')\n');
}

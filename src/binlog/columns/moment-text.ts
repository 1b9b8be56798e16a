import { TextInBytes } from './digits.ts';

const DASH = 0x2d;
const COLON = 0x3a;
const SPACE = 0x20;
const DOT = 0x2e;
const TIME_AT = 11;

/** Above the fractions that this many bytes hold, two digits a byte. */
const fractionEnd = [1, 100, 10_000, 1_000_000] as const;

/** `YYYY-MM-DD hh:mm:ss.ffffff` of moments that mostly share their day, as rows of one statement do. */
export class MomentText {
  readonly #text = new TextInBytes(26);
  #day = -1;

  /** Whether the text begins with this day already; the number is the caller's own. */
  isOf(day: number): boolean {
    return day === this.#day;
  }

  /** Years to 9999. */
  setDay(day: number, year: number, month: number, dayOfMonth: number): void {
    const text = this.#text;
    this.#day = day;
    let at = text.putPadded(0, year, 4);
    at = text.putPair(text.put(at, DASH), month);
    at = text.putPair(text.put(at, DASH), dayOfMonth);
    text.put(at, SPACE);
  }

  /** Of the day that was set. `fsp`: digits of the fraction, 0 to 6; see {@link isFraction}. */
  at(hour: number, minute: number, second: number, fraction: number, fsp: number): string {
    const text = this.#text;
    let at = text.putPair(TIME_AT, hour);
    at = text.putPair(text.put(at, COLON), minute);
    at = text.putPair(text.put(at, COLON), second);
    if (fsp > 0) {
      at = text.put(at, DOT);
      // An odd last digit is stored as a pair.
      text.putPadded(at, fraction, fsp + (fsp & 1));
      at += fsp;
    }
    return text.text(0, at);
  }
}

/** Whether a fraction of so many bytes has no more than two digits a byte. */
export function isFraction(fraction: number, bytes: number): boolean {
  return fraction < fractionEnd[bytes]!;
}

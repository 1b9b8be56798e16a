const ZERO = 0x30;
const DASH = 0x2d;
const COLON = 0x3a;
const SPACE = 0x20;
const DOT = 0x2e;

/** Above the fractions that this many bytes hold, two digits a byte. */
const fractionEnd = [1, 100, 10_000, 1_000_000] as const;

/** First digit of a number from 0 to 127; a multiplication is quicker than a division. */
const tensOf = (value: number): number => (value * 103) >> 10;
const onesOf = (value: number): number => value - tensOf(value) * 10;

/**
 * `YYYY-MM-DD hh:mm:ss.ffffff` of moments that mostly share their day, as rows of one statement do. Text of so many characters at once
 * takes half as long as text out of bytes, which is a call out of JavaScript (Node 20.20).
 */
export class MomentText {
  #day = -1;
  /** The characters of the day. */
  readonly #date: number[] = [ZERO, ZERO, ZERO, ZERO, DASH, ZERO, ZERO, DASH, ZERO, ZERO, SPACE];

  /** Whether the text begins with this day already; the number is the caller's own. */
  isOf(day: number): boolean {
    return day === this.#day;
  }

  /** Years to 9999. */
  setDay(day: number, year: number, month: number, dayOfMonth: number): void {
    const date = this.#date;
    this.#day = day;
    const century = (year / 100) | 0;
    date[0] = ZERO + tensOf(century);
    date[1] = ZERO + onesOf(century);
    date[2] = ZERO + tensOf(year - century * 100);
    date[3] = ZERO + onesOf(year - century * 100);
    date[5] = ZERO + tensOf(month);
    date[6] = ZERO + onesOf(month);
    date[8] = ZERO + tensOf(dayOfMonth);
    date[9] = ZERO + onesOf(dayOfMonth);
  }

  /** Of the day that was set. `fsp`: digits of the fraction, 0 to 6; see {@link isFraction}. */
  at(hour: number, minute: number, second: number, fraction: number, fsp: number): string {
    if (fsp === 0) return this.#whole(hour, minute, second);
    // An odd last digit is stored as a pair.
    const micros = fsp > 4 ? fraction : fsp > 2 ? fraction * 100 : fraction * 10_000;
    const text = this.#full(hour, minute, second, micros);
    return fsp === 6 ? text : text.slice(0, 20 + fsp);
  }

  #whole(hour: number, minute: number, second: number): string {
    const date = this.#date;
    return String.fromCharCode(
      date[0]!,
      date[1]!,
      date[2]!,
      date[3]!,
      DASH,
      date[5]!,
      date[6]!,
      DASH,
      date[8]!,
      date[9]!,
      SPACE,
      ZERO + tensOf(hour),
      ZERO + onesOf(hour),
      COLON,
      ZERO + tensOf(minute),
      ZERO + onesOf(minute),
      COLON,
      ZERO + tensOf(second),
      ZERO + onesOf(second),
    );
  }

  #full(hour: number, minute: number, second: number, micros: number): string {
    const date = this.#date;
    const first = (micros / 10_000) | 0;
    const rest = micros - first * 10_000;
    const middle = (rest / 100) | 0;
    const last = rest - middle * 100;
    return String.fromCharCode(
      date[0]!,
      date[1]!,
      date[2]!,
      date[3]!,
      DASH,
      date[5]!,
      date[6]!,
      DASH,
      date[8]!,
      date[9]!,
      SPACE,
      ZERO + tensOf(hour),
      ZERO + onesOf(hour),
      COLON,
      ZERO + tensOf(minute),
      ZERO + onesOf(minute),
      COLON,
      ZERO + tensOf(second),
      ZERO + onesOf(second),
      DOT,
      ZERO + tensOf(first),
      ZERO + onesOf(first),
      ZERO + tensOf(middle),
      ZERO + onesOf(middle),
      ZERO + tensOf(last),
      ZERO + onesOf(last),
    );
  }
}

/** Whether a fraction of so many bytes has no more than two digits a byte. */
export function isFraction(fraction: number, bytes: number): boolean {
  return fraction < fractionEnd[bytes]!;
}

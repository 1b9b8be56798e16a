import type { Column } from '../column.ts';
import { ColumnCode } from '../column-code.ts';
import {
  DATETIME_HALF,
  DAY_OF_YEAR_10000,
  fractionBytes,
  packedDatetimeText,
  plainDatetimeText,
  timestampText,
} from './fractional-time.ts';
import { isFraction } from './moment-text.ts';

/** The highest bit of a day that is not below zero. */
const DAY_HALF = 0x40_0000;

/** Reads a column of DATETIME or TIMESTAMP in place. Rows of one statement often share their moment: the last text is remembered. */
export class MomentColumn {
  /** Of a value. */
  readonly bytes: number;
  readonly #column: Column;
  readonly #fsp: number;
  readonly #fractionBytes: number;
  /** The last value. DATETIME: the day and the clock, as packed. TIMESTAMP: seconds. */
  #high = -1;
  #low = -1;
  #fraction = -1;
  #text = '';

  /** @throws FormatError where the column has no such fraction */
  constructor(column: Column) {
    this.#column = column;
    this.#fsp = column.meta;
    this.#fractionBytes = fractionBytes(column);
    this.bytes = this.#fractionBytes + (column.code === ColumnCode.DATETIME2 ? 5 : 4);
  }

  datetime(bytes: Uint8Array, at: number): string {
    // In integers: of numbers beyond 32 bits, remainders take longer than all the rest.
    const middle = bytes[at + 2]!;
    const high = (bytes[at]! << 15) | (bytes[at + 1]! << 7) | (middle >> 1);
    const low = ((middle & 1) << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!;
    const fraction = this.#fractionAt(bytes, at + 5);
    if (low === this.#low && high === this.#high && fraction === this.#fraction) return this.#text;
    this.#high = high;
    this.#low = low;
    this.#fraction = fraction;
    const day = high - DAY_HALF;
    const isPlain = day >= 0 && day < DAY_OF_YEAR_10000 && isFraction(fraction, this.#fractionBytes);
    this.#text = isPlain
      ? plainDatetimeText(day, low, fraction, this.#fsp)
      : packedDatetimeText(high * 0x2_0000 + low - DATETIME_HALF, fraction, this.#column);
    return this.#text;
  }

  timestamp(bytes: Uint8Array, at: number): string {
    const seconds =
      ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
    const fraction = this.#fractionAt(bytes, at + 4);
    if (seconds !== this.#low || fraction !== this.#fraction) {
      this.#low = seconds;
      this.#fraction = fraction;
      this.#text = timestampText(seconds, fraction, this.#column);
    }
    return this.#text;
  }

  #fractionAt(bytes: Uint8Array, start: number): number {
    let fraction = 0;
    for (let at = start; at < start + this.#fractionBytes; at += 1) fraction = (fraction << 8) | bytes[at]!;
    return fraction;
  }
}

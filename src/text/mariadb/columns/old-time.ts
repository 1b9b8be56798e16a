import {
  momentOf,
  OLD_DATETIME_BYTES,
  OLD_TIME_BYTES,
  OLD_TIMESTAMP_BYTES,
  splitUnits,
  TIME_HALF_SECONDS,
  UNITS_A_SECOND,
} from '../../../binlog/index.ts';
import type { TextOutput } from '../../output/text-output.ts';
import { writeClock, writeDate } from '../../time/calendar-text.ts';
import type { ColumnText } from './definition.ts';
import { writeFractionDigits } from './time.ts';

function fractional(
  name: string,
  sizes: readonly number[],
  digits: number,
  write: (out: TextOutput, bytes: Buffer, at: number, size: number) => void,
): ColumnText {
  const size = sizes[digits]!;
  return {
    type: `${name}(${digits})`,
    size,
    write(out, bytes, at, end) {
      if (at + size <= end) write(out, bytes, at, size);
      return at + size;
    },
  };
}

const QUOTE = 0x27;
const MINUS = 0x2d;
const SPACE = 0x20;

export function oldTime(digits: number): ColumnText {
  return fractional('TIME', OLD_TIME_BYTES, digits, (out, bytes, at, size) => {
    const power = UNITS_A_SECOND[digits]!;
    const { seconds, fraction } = splitUnits(bytes, at, size, digits);
    const value = (seconds - TIME_HALF_SECONDS) * power + fraction;
    const absolute = Math.abs(value);
    const whole = Math.floor(absolute / power);
    out.byte(QUOTE);
    if (value < 0) out.byte(MINUS);
    writeClock(out, Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60);
    writeFractionDigits(out, absolute % power, digits);
    out.byte(QUOTE);
  });
}

export function oldDatetime(digits: number): ColumnText {
  return fractional('DATETIME', OLD_DATETIME_BYTES, digits, (out, bytes, at, size) => {
    const { seconds, fraction } = splitUnits(bytes, at, size, digits);
    const { year, month, day, clock } = momentOf(seconds);
    out.byte(QUOTE);
    writeDate(out, year, month, day, MINUS);
    out.byte(SPACE);
    writeClock(out, Math.floor(clock / 3600), Math.floor(clock / 60) % 60, clock % 60);
    writeFractionDigits(out, fraction, digits);
    out.byte(QUOTE);
  });
}

export function oldTimestamp(digits: number): ColumnText {
  return fractional('TIMESTAMP', OLD_TIMESTAMP_BYTES, digits, (out, bytes, at, size) => {
    out.integer(bytes.readUInt32BE(at));
    writeFractionDigits(out, bytes.readUIntBE(at + 4, size - 4), digits);
  });
}

import { dayNumber } from '../../../text/index.ts';

/** Days of a week. */
const WEEK = 7;

/** How weeks are counted: WEEK's second argument. */
interface Mode {
  readonly startsMonday: boolean;
  /** Week 1 is the first with four days or more in the year; else the first that begins in it. */
  readonly hasFourDays: boolean;
  /** Days before week 1 belong to the last week of the year before; else to week 0. */
  readonly isWhole: boolean;
}

function modeOf(number: number): Mode {
  const startsMonday = (number & 1) !== 0;
  return {
    startsMonday,
    isWhole: (number & 2) !== 0,
    hasFourDays: ((number & 4) !== 0) !== startsMonday,
  };
}

/** Days since 1970 of the first day of week 1. */
function firstDay(year: number, { startsMonday, hasFourDays }: Mode): number {
  const first = dayNumber(year, 1, 1);
  // 1970 began on a Thursday.
  const weekday = (((first + (startsMonday ? 3 : 4)) % WEEK) + WEEK) % WEEK;
  if (hasFourDays ? weekday <= 3 : weekday === 0) return first - weekday;
  return first - weekday + WEEK;
}

/** The week of a day, given in days since 1970, and the year the week belongs to. `mode`: 0 to 7, as WEEK has it. */
export function weekOf(
  day: number,
  year: number,
  mode: number,
): { readonly week: number; readonly year: number } {
  const counted = modeOf(mode);
  const start = firstDay(year, counted);
  const weeksSince = (from: number): number => Math.floor((day - from) / WEEK) + 1;
  if (!counted.isWhole) return { week: day < start ? 0 : weeksSince(start), year };
  if (day < start) return { week: weeksSince(firstDay(year - 1, counted)), year: year - 1 };
  if (day >= firstDay(year + 1, counted)) return { week: 1, year: year + 1 };
  return { week: weeksSince(start), year };
}

/** YEARWEEK counts whole weeks always. */
export const WHOLE_WEEKS = 2;
/** WEEKOFYEAR: as ISO 8601 does. */
export const ISO_WEEKS = 3;

import type { QueryCursor } from './cursor.ts';

/** What INTERVAL counts in. */
const UNITS: ReadonlySet<string> = new Set(
  (
    'MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR SECOND_MICROSECOND MINUTE_MICROSECOND MINUTE_SECOND HOUR_MICROSECOND ' +
    'HOUR_SECOND HOUR_MINUTE DAY_MICROSECOND DAY_SECOND DAY_MINUTE DAY_HOUR YEAR_MONTH'
  ).split(' '),
);

/** Takes a unit of time; `SQL_TSI_DAY` is DAY. @throws ServerError 1064 */
export function unitAt(cursor: QueryCursor): string {
  const unit = cursor.word.replace(/^SQL_TSI_/, '');
  if (!UNITS.has(unit)) throw cursor.fail();
  cursor.advance();
  return unit;
}

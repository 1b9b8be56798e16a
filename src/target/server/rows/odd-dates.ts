import { type Column, ColumnCode, type RowImage } from '../../../binlog/index.ts';

const DATES: ReadonlySet<number> = new Set([
  ColumnCode.DATE,
  ColumnCode.NEWDATE,
  ColumnCode.DATETIME,
  ColumnCode.DATETIME2,
  ColumnCode.TIMESTAMP,
  ColumnCode.TIMESTAMP2,
]);

const DATE = /^(\d+)-(\d+)-(\d+)/;

/** Whether a row has a date that no calendar has, or one with zeros: what some modes turn into another one, or refuse. */
export const hasOddDates = (row: RowImage, columns: readonly Column[]): boolean =>
  columns.some(({ realCode }, index) => {
    const value = row[index];
    return DATES.has(realCode) && typeof value === 'string' && isOdd(value);
  });

function isOdd(value: string): boolean {
  const [year, month, day] = (DATE.exec(value) ?? []).slice(1).map(Number);
  if (year === undefined || month === undefined || day === undefined || year * month * day === 0) return true;
  // The day before the first of the next month; two digits would be a year of the last century.
  return day > 28 && day > new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

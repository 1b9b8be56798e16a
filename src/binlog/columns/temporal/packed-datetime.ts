import { minuteText, two } from './calendar.ts';

/** Hours, minutes and seconds take the lowest 17 bits. */
export const CLOCK_SCALE = 0x2_0000;

let lastDay = 0;
let lastDayText = '0000-00-00 ';

/** The packed day and clock of DATETIME as text; also inside JSON documents. */
export function datetimeText(packed: number): string {
  const clock = packed % CLOCK_SCALE;
  const day = (packed - clock) / CLOCK_SCALE;
  if (day !== lastDay) {
    // Rows of one statement mostly share their day.
    const month = day >>> 5;
    lastDay = day;
    lastDayText = `${String(Math.floor(month / 13)).padStart(4, '0')}-${two(month % 13)}-${two(day & 0x1f)} `;
  }
  return `${lastDayText}${two(clock >>> 12)}:${minuteText(clock & 0xfff)}`;
}

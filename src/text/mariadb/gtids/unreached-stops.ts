import { formatMariadbGtid } from '../../../gtid/index.ts';
import type { Diagnose } from '../../log-printer.ts';
import type { PrintOptions } from '../../print-options.ts';
import type { LocalTime } from '../../time/local-time.ts';
import type { GtidWindows } from './gtid-window.ts';

/** `2026-11-21 00:50:27`, as the option is mostly written. */
function datetimeText(time: LocalTime, seconds: number): string {
  const { year, month, day, hour, minute, second } = time.at(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}

/** How far the input went: where the last event ended, printed or not, and its time in seconds since 1970. */
export interface InputEnd {
  position: number;
  timestamp: number;
}

/** Which of the stops that were asked for the input ended before; however it ended. */
export function warnOfUnreachedStops(
  options: PrintOptions,
  end: InputEnd,
  isLastFile: boolean,
  windows: GtidWindows,
  diagnose: Diagnose,
): void {
  const warn = (what: string): void => diagnose(`WARNING: Did not reach stop ${what} before end of input`);
  const { stopDatetime, stopPosition, localTime } = options;
  if (Number.isFinite(stopDatetime) && stopDatetime > end.timestamp)
    warn(`datetime '${options.stopDatetimeText ?? datetimeText(localTime, stopDatetime)}'`);
  if (isLastFile && Number.isFinite(stopPosition) && stopPosition > end.position)
    warn(`position ${stopPosition}`);
  for (const stop of windows.unreachedStops()) warn(`position ${formatMariadbGtid(stop)}`);
}

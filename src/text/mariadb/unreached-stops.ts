import { formatMariadbGtid } from '../../gtid/index.ts';
import type { LocalTime } from '../local-time.ts';
import type { Diagnose } from '../log-printer.ts';
import type { PrintOptions } from '../print-options.ts';
import type { GtidWindows } from './gtid-window.ts';

/** `2026-11-21 00:50:27`, as the option is mostly written. */
function datetimeText(time: LocalTime, seconds: number): string {
  const { year, month, day, hour, minute, second } = time.at(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}

/** Which of the stops that were asked for the input ended before; however it ended. */
export function warnOfUnreachedStops(
  options: PrintOptions,
  reached: { readonly datetime: boolean; readonly position: boolean },
  windows: GtidWindows,
  diagnose: Diagnose,
): void {
  const warn = (what: string): void => diagnose(`WARNING: Did not reach stop ${what} before end of input`);
  if (Number.isFinite(options.stopDatetime) && !reached.datetime) {
    warn(`datetime '${datetimeText(options.localTime, options.stopDatetime)}'`);
  }
  if (Number.isFinite(options.stopPosition) && !reached.position) warn(`position ${options.stopPosition}`);
  for (const stop of windows.unreachedStops()) warn(`position ${formatMariadbGtid(stop)}`);
}

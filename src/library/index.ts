export { Log } from './log.ts';
export { openLog, openLogs } from './open-log.ts';
export type { ChangeOptions, LogOptions } from './options.ts';
export { isJsonDiffs, type Row, type RowChange } from './row-change.ts';
export type { LogSource } from './source.ts';

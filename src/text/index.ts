export { writeBase64Lines } from './base64.ts';
export { writeFixed, writeGeneral, writeScientific } from './c-format.ts';
export { dayNumber, setCivilDate } from './civil-date.ts';
export { EventHold, type LogOrigin } from './event-hold.ts';
export { guardRowFormat } from './guarded-printer.ts';
export type { EventMemory, HeldEvents, SpillFile } from './held-events.ts';
export { createJsonPrinter } from './json/json-printer.ts';
export { type LocalMoment, type LocalTime, utc } from './local-time.ts';
export type { Diagnose, LoadFiles, LogPrinter, PrintVerdict } from './log-printer.ts';
export { createMariadbPrinter } from './mariadb/index.ts';
export { createMysqlPrinter, type MysqlPrinterIo, rewriteDatabase } from './mysql/index.ts';
export type { Base64Output, PrintOptions, RewriteDb } from './print-options.ts';
export {
  createRowPrinter,
  type RowForm,
  type RowOutlet,
  type RowPrinter,
  type RowTextOptions,
} from './row-printer.ts';
export { TextOutput, type TextSink } from './text-output.ts';
export { secondsOfLocal, zoneFromFile, zoneFromRuntime, zoneFromText } from './zone.ts';

export { writeBase64Lines } from './base64.ts';
export { writeFixed, writeGeneral, writeScientific } from './c-format.ts';
export { dayNumber, setCivilDate } from './civil-date.ts';
export { type LocalMoment, type LocalTime, utc } from './local-time.ts';
export type { Diagnose, LoadFiles, LogPrinter, PrintVerdict } from './log-printer.ts';
export { createMysqlPrinter, type MysqlPrinterIo } from './mysql/index.ts';
export type { Base64Output, PrintOptions, RewriteDb } from './print-options.ts';
export { TextOutput, type TextSink } from './text-output.ts';
export { secondsOfLocal, zoneFromFile, zoneFromRuntime, zoneFromText } from './zone.ts';

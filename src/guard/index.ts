export type { GuardEvent, GuardQuery } from './event.ts';
export { LogCheck } from './log-check.ts';
export { MysqlbinlogGuard, mysqlbinlogErrorLine, UNEXPECTED_EVENT_LINE } from './mysqlbinlog-guard.ts';
export { guardQueryOf } from './query-of.ts';
export { RowFormatCheck } from './row-format-check.ts';
export { StrictGuard } from './strict-guard.ts';
export {
  type Pass,
  REQUIRE_ROW_FORMAT_ERRNO,
  type Refusal,
  type Verdict,
  Violation,
} from './verdict.ts';

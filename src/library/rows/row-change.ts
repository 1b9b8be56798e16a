import type { ColumnValue, JsonDiff, RowOperation } from '../../binlog/index.ts';

/** A row by column name. Columns that the log leaves out (`binlog_row_image=MINIMAL`) are missing. */
export type Row = Record<string, ColumnValue>;

/** One changed row of one table. */
export interface RowChange {
  readonly schema: string;
  readonly table: string;
  readonly operation: RowOperation;
  /** The row as it was, of updates and deletes. */
  readonly before: Row | undefined;
  /** The row as it became, of inserts and updates. */
  readonly after: Row | undefined;
  /** Where the rows event begins in its log, in bytes. */
  readonly position: number;
  /** The transaction: `uuid:tag:number` or `domain-server-sequence`; undefined where GTIDs are off. */
  readonly gtid: string | undefined;
  /** When the statement began, in seconds since 1970, by the clock of the server that ran it. */
  readonly timestamp: number;
  /** The server that ran it. */
  readonly serverId: number;
}

/** Whether a value is the steps of a partial JSON update (`binlog_row_value_options=PARTIAL_JSON`) rather than a document. */
export function isJsonDiffs(value: ColumnValue): value is readonly JsonDiff[] {
  return Array.isArray(value);
}

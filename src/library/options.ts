import type { KeyContainer } from '../binlog/index.ts';

/** How logs are read. */
export interface LogOptions {
  /**
   * Keys for encrypted logs, from `parseMysqlKeyring` or `parseMariadbKeyFile`. Without them an encrypted log is an error.
   */
  readonly keys?: KeyContainer;
  /** Compare every event's checksum, where it has one. Default false. */
  readonly verifyChecksums?: boolean;
  /** After a compressed transaction, give the events inside it too; they share its position. Default true. */
  readonly expandPayloads?: boolean;
  /** Refuse larger events, in bytes. Default: what the servers allow, 1 GiB. */
  readonly maxEventBytes?: number;
}

/** Which changes are wanted, and in which form their values come. */
export interface ChangeOptions {
  /** What 64-bit integers become; one choice for all values. Default `bigint`, the only exact one that counts. */
  readonly bigints?: 'bigint' | 'number' | 'string';
  /** Only these tables. */
  readonly tables?: (schema: string, table: string) => boolean;
  /**
   * Names for the columns of tables whose log has none (`binlog_row_metadata=MINIMAL`), in the table's order. Columns
   * without a name are `@1`, `@2` …, as mysqlbinlog prints them.
   */
  readonly columnNames?: (schema: string, table: string) => readonly string[] | undefined;
}

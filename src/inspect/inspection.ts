/** So many of what was found wrong are shown. */
export const SHOWN = 10;

/** What is in a set of logs. Plain data: the JSON form of the command is exactly this. */
export interface Inspection {
  readonly files: readonly FileInspection[];
  readonly events: number;
  readonly bytes: number;
  /** Seconds since 1970 of the first and last event that has a time. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly eventTypes: readonly EventTypeCount[];
  readonly transactions: TransactionInspection;
  readonly tables: readonly TableInspection[];
  readonly gtids: GtidInspection;
  readonly compression: CompressionInspection | undefined;
  readonly checksums: ChecksumInspection;
  readonly refused: RefusedInspection;
}

/** One log and how it ends. `from` and `to`: the earliest and the latest time of its events, in seconds since 1970. */
export interface FileInspection {
  readonly name: string;
  readonly bytes: number;
  readonly events: number;
  readonly serverVersion: string | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly checksums: 'CRC32' | 'NONE';
  /** How the log ends; `damaged` carries the reason in `problem`. */
  readonly ending: 'rotated' | 'stopped' | 'in use' | 'torn' | 'damaged' | 'open';
  readonly nextFile: string | undefined;
  readonly problem: string | undefined;
}

/** How much of the logs one type of event is. */
export interface EventTypeCount {
  readonly type: string;
  readonly events: number;
  readonly bytes: number;
}

/** Transactions, their sizes, and the largest of them. */
export interface TransactionInspection {
  readonly count: number;
  readonly bytes: number;
  /** Transactions by size: each bucket holds those of at most `upTo` bytes and more than the one before. */
  readonly sizes: readonly { readonly upTo: number; readonly count: number }[];
  readonly largest: readonly LargeTransaction[];
  /** Begun but not ended within the logs. */
  readonly open: number;
}

/** One of the largest transactions, and where it stands. `timestamp`: in seconds since 1970. */
export interface LargeTransaction {
  readonly file: string;
  readonly position: number;
  readonly bytes: number;
  readonly rows: number;
  readonly gtid: string | undefined;
  readonly timestamp: number;
}

/** Rows of one table, by what became of them. */
export interface TableInspection {
  readonly schema: string;
  readonly table: string;
  readonly inserts: number;
  readonly updates: number;
  readonly deletes: number;
  /** Bytes of its rows events. */
  readonly bytes: number;
}

/** GTIDs that the logs hold, and those missing between them. */
export interface GtidInspection {
  /** MySQL: what the first log says was executed before it. */
  readonly before: string | undefined;
  /** Transactions in these logs: a MySQL set, or MariaDB ranges by domain. */
  readonly seen: string | undefined;
  /** Numbers that are neither before nor seen, below the highest seen. */
  readonly gaps: string | undefined;
  readonly anonymous: number;
}

/** Compressed transactions, their bytes in the logs and inflated. */
export interface CompressionInspection {
  readonly transactions: number;
  readonly bytes: number;
  readonly inflatedBytes: number;
}

/** How many checksums were there, and how many were wrong. */
export interface ChecksumInspection {
  readonly verified: number;
  readonly without: number;
  readonly bad: readonly { readonly file: string; readonly position: number; readonly event: string }[];
  readonly badCount: number;
}

/** What a channel with REQUIRE_ROW_FORMAT (strict) would not let pass. */
export interface RefusedInspection {
  readonly count: number;
  readonly reasons: readonly { readonly reason: string; readonly sentence: string; readonly count: number }[];
  /** The first few. */
  readonly first: readonly {
    readonly file: string;
    readonly position: number;
    readonly event: string;
    readonly reason: string;
    readonly statement: string | undefined;
  }[];
}

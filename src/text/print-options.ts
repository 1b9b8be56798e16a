import type { Flavor } from '../binlog/index.ts';
import type { MysqlGtidSet } from '../gtid/index.ts';
import type { LocalTime } from './time/local-time.ts';

export type Base64Output = 'never' | 'auto' | 'unspec' | 'decode-rows';

/** `FROM->TO` of `--rewrite-db`, names as bytes in latin1. */
export interface RewriteDb {
  readonly from: string;
  readonly to: string;
}

/** What the real tools let a user choose about printing, both vocabularies, already checked. */
export interface PrintOptions {
  /** `better` prints valid events that the original gives up on; `exact` gives up where it does. */
  readonly compat: 'better' | 'exact';
  /** Encrypted logs come decrypted: their keys are at hand. */
  readonly decrypted: boolean;
  readonly base64Output: Base64Output;
  /** 0, 1 (`-v`), 2 (`-vv`), 3 (MariaDB `-vvv`). */
  readonly verbose: number;
  readonly hexdump: boolean;
  readonly shortForm: boolean;
  readonly disableLogBin: boolean;
  readonly setCharset: string | undefined;
  readonly idempotent: boolean;
  readonly requireRowFormat: 'off' | 'on' | 'strict';
  readonly printTableMetadata: boolean;
  readonly skipGtids: boolean;
  readonly includeGtids: MysqlGtidSet | undefined;
  readonly excludeGtids: MysqlGtidSet | undefined;
  /** Bytes of the name in latin1. */
  readonly database: string | undefined;
  readonly table: string | undefined;
  readonly rewriteDb: readonly RewriteDb[];
  /** 0: all. MySQL's `--server-id`. */
  readonly serverId: number;
  readonly serverIdBits: number;
  readonly offset: number;
  /** Bytes; first file only. */
  readonly startPosition: number;
  /** Bytes; last file only; Infinity when not given. */
  readonly stopPosition: number;
  /** Seconds since 1970; 0 when not given. */
  readonly startDatetime: number;
  /** Seconds since 1970; Infinity when not given. */
  readonly stopDatetime: number;
  /** As typed, for messages. */
  readonly stopDatetimeText: string | undefined;
  readonly forceIfOpen: boolean;
  readonly forceRead: boolean;
  readonly verifyChecksum: boolean;
  readonly binlogRowEventMaxSize: number;
  /** MariaDB only. */
  readonly printRowCount: boolean;
  readonly printRowEventPositions: boolean;
  readonly skipAnnotateRowEvents: boolean;
  readonly flashback: boolean;
  readonly gtidStrictMode: boolean;
  /** GTID lists as typed, or undefined where a number or nothing was given. */
  readonly startGtids: string | undefined;
  readonly stopGtids: string | undefined;
  /** A GTID list was given at some time, even where a number took its place. */
  readonly hasGtidPositions: boolean;
  readonly doDomainIds: readonly number[];
  readonly ignoreDomainIds: readonly number[];
  readonly doServerIds: readonly number[];
  readonly ignoreServerIds: readonly number[];
  readonly localTime: LocalTime;
  readonly flavor: Flavor;
}

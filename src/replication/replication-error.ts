import { RowlockError } from '../errors/index.ts';

/** Why a source is not followed, or not any more, where the reason is found on this side. Texts of the server are ServerErrors. */
export type ReplicationErrorCode =
  /** The source is ourselves: our server id or our UUID. */
  | 'REPLICATION_SAME_SERVER'
  /** Another server answers, and where we are means nothing there. */
  | 'REPLICATION_SOURCE_CHANGED'
  /** A position by GTID was given to a source that has none. */
  | 'REPLICATION_NO_GTIDS'
  /** A position by GTID of the other family. */
  | 'REPLICATION_OTHER_FAMILY'
  /** The log of the source ends before the position. Below 4 GiB the source says so itself: 1236. */
  | 'REPLICATION_NO_POSITION'
  /** The source has no binary log. */
  | 'REPLICATION_NO_LOG'
  /** A transaction that was handed out in part does not come again. */
  | 'REPLICATION_TRANSACTION_GONE'
  /** What came does not continue what came before. */
  | 'REPLICATION_OUT_OF_STEP'
  /** A heartbeat contradicts what was received. */
  | 'REPLICATION_HEARTBEAT'
  /** Not a byte arrived in the time that a live source sends heartbeats in. */
  | 'REPLICATION_SILENCE'
  /** The link broke more often than the settings allow; `cause` is the last reason. */
  | 'REPLICATION_GAVE_UP';

/** The stream of a source could not be begun or continued. */
export class ReplicationError extends RowlockError {
  declare readonly code: ReplicationErrorCode;
  /** The servers' number for it: 1236 ER_SOURCE_FATAL_ERROR_READING_BINLOG, 1593 ER_REPLICA_FATAL_ERROR, 1623 ER_REPLICA_HEARTBEAT_FAILURE, 2013 CR_SERVER_LOST. */
  readonly errno: number;

  constructor(
    code: ReplicationErrorCode,
    errno: number,
    message: string,
    options: { cause?: unknown; hint?: string; context?: RowlockError['context'] } = {},
  ) {
    super(code, message, options);
    this.errno = errno;
  }
}

export const ReplicationErrno = {
  ER_SOURCE_FATAL_ERROR_READING_BINLOG: 1236,
  ER_REPLICA_FATAL_ERROR: 1593,
  ER_REPLICA_HEARTBEAT_FAILURE: 1623,
  CR_SERVER_LOST: 2013,
} as const;

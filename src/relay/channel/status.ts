import type { UntilStatus } from '../../replication/index.ts';
import type { TargetRetry } from '../../target/index.ts';

/** An error as the status columns show it; number 0 and an empty text: none. */
export interface LastError {
  readonly number: number;
  readonly message: string;
  /** Milliseconds since 1970; undefined: never. */
  readonly at: number | undefined;
}

export const NO_ERROR: LastError = { number: 0, message: '', at: undefined };

/** SERVICE_STATE of a thread; `CONNECTING` is the receiver's alone (Replica_IO_Running: Connecting). */
export type ServiceState = 'ON' | 'OFF' | 'CONNECTING';

/** One transaction on its way, as performance_schema names it. Times in microseconds since 1970, 0 where unknown. */
export interface TransactionTimes {
  /** A GTID, `ANONYMOUS`, or empty: none. */
  readonly transaction: string;
  readonly originalCommit: number;
  readonly immediateCommit: number;
  readonly start: number;
  /** 0 while it is not done. */
  readonly end: number;
}

export const NO_TRANSACTION: TransactionTimes = {
  transaction: '',
  originalCommit: 0,
  immediateCommit: 0,
  start: 0,
  end: 0,
};

/** What one of those knows that apply. */
export interface WorkerStatus {
  readonly lastError: LastError;
  readonly lastApplied: TransactionTimes;
  readonly applying: TransactionTimes;
  /** How often each was tried again, and why for the last time; undefined: never. */
  readonly lastRetry: TargetRetry | undefined;
  readonly retry: TargetRetry | undefined;
}

/** What the one knows that reads the relay log for them. */
export interface CoordinatorStatus {
  readonly lastError: LastError;
  /** `end`: when all of it had been read and given away. */
  readonly lastProcessed: TransactionTimes;
  readonly processing: TransactionTimes;
}

/** What the receiver knows of itself; one consistent moment. */
export interface ReceiverStatus {
  readonly state: ServiceState;
  /** The server's words: `Waiting for source to send event`, `Connecting to source`, …; empty when off. */
  readonly stage: string;
  readonly lastError: LastError;
  /** What has been made durable. */
  readonly sourceLogFile: string;
  readonly readSourceLogPos: number;
  readonly sourceServerId: number;
  readonly sourceUuid: string;
  readonly retrievedGtidSet: string;
  /** MariaDB's Gtid_IO_Pos. */
  readonly gtidIoPos: string;
  /** When the thread was started last; 0: never. */
  readonly startedAt: number;
  /** Whether the source waits for acknowledgements. */
  readonly semiSync: boolean;
  readonly receivedHeartbeats: number;
  readonly lastHeartbeatAt: number | undefined;
  readonly queueing: TransactionTimes;
  readonly lastQueued: TransactionTimes;
  /** Connection id at the source; 0: none. */
  readonly connectionId: number;
  /** `TLSv1.3` and the like; empty: plain. */
  readonly tlsVersion: string;
  readonly tlsCipher: string;
  readonly connectsTried: number;
  readonly bytesReceived: number;
  readonly transactionsReceived: number;
  readonly violations: number;
}

/** What the applier knows of itself; one consistent moment. */
export interface ApplierStatus {
  readonly state: ServiceState;
  readonly stage: string;
  readonly lastError: LastError;
  /** When the thread was started last; 0: never. */
  readonly startedAt: number;
  readonly relayLogFile: string;
  readonly relayLogPos: number;
  /** Where in the source's log the applied events stand. */
  readonly sourceLogFile: string;
  readonly execSourceLogPos: number;
  readonly executedGtidSet: string;
  /** MariaDB's Gtid_Slave_Pos. */
  readonly gtidSlavePos: string;
  /** Null: not running, or nothing known. */
  readonly secondsBehindSource: number | null;
  /** Seconds; null: not waiting. */
  readonly remainingDelay: number | null;
  readonly until: UntilStatus;
  readonly processing: TransactionTimes;
  readonly lastProcessed: TransactionTimes;
  /** One for each session of a target that is a server, else one. Empty: the thread has never been started. */
  readonly workers: readonly WorkerStatus[];
  readonly coordinator: CoordinatorStatus;
  readonly transactionsRetried: number;
  readonly transactionsApplied: number;
  /** The last transaction that the target tried again. */
  readonly lastRetry: TargetRetry | undefined;
  /** Rows of the target that were not as the source had them, skipped or overwritten since the relay started. */
  readonly conflicts: number;
  /** The last of them, by its key. */
  readonly lastConflict: LastError;
}

export interface ChannelStatus {
  readonly channel: string;
  readonly receiver: ReceiverStatus;
  readonly applier: ApplierStatus;
  /** Bytes of all relay logs of the channel. */
  readonly relayLogSpace: number;
}

import type { Flavor } from '../../../binlog/index.ts';
import { RowlockError } from '../../../errors/index.ts';
import { STORE_MISSING } from '../../../store/index.ts';
import type { TargetRetry } from '../../../target/index.ts';
import { ChannelError } from '../channel-error.ts';
import {
  type ApplierStatus,
  type LastError,
  NO_ERROR,
  NO_TRANSACTION,
  type ServiceState,
  type TransactionTimes,
  type WorkerStatus,
} from '../status.ts';
import { begunNow, finished } from '../transaction-times.ts';
import type { TargetFeed } from './feeds/target-feed.ts';
import { coordinatorError, inWorkersWords, stoppedWorkers, workerStatus } from './worker-status.ts';

/** ER_REPLICA_RELAY_LOG_READ_FAILURE, and its twin in MySQL's later numbering. */
const READ_FAILURE = { mysql: 13_121, mariadb: 1594 } as const;

/** What to do about a relay log that lacks a file: the source may have it still. */
const MISSING_HINT =
  'Put it back and start the relay anew, or have the source send it again: STOP REPLICA, RESET REPLICA, and where the channel goes by positions ' +
  'CHANGE REPLICATION SOURCE TO with Relay_Source_Log_File and Exec_Source_Log_Pos, as they are now.';

/** What of an applier's status does not depend on places. */
type Told = Pick<
  ApplierStatus,
  | 'state'
  | 'stage'
  | 'lastError'
  | 'startedAt'
  | 'processing'
  | 'lastProcessed'
  | 'workers'
  | 'coordinator'
  | 'transactionsRetried'
  | 'transactionsApplied'
  | 'lastRetry'
  | 'conflicts'
  | 'lastConflict'
>;

/** What an applier does, and has done, as statuses and performance_schema tell it. */
export class ApplierProgress {
  stage = '';
  /** Of the run under way, or the one before. */
  lastError: LastError = NO_ERROR;
  /** What is being applied, or waited with. */
  processing: TransactionTimes = NO_TRANSACTION;
  /** Transactions that were applied. */
  transactions = 0;
  readonly #now: () => number;
  readonly #flavor: Flavor;
  /** Of the target that is open. */
  #feed: TargetFeed | undefined;
  #state: ServiceState = 'OFF';
  #startedAt = 0;
  #lastProcessed: TransactionTimes = NO_TRANSACTION;
  /** Of what has been read and given away last: when it was. */
  #lastRead: TransactionTimes = NO_TRANSACTION;
  #readAt = 0;
  #isReading = false;
  #isResting = false;
  /** Sessions of a target that has been closed. */
  #lastWorkers: readonly WorkerStatus[] | undefined;
  #retried = 0;
  #lastRetry: TargetRetry | undefined;
  #conflicts = 0;
  #lastConflict: LastError = NO_ERROR;

  constructor(now: () => number, flavor: Flavor) {
    this.#now = now;
    this.#flavor = flavor;
  }

  told(): Told {
    const { stage, lastError, transactions } = this;
    const feed = this.#feed;
    // One that waits is not applied yet.
    const processing = this.#isResting ? NO_TRANSACTION : this.processing;
    const workers = this.#workers(processing);
    return {
      state: this.#state,
      stage,
      lastError,
      startedAt: this.#startedAt,
      processing,
      lastProcessed: this.#lastProcessed,
      workers,
      coordinator: {
        lastError: coordinatorError(lastError, workers),
        lastProcessed: endedAt(this.#lastRead, this.#readAt),
        processing: this.#isReading ? processing : NO_TRANSACTION,
      },
      transactionsRetried: this.#retried + (feed?.retried ?? 0),
      transactionsApplied: transactions,
      lastRetry: feed?.lastRetry ?? this.#lastRetry,
      conflicts: this.#conflicts,
      lastConflict: this.#lastConflict,
    };
  }

  start(): void {
    this.lastError = NO_ERROR;
    this.processing = NO_TRANSACTION;
    this.#startedAt = this.#now();
    this.#lastWorkers = undefined;
    this.#state = 'ON';
  }

  stop(): void {
    this.#state = 'OFF';
    this.stage = '';
    // The one that failed is shown until the next start, as a server does.
    if (this.lastError.number === 0) this.#drop();
    this.#lastWorkers = stoppedWorkers(this.#lastWorkers ?? [], this.lastError, this.processing);
  }

  /** RESET REPLICA */
  forget(): void {
    this.lastError = NO_ERROR;
    this.#lastProcessed = NO_TRANSACTION;
    this.#lastRead = NO_TRANSACTION;
    this.#lastWorkers = undefined;
    this.#startedAt = 0;
  }

  fail(error: unknown): void {
    const at = this.#now();
    if (error instanceof ChannelError) {
      this.lastError = { number: error.errno, message: error.message, at };
      return;
    }
    const message = error instanceof RowlockError ? error.describe() : String(error);
    const hint = error instanceof RowlockError && error.hint !== undefined ? ` ${hintOf(error)}` : '';
    const number = READ_FAILURE[this.#flavor];
    this.lastError = { number, message: `Relay log read failure: ${message}.${hint}`, at };
  }

  /** The target is gone, and will be reached again. */
  lose(error: unknown): void {
    this.fail(error);
    this.#drop();
    this.stage = 'Waiting to reconnect to the target after losing it';
  }

  /** The target has no space for what comes, and will be tried again. */
  waitForSpace(): void {
    this.#drop();
    this.stage = 'Waiting for disk space';
  }

  /** The target is there, and was perhaps lost before. */
  open(feed: TargetFeed): void {
    this.#feed = feed;
    this.lastError = NO_ERROR;
    this.#lastWorkers = undefined;
  }

  /** The target is closed. */
  close(): void {
    const feed = this.#feed;
    this.#feed = undefined;
    this.#retried += feed?.retried ?? 0;
    this.#lastRetry = feed?.lastRetry ?? this.#lastRetry;
    this.#lastWorkers = feed?.workers?.map((worker, index) => workerStatus(worker, index + 1));
  }

  begin(times: TransactionTimes): void {
    this.stage = 'Applying batch of row changes';
    this.processing = times;
    this.#isReading = true;
  }

  /** SOURCE_DELAY: the transaction is waited with. */
  rest(): void {
    this.stage = 'Waiting until SOURCE_DELAY seconds after source executed event';
    this.#isResting = true;
  }

  /** @param isBegun false: it is left for the next start */
  goOn(isBegun: boolean): void {
    this.#isResting = false;
    this.stage = 'Applying batch of row changes';
    begunNow(this.processing, this.#now);
    if (!isBegun) this.processing = NO_TRANSACTION;
  }

  /** The transaction has been read and given away. */
  read(times: TransactionTimes): void {
    this.#lastRead = times;
    this.#readAt = this.#now();
    this.#isReading = false;
  }

  apply(times: TransactionTimes): void {
    this.transactions += 1;
    if (this.processing === times) this.processing = NO_TRANSACTION;
    this.#lastProcessed = finished(times, this.#now);
  }

  /** A row of the target was not as the source had it, and the channel goes on. */
  noteConflict(error: Error): void {
    const { errno = 0 } = error as { errno?: number };
    this.#conflicts += 1;
    this.#lastConflict = { number: errno, message: error.message, at: this.#now() };
  }

  #drop(): void {
    this.processing = NO_TRANSACTION;
    this.#isReading = false;
  }

  /** Those who apply, as a server shows them: the sessions of a target, else the applier itself. */
  #workers(applying: TransactionTimes): readonly WorkerStatus[] {
    if (this.#startedAt === 0) return [];
    const sessions = this.#feed?.workers;
    if (sessions !== undefined && sessions.length > 0)
      return sessions.map((session, index) => workerStatus(session, index + 1));
    if (this.#lastWorkers !== undefined && this.#lastWorkers.length > 0) return this.#lastWorkers;
    const retryOf = ({ transaction }: TransactionTimes): TargetRetry | undefined =>
      this.#lastRetry?.gtid === transaction ? this.#lastRetry : undefined;
    return [
      {
        lastError: applying.transaction === '' ? NO_ERROR : inWorkersWords(this.lastError, applying, 1),
        lastApplied: this.#lastProcessed,
        applying,
        lastRetry: retryOf(this.#lastProcessed),
        retry: retryOf(applying),
      },
    ];
  }
}

const hintOf = ({ code, hint }: RowlockError): string | undefined =>
  code === STORE_MISSING ? MISSING_HINT : hint;

function endedAt(times: TransactionTimes, milliseconds: number): TransactionTimes {
  if (times === NO_TRANSACTION) return times;
  const { transaction, originalCommit, immediateCommit, start } = times;
  return { transaction, originalCommit, immediateCommit, start, end: milliseconds * 1000 };
}

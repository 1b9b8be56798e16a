import type { TargetWorker, WorkerTransaction } from '../../../target/index.ts';
import {
  type CoordinatorStatus,
  type LastError,
  NO_ERROR,
  NO_TRANSACTION,
  type TransactionTimes,
  type WorkerStatus,
} from '../status.ts';
import { feedError, UNKNOWN_ERROR } from './feeds/feed-error.ts';

/** A transaction as the log names it, with the times of the session that has it. */
function timesOf(one: WorkerTransaction | undefined): TransactionTimes {
  if (one === undefined) return NO_TRANSACTION;
  const { transaction, startedAt, endedAt } = one;
  const label = (transaction.label ?? NO_TRANSACTION) as unknown as TransactionTimes;
  return {
    transaction: label.transaction,
    originalCommit: label.originalCommit,
    immediateCommit: label.immediateCommit,
    start: startedAt * 1000,
    end: endedAt * 1000,
  };
}

/** What a session of a target does, as a server says it of a worker. `number` counts from 1. */
export function workerStatus(worker: TargetWorker, number: number): WorkerStatus {
  const { applying, lastApplied, failure } = worker;
  return {
    lastError: failure === undefined ? NO_ERROR : workerError(applying, number, failure),
    lastApplied: timesOf(lastApplied),
    applying: timesOf(applying),
    lastRetry: lastApplied?.retry,
    retry: applying?.retry,
  };
}

/** The applier has stopped: after an error, workers show what they had not done. What nobody was given yet is the first one's. */
export function stoppedWorkers(
  workers: readonly WorkerStatus[],
  error: LastError,
  processing: TransactionTimes,
): readonly WorkerStatus[] {
  const stopped = workers.map((worker) =>
    error.number === 0 ? { ...worker, applying: NO_TRANSACTION, retry: undefined } : worker,
  );
  const [first, ...others] = stopped;
  const isOfWorker = stopped.some(({ lastError }) => lastError.number !== 0);
  if (first === undefined || isOfWorker || error.number === 0 || processing.transaction === '')
    return stopped;
  const lastError = inWorkersWords(error, processing, 1);
  return [{ ...first, lastError, applying: processing }, ...others];
}

/** What the coordinator says of an error that is a worker's. */
export function coordinatorError(
  own: LastError,
  workers: readonly WorkerStatus[],
): CoordinatorStatus['lastError'] {
  const failed = workers.find(({ lastError }) => lastError.number !== 0);
  if (own.number === 0 || failed === undefined) return own;
  const { number, message, at } = failed.lastError;
  const what = message.split('; ', 1)[0]!;
  return {
    number,
    message:
      `Coordinator stopped because there were error(s) in the worker(s). The most recent failure being: ${what}. ` +
      'See error log and/or performance_schema.replication_applier_status_by_worker table for more details about this failure or others, if any.',
    at,
  };
}

/** An error in the words of a worker, which says what it was doing. */
export function inWorkersWords(
  error: LastError,
  { transaction }: TransactionTimes,
  number: number,
): LastError {
  if (transaction === '' || error.message.startsWith('Worker ')) return error;
  return {
    ...error,
    message: `Worker ${number} failed executing transaction '${transaction}'; ${error.message}`,
  };
}

function workerError(
  applying: WorkerTransaction | undefined,
  number: number,
  { error, at }: NonNullable<TargetWorker['failure']>,
): LastError {
  const said = feedError(error, undefined, '') as { readonly errno?: number; readonly message?: string };
  const message = said.message ?? String(error);
  return inWorkersWords({ number: said.errno ?? UNKNOWN_ERROR, message, at }, timesOf(applying), number);
}

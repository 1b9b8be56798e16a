import {
  type LastError,
  NO_ERROR,
  NO_TRANSACTION,
  type TransactionTimes,
  type WorkerStatus,
} from '../channel/status.ts';
import type { ViewRow } from '../views/view.ts';

/** How a timestamp(6) says that something has not been. */
export const NEVER = '0000-00-00 00:00:00.000000';

/** Microseconds since 1970, as a timestamp(6); 0: never. */
function micros(time: number): string {
  if (time === 0) return NEVER;
  const seconds = new Date(Math.floor(time / 1000)).toISOString().slice(0, 19).replace('T', ' ');
  return `${seconds}.${String(time % 1_000_000).padStart(6, '0')}`;
}

/** Milliseconds since 1970, as a timestamp(6); undefined: never. */
export const millis = (time: number | undefined): string =>
  time === undefined ? NEVER : micros(time * 1000);

export const yesNo = (yes: boolean): string => (yes ? 'YES' : 'NO');
export const oneZero = (yes: boolean): string => (yes ? '1' : '0');

/** An error: number, message, when. */
export const failure = ({ number, message, at }: LastError): ViewRow => [number, message, millis(at)];

/** A finished transaction: its name and four times. */
export const finished = ({
  transaction,
  originalCommit,
  immediateCommit,
  start,
  end,
}: TransactionTimes): ViewRow => [
  transaction,
  micros(originalCommit),
  micros(immediateCommit),
  micros(start),
  micros(end),
];

/** One under way has no end. */
export const underWay = (times: TransactionTimes): ViewRow => finished(times).slice(0, 4);

/** How often a transaction was tried again, and why for the last time. */
function transient(retry: WorkerStatus['retry']): ViewRow {
  if (retry === undefined) return [0, 0, '', NEVER];
  return [retry.tries, retry.errno, retry.message, millis(retry.at)];
}

/** A worker: its last error, what it applied and applies, and how often it tried each again. */
export const workerCells = ({
  lastError,
  lastApplied,
  applying,
  lastRetry,
  retry,
}: WorkerStatus): ViewRow => [
  ...failure(lastError),
  ...finished(lastApplied),
  ...underWay(applying),
  ...transient(lastRetry),
  ...transient(retry),
];

/** What a server shows of a channel that has not been started yet, as worker 0. */
export const IDLE_WORKER: WorkerStatus = {
  lastError: NO_ERROR,
  lastApplied: NO_TRANSACTION,
  applying: NO_TRANSACTION,
  lastRetry: undefined,
  retry: undefined,
};

/** ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS: its type, and the UUID that it names. */
export const assignment = (assign: string): ViewRow =>
  assign === 'OFF' || assign === 'LOCAL' ? [assign, null] : ['UUID', assign];

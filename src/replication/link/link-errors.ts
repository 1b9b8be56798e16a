import { ClientErrno } from '../../connection/index.ts';
import { ConnectionError, ServerError } from '../../errors/index.ts';
import { ReplicationErrno, ReplicationError } from '../replication-error.ts';
import { isFinalError } from './is-final.ts';

/** A source that sends heartbeats is gone when none come. */
export function silence(milliseconds: number): ReplicationError {
  return new ReplicationError(
    'REPLICATION_SILENCE',
    ReplicationErrno.CR_SERVER_LOST,
    `nothing arrived from the source for ${milliseconds} ms, not even a heartbeat`,
  );
}

/** The attempts are used up; `error` is what the last one met. */
export function gaveUp(attempts: number, error: unknown): ReplicationError {
  const reason = error instanceof Error ? error.message : String(error);
  return new ReplicationError(
    'REPLICATION_GAVE_UP',
    ReplicationErrno.CR_SERVER_LOST,
    `gave up after ${attempts} attempts without progress: ${reason}`,
    { cause: error },
  );
}

/** The source ended a dump that has no end. */
export function endOfDump(): ConnectionError {
  return new ConnectionError(
    ClientErrno.CR_SERVER_LOST,
    'the source has ended the stream: it is shutting down',
  );
}

/** Whether an error says that the other end is gone or ended the link, and not that what it sent makes no sense. */
export function isLostLink(error: unknown): boolean {
  const isSilence = error instanceof ReplicationError && error.code === 'REPLICATION_SILENCE';
  return error instanceof ConnectionError || error instanceof ServerError || isSilence;
}

/** Why a client stopped that was closed. */
export class Stopped extends Error {}

/** What a link ends with that failed for good: its last error, or, after several attempts, that they are used up. */
export function finalError(
  { error, failures }: { readonly error: unknown; readonly failures: number },
  place: { readonly file: string; readonly position: number },
  isFinal: (error: unknown) => boolean = isFinalError,
): unknown {
  return failures === 0 || isFinal(error) ? error : gaveUp(failures, error).at(place);
}

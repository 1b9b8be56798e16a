import { ConnectionError, SecurityError, ServerError } from '../../errors/index.ts';
import { isFinalError } from '../../replication/index.ts';

/** ER_LOCK_WAIT_TIMEOUT: a transaction has been tried again already, as often as it may be. */
const LOCK_WAIT_TIMEOUT = 1205;

/** Whether a target that is a server has gone away, or has ended a session: another session goes on where it stands. */
export function isTargetLost(error: unknown): boolean {
  if (error instanceof ServerError && error.errno === LOCK_WAIT_TIMEOUT) return false;
  const isOfLink =
    error instanceof ServerError || error instanceof ConnectionError || error instanceof SecurityError;
  return isOfLink && !isFinalError(error);
}

import { ConnectionError, RowlockError, SecurityError, ServerError } from '../../../errors/index.ts';
import { isFinalError, NOT_REGISTERED } from '../../../replication/index.ts';

/** A connection to a source that did not come about, whyever. The cause has the words. */
export class SourceRefusal extends ConnectionError {
  declare readonly cause: RowlockError;
}

/** A replica that is refused tries again: somebody may mend the account, the certificate or a file meanwhile. */
export function sourceRefusal(error: unknown): unknown {
  const told =
    error instanceof ServerError || error instanceof SecurityError || error instanceof ConnectionError;
  return told ? new SourceRefusal(error.errno, error.message, { cause: error }) : error;
}

/** A source that does not take this end for a replica: its account lacks REPLICATION SLAVE. */
export const isNotRegistered = (error: unknown): error is ServerError =>
  error instanceof ServerError && error.code === NOT_REGISTERED;

/** Whether a channel stops with an error instead of trying again. */
export function stopsChannel(error: unknown): boolean {
  return !(error instanceof SourceRefusal || isNotRegistered(error)) && isFinalError(error);
}

import { isFinalError } from './is-final.ts';
import { pauseMs, type RetrySettings } from './link-state.ts';
import { rest, retrySettings } from './retry.ts';

/** Does something with a server until it is done or cannot be done, with the pauses of a link that is made anew. */
export async function retrying<Result>(
  work: () => Promise<Result>,
  given: Partial<RetrySettings> | false | undefined,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const settings = retrySettings(given);
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (isFinalError(error) || failures > settings.attempts) throw error;
      await rest(pauseMs(failures, Math.random(), settings), signal);
    }
  }
}

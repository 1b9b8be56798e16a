import { setTimeout as after } from 'node:timers/promises';
import { UsageError } from '../../errors/index.ts';
import type { RetrySettings } from './link-state.ts';

/**
 * A replica's own habit is an attempt a minute for two months (`SOURCE_CONNECT_RETRY`, `SOURCE_RETRY_COUNT`). These begin at once
 * and give up after about half an hour.
 */
export const DEFAULT_RETRY: RetrySettings = {
  attempts: 60,
  delayMs: 250,
  maxDelayMs: 30_000,
  jitter: 0.5,
  initial: false,
  perOutage: false,
};

/** Fills in what is not said. @throws UsageError for what makes no sense */
export function retrySettings(given: Partial<RetrySettings> | false = {}): RetrySettings {
  const settings = given === false ? { ...DEFAULT_RETRY, attempts: 0 } : { ...DEFAULT_RETRY, ...given };
  const { attempts, delayMs, maxDelayMs, jitter } = settings;
  if (!(attempts >= 0 && delayMs >= 0 && maxDelayMs >= delayMs && jitter >= 0 && jitter <= 1)) {
    throw new UsageError(
      `retry settings make no sense: ${attempts} attempts, ${delayMs} to ${maxDelayMs} ms, jitter ${jitter}`,
    );
  }
  return settings;
}

/** Waits. Ends early, without an error, when aborted. */
export async function rest(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await after(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => {});
}

import { Stopped } from './link-errors.ts';
import type { LinkState } from './link-state.ts';

/** What ended a wait. `resumed`: the link broke and was made anew; the unfinished transaction comes again, whole. */
export type Waited = 'events' | 'resumed' | 'ended';

type Failed = Extract<LinkState, { readonly name: 'failed' }>;

/**
 * What a link that was driven on came to, for one who waited.
 *
 * @param isFirst whether there was no link before
 * @param signal why it was stopped, where it was
 * @param errorOf what to throw where it failed for good
 */
export function waitedFor(
  state: LinkState,
  isFirst: boolean,
  signal: AbortSignal,
  errorOf: (state: Failed) => unknown,
): Waited {
  if (state.name === 'failed') throw errorOf(state);
  if (state.name === 'stopped') {
    if (signal.reason instanceof Stopped) return 'ended';
    throw signal.reason;
  }
  return state.name === 'ended' ? 'ended' : isFirst ? 'events' : 'resumed';
}

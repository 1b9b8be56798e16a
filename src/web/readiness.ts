import type { WatchedRelay } from './watched.ts';

/** Why a relay is not ready, a line each. None: every channel that has a source receives and applies. */
export function whyNotReady({ streams }: WatchedRelay): string[] {
  const lines: string[] = [];
  for (const control of streams.channels.all) {
    const { channel, sourceHost } = control.configuration;
    if (sourceHost === '') continue;
    const { receiver, applier } = control.status();
    const threads = [
      ['receiver', receiver],
      ['applier', applier],
    ] as const;
    for (const [name, { state, lastError }] of threads) {
      if (state === 'ON') continue;
      const reason = lastError.number === 0 ? '' : `, error ${lastError.number}`;
      lines.push(`channel '${channel}': ${name} is ${state}${reason}`);
    }
  }
  return lines;
}

import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `stop` instead of dying, with the exit status that a shell shows for the signal. A second signal kills. The function that comes
 * back makes everything as it was.
 */
export function onSignal(stop: (exitStatus: number) => void): () => void {
  const handlers = SIGNALS.map((signal) => {
    const handler = (): void => stop(128 + constants.signals[signal]);
    process.once(signal, handler);
    return [signal, handler] as const;
  });
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

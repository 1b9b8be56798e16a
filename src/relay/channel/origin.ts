import type { ChannelConfiguration } from './configuration.ts';

/** Whether two settings of a channel name the same source. */
export function sameServer(a: ChannelConfiguration, b: ChannelConfiguration): boolean {
  return a.sourceHost === b.sourceHost && a.sourcePort === b.sourcePort;
}

const BEGINNING = ['positioning', 'sourceLogFile', 'sourceLogPos'] as const;

/** Whether they name the same source and the same place to begin. */
export function sameOrigin(a: ChannelConfiguration, b: ChannelConfiguration): boolean {
  return sameServer(a, b) && BEGINNING.every((name) => a[name] === b[name]);
}

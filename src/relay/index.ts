export { defaultConfiguration } from './channel/configuration.ts';
export type { ChannelStatus } from './channel/status.ts';
export { type OpenedStreams, openStreams, type StreamCounters, type StreamsParts } from './open-streams.ts';
export {
  type OpenStreams,
  openRelay,
  type RelayOptions,
  type RunningRelay,
  type StreamsSurroundings,
} from './relay.ts';
export { bindAddresses } from './server/bind-addresses.ts';
export { cannotListen } from './server/cannot-listen.ts';
export type { AuditLog } from './statements/context.ts';
export type { Streams } from './streams.ts';
export type { ReadOrder } from './views/reading/read-order.ts';
export type { StartReader } from './views/reading/reader-process.ts';
export { openReads, type SendReply } from './views/reading/serve-reads.ts';
export { storedExpressions } from './views/stored-expressions.ts';

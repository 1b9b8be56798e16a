export { IdleStreams } from './idle-streams.ts';
export {
  type OpenStreams,
  openRelay,
  type RelayOptions,
  type RunningRelay,
  type StreamsSurroundings,
} from './relay.ts';
export type { AuditLog } from './statements/context.ts';
export type { Streams } from './streams.ts';

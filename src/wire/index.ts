export {
  type AuthPlugin,
  authPlugin,
  type ClientContext,
  type ClientConversation,
  DEFAULT_PLUGIN,
  makeNonce,
  type ServerContext,
  type ServerConversation,
  type ServerStep,
} from './auth/index.ts';
export {
  type Agreement,
  BARE_AGREEMENT,
  Capability,
  ExtendedCapability,
  has,
  ServerStatus,
} from './capabilities.ts';
export {
  CompressedReader,
  CompressedWriter,
  type CompressionAlgorithm,
  PacketReader,
  PacketWriter,
  prepareZstd,
} from './framing/index.ts';
export { HANDSHAKE_LIMITS, MAX_COLUMNS, MAX_FRAME, SESSION_LIMITS, type WireLimits } from './limits.ts';
export * from './packets/index.ts';

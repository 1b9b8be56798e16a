import {
  ChecksumError,
  ConnectionError,
  FormatError,
  ProtocolError,
  SecurityError,
  ServerError,
} from '../../errors/index.ts';
import { ReplicationError } from '../replication-error.ts';

/** Errors of a server that another attempt may be spared: it is full, restarts, or somebody ended the session. */
const passing: ReadonlySet<number> = new Set([
  1040, // ER_CON_COUNT_ERROR
  1041, // ER_OUT_OF_RESOURCES
  1042, // ER_BAD_HOST_ERROR
  1053, // ER_SERVER_SHUTDOWN
  1077, // ER_NORMAL_SHUTDOWN
  1135, // ER_CANT_CREATE_THREAD
  1152, // ER_ABORTING_CONNECTION
  1158, // ER_NET_READ_ERROR
  1159, // ER_NET_READ_INTERRUPTED
  1160, // ER_NET_ERROR_ON_WRITE
  1161, // ER_NET_WRITE_INTERRUPTED
  1184, // ER_NEW_ABORTING_CONNECTION
  1203, // ER_TOO_MANY_USER_CONNECTIONS
  1205, // ER_LOCK_WAIT_TIMEOUT
  1226, // ER_USER_LIMIT_REACHED
  1317, // ER_QUERY_INTERRUPTED
  1927, // ER_CONNECTION_KILLED (MariaDB)
  3024, // ER_QUERY_TIMEOUT
  3032, // ER_SERVER_OFFLINE_MODE: MySQL's own replicas wait for its end, too
  3168, // ER_SERVER_ISNT_AVAILABLE
  3169, // ER_SESSION_WAS_KILLED
  3170, // ER_CAPACITY_EXCEEDED
  4031, // ER_CLIENT_INTERACTION_TIMEOUT
]);

/** Errors on our side of a connection that are the same next time: what the two ends can do does not fit. */
const lasting: ReadonlySet<number> = new Set([
  2007, // CR_VERSION_ERROR
  2047, // CR_CONN_UNKNOW_PROTOCOL
  2059, // CR_AUTH_PLUGIN_CANNOT_LOAD
  2061, // CR_AUTH_PLUGIN_ERR
  2066, // CR_COMPRESSION_WRONGLY_CONFIGURED
]);

const retried: ReadonlySet<string> = new Set<ReplicationError['code']>([
  'REPLICATION_OUT_OF_STEP',
  'REPLICATION_HEARTBEAT',
  'REPLICATION_SILENCE',
]);

/** How OpenSSL words that the two ends do not fit; anything else that breaks a handshake broke the link. */
const misfit =
  /unsupported protocol|no protocols available|no ciphers|no shared cipher|alert (handshake failure|protocol version|insufficient security|unknown ca|access denied|inappropriate fallback|[a-z ]*certificate)/i;

/** A handshake that came to no verdict on certificates may have been cut or damaged on the way. */
function isBrokenHandshake({ code, cause }: SecurityError): boolean {
  return code === 'TLS_HANDSHAKE' && !(cause instanceof Error && misfit.test(cause.message));
}

/**
 * Whether another attempt to read from the source would meet the same error. Bytes that make no sense are tried again: on a link
 * without TLS they may have been damaged on the way, and a source that really sends them soon uses up the attempts.
 */
export function isFinalError(error: unknown): boolean {
  if (error instanceof ServerError) return !passing.has(error.errno);
  if (error instanceof ConnectionError) return lasting.has(error.errno);
  if (error instanceof SecurityError) return !isBrokenHandshake(error);
  if (error instanceof ReplicationError) return !retried.has(error.code);
  return !(error instanceof ChecksumError || error instanceof FormatError || error instanceof ProtocolError);
}

import type { Flavor } from '../../../binlog/index.ts';
import {
  ConnectionError,
  FormatError,
  ProtocolError,
  RowlockError,
  SecurityError,
  ServerError,
} from '../../../errors/index.ts';
import { ReplicationError } from '../../../replication/index.ts';
import { ChannelError } from '../channel-error.ts';
import type { ChannelConfiguration } from '../configuration.ts';
import { LOST_LINK, REGISTRATION, replicaWords } from './replica-words.ts';
import { isNotRegistered, SourceRefusal, stopsChannel } from './source-refusal.ts';

/** What Last_IO_Errno and Last_IO_Error say. */
export interface Failure {
  readonly errno: number;
  readonly message: string;
}

/** ER_SOURCE_FATAL_ERROR_READING_BINLOG, as sources send it. */
const FATAL_READING = 1236;
/** ER_SERVER_SOURCE_FATAL_ERROR_READING_BINLOG: what a MySQL replica makes of it. */
const SERVER_FATAL_READING = 13_114;
/** ER_REPLICA_RELAY_LOG_WRITE_FAILURE */
const RELAY_LOG_WRITE_FAILURE = 1595;
/** ER_REPLICA_FATAL_ERROR and its twin in MySQL's later numbering. */
const FATAL = 1593;
const SERVER_FATAL = 13_117;
const CR_UNKNOWN_ERROR = 2000;

/** Of errors that another attempt cannot change. */
export const fatalErrno = (flavor: Flavor): number => (flavor === 'mysql' ? SERVER_FATAL : FATAL);

/** An attempt failed and another one follows, in the words of a replica of the family. */
export function retryFailure(
  error: unknown,
  configuration: ChannelConfiguration,
  flavor: Flavor,
  attempt: number,
  wasConnected: boolean,
): Failure {
  if (isNotRegistered(error)) {
    const [errno, what] = REGISTRATION[flavor];
    return { errno, message: `${what}: ${error.message} (Errno: ${error.errno})` };
  }
  const cause = error instanceof SourceRefusal ? error.cause : error;
  const message = cause instanceof Error ? replicaWords(cause, flavor) : String(cause);
  return {
    errno: errnoOf(error),
    message: LOST_LINK[flavor]({ configuration, attempt, wasConnected, message }),
  };
}

/** The source is of the family that this relay does not carry. `version`: what it says of itself, where that is known. */
export function otherFamily(flavor: Flavor, version = ''): ChannelError {
  const [ours, theirs, start] =
    flavor === 'mysql' ? ['MySQL', 'MariaDB', 'mariadb'] : ['MariaDB', 'MySQL', 'mysql'];
  return new ChannelError(
    fatalErrno(flavor),
    `Fatal error: the source is ${`${theirs} ${version}`.trim()}, and this relay carries ${ours}'s transactions only: the two are never mixed ` +
      `in one binary log. For this source, start another relay, with --flavor=${start} and a data folder of its own.`,
  );
}

/** The receiver stopped. */
export function receiverFailure(
  error: unknown,
  configuration: ChannelConfiguration,
  flavor: Flavor,
  attempt: number,
  wasConnected: boolean,
): Failure {
  if (error instanceof ChannelError) return { errno: error.errno, message: error.message };
  if (error instanceof ReplicationError && error.code === 'REPLICATION_GAVE_UP') {
    return retryFailure(error.cause, configuration, flavor, configuration.sourceRetryCount, wasConnected);
  }
  if (error instanceof ServerError && error.errno === FATAL_READING) {
    return {
      errno: flavor === 'mysql' ? SERVER_FATAL_READING : FATAL_READING,
      message: `Got fatal error 1236 from ${flavor === 'mysql' ? 'source' : 'master'} when reading data from binary log: '${error.message}'`,
    };
  }
  if (error instanceof ServerError || error instanceof SecurityError || error instanceof ConnectionError) {
    // The one attempt there was, or what no attempt changes.
    const wasLost = wasConnected && !stopsChannel(error);
    return retryFailure(error, configuration, flavor, Math.max(1, attempt), wasLost);
  }
  if (error instanceof ReplicationError && error.code === 'REPLICATION_OTHER_FAMILY') {
    return receiverFailure(otherFamily(flavor), configuration, flavor, attempt, wasConnected);
  }
  if (error instanceof ReplicationError || error instanceof FormatError || error instanceof ProtocolError) {
    return {
      errno: fatalErrno(flavor),
      message: `The replica I/O thread stops because of a fatal error: ${error.describe()}`,
    };
  }
  if (error instanceof RowlockError && error.code.startsWith('STORE_')) {
    const hint = error.hint === undefined ? '' : ` ${error.hint}`;
    return {
      errno: RELAY_LOG_WRITE_FAILURE,
      message: `Relay log write failure: ${error.describe()}.${hint}`,
    };
  }
  return { errno: fatalErrno(flavor), message: `Fatal error: ${messageOf(error)}` };
}

function errnoOf(error: unknown): number {
  if (
    error instanceof ServerError ||
    error instanceof ConnectionError ||
    error instanceof SecurityError ||
    error instanceof ReplicationError
  ) {
    return error.errno;
  }
  return CR_UNKNOWN_ERROR;
}

function messageOf(error: unknown): string {
  if (error instanceof RowlockError && error.hint !== undefined) return `${error.message}. ${error.hint}`;
  return error instanceof Error ? error.message : String(error);
}

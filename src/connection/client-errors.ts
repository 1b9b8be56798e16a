import { constants } from 'node:os';
import { ConnectionError } from '../errors/index.ts';

/** Error numbers of the client library (`errmsg.h`). */
export const ClientErrno = {
  CR_CONNECTION_ERROR: 2002,
  CR_CONN_HOST_ERROR: 2003,
  CR_UNKNOWN_HOST: 2005,
  CR_VERSION_ERROR: 2007,
  CR_SERVER_HANDSHAKE_ERR: 2012,
  CR_SERVER_LOST: 2013,
  CR_MALFORMED_PACKET: 2027,
  CR_CONN_UNKNOW_PROTOCOL: 2047,
  CR_SERVER_LOST_EXTENDED: 2055,
  CR_AUTH_PLUGIN_CANNOT_LOAD: 2059,
  CR_AUTH_PLUGIN_ERR: 2061,
  CR_COMPRESSION_WRONGLY_CONFIGURED: 2066,
} as const;

/** The positive number the operating system gives an error: 111 for ECONNREFUSED. 0 where it has none. */
export function systemErrno(error: unknown): number {
  const { errno, code } = (error ?? {}) as NodeJS.ErrnoException;
  if (typeof errno === 'number' && errno < 0) return -errno;
  const known: Readonly<Record<string, number>> = constants.errno;
  return (code === undefined ? undefined : known[code]) ?? 0;
}

/** Where in a conversation the other end was lost, as the client library words it. */
export type Phase =
  | 'reading initial communication packet'
  | 'sending connection information to server'
  | 'sending authentication information'
  | 'reading authorization packet';

/** The connection ended while it was being set up. */
export function lostWhile(phase: Phase, cause: unknown, hints: readonly string[] = []): ConnectionError {
  const message = `Lost connection to MySQL server at '${phase}', system error: ${systemErrno(cause)}`;
  return new ConnectionError(ClientErrno.CR_SERVER_LOST, message, {
    code: 'CONNECTION_LOST',
    ...(cause === undefined ? {} : { cause }),
    ...(hints.length === 0 ? {} : { hint: hints.join('\n') }),
  });
}

/** The connection ended in the middle of a command. */
export function lostDuringQuery(cause: unknown): ConnectionError {
  return new ConnectionError(ClientErrno.CR_SERVER_LOST, 'Lost connection to MySQL server during query', {
    code: 'CONNECTION_LOST',
    ...(cause === undefined ? {} : { cause }),
  });
}

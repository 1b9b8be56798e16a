import { lookup } from 'node:dns/promises';
import { connect, isIP, type NetConnectOpts, type Socket } from 'node:net';
import { platform } from 'node:os';
import { ConnectionError, UsageError } from '../../errors/index.ts';
import { ClientErrno, systemErrno } from '../client-errors.ts';
import { withZone } from './address-zone.ts';

/** Where a server listens: a host and port, or a local socket (on Windows a pipe). */
export interface Target {
  /** As the user typed it. Default `localhost`; unused with `socketPath`. */
  readonly host?: string;
  /** Default 3306. */
  readonly port?: number;
  readonly socketPath?: string;
  /** Local address, or a name of it, to connect from. */
  readonly bindAddress?: string;
}

/** Keeps a silent link open in middleboxes and finds out when the other end is gone. */
const KEEP_ALIVE_MS = 60_000;
/**
 * Of several addresses of a host, how long each but the last is tried. Node's own limit, 250 ms, is less than a packet needs to some places
 * and back: the only server that answers would not be waited for.
 */
const ADDRESS_TIMEOUT_MS = 3000;

/**
 * Connects. The socket comes back paused, with Nagle's algorithm off.
 *
 * @throws ConnectionError in the client library's words
 */
export async function openSocket(target: Target, timeoutMs: number, signal?: AbortSignal): Promise<Socket> {
  signal?.throwIfAborted();
  const { host = 'localhost', port = 3306, socketPath, bindAddress } = target;
  refuseLongPath(target);
  if (port < 0 || port > 65_535) throw new UsageError(`port ${port} is not between 0 and 65535`);
  const where: NetConnectOpts =
    socketPath === undefined
      ? {
          host: zoned(host, target),
          port,
          autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
          ...(bindAddress === undefined ? {} : await boundTo(bindAddress, target)),
        }
      : { path: socketPath };
  signal?.throwIfAborted();
  const socket = connect(where);
  const timer = timeoutMs > 0 ? setTimeout(() => socket.destroy(timedOut()), timeoutMs) : undefined;
  const onAbort = (): void => {
    socket.destroy(signal?.reason as Error);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
      socket.once('close', () => reject(signal?.reason as Error));
    });
  } catch (cause) {
    if (signal?.aborted === true) throw signal.reason;
    throw failure(target, cause);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
  socket.removeAllListeners();
  socket.pause().setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
  return socket;
}

/** Bytes of `sun_path` before its zero. */
const PATH_BYTES: Partial<Readonly<Record<NodeJS.Platform, number>>> = { linux: 107, darwin: 103 };

/**
 * No server listens on a longer path. The client libraries would cut it off, and so did Node's library until 22: there is seldom anything,
 * and if so, somebody else's.
 *
 * @throws ConnectionError as for a path that is not there
 */
function refuseLongPath(target: Target): void {
  const most = PATH_BYTES[platform()] ?? Number.POSITIVE_INFINITY;
  if (Buffer.byteLength(target.socketPath ?? '') <= most) return;
  throw failure(target, Object.assign(new Error(`the path has more than ${most} bytes`), { code: 'ENOENT' }));
}

/** @throws ConnectionError for a zone that is none, as for a name that nobody has */
function zoned(host: string, target: Target): string {
  try {
    return withZone(host);
  } catch (cause) {
    throw failure(target, cause);
  }
}

/** Where to connect from; only addresses of the host that are of the same family can be reached from there. */
async function boundTo(
  bindAddress: string,
  target: Target,
): Promise<{ localAddress: string; family: number }> {
  const wanted = isIP(target.host ?? '');
  const literal = isIP(bindAddress);
  const localAddress = zoned(bindAddress, { ...target, host: bindAddress });
  if (literal !== 0) {
    if (wanted !== 0 && wanted !== literal)
      throw failure(target, Object.assign(new Error('of another family'), { code: 'EAFNOSUPPORT' }));
    return { localAddress, family: literal };
  }
  try {
    // Node takes no name for the local host.
    if (bindAddress === '') throw Object.assign(new Error('no name'), { code: 'ENOTFOUND' });
    const { address, family } = await lookup(bindAddress, { family: wanted });
    return { localAddress: address, family };
  } catch (cause) {
    throw failure({ ...target, host: bindAddress }, cause);
  }
}

function timedOut(): Error {
  return Object.assign(new Error('connection timed out'), { code: 'ETIMEDOUT' });
}

/** getaddrinfo's numbers for the failures Node names by code. */
const RESOLVER: Readonly<Record<string, number>> = { ENOTFOUND: -2, EAI_AGAIN: -3, EAI_FAIL: -4 };

/** As much of a name as the client libraries' messages hold. */
const NAMED_CHARACTERS = 100;

function failure(
  { host: whole = 'localhost', port = 3306, ...target }: Target,
  cause: unknown,
): ConnectionError {
  const host = whole.slice(0, NAMED_CHARACTERS);
  const socketPath = target.socketPath?.slice(0, NAMED_CHARACTERS);
  const { code = '', syscall } = cause as NodeJS.ErrnoException;
  if (socketPath !== undefined) {
    const message = `Can't connect to local MySQL server through socket '${socketPath}' (${systemErrno(cause)})`;
    return new ConnectionError(ClientErrno.CR_CONNECTION_ERROR, message, {
      cause,
      context: { host: socketPath },
    });
  }
  // What no name can be, too long a one for example, has codes of its own in Node.
  const resolver = RESOLVER[code] ?? (syscall === 'getaddrinfo' ? RESOLVER['ENOTFOUND'] : undefined);
  if (resolver !== undefined) {
    const message = `Unknown MySQL server host '${host}' (${resolver})`;
    return new ConnectionError(ClientErrno.CR_UNKNOWN_HOST, message, { cause, context: { host } });
  }
  const message = `Can't connect to MySQL server on '${host}:${port}' (${systemErrno(cause)})`;
  return new ConnectionError(ClientErrno.CR_CONN_HOST_ERROR, message, { cause, context: { host } });
}

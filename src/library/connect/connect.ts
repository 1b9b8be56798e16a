import { type Connection, type ConnectOptions, connect as open } from '../../connection/index.ts';
import type { TlsPeer } from '../../tls/index.ts';
import { Stream } from '../stream/stream.ts';
import type { StreamOptions } from '../stream/stream-options.ts';
import { checkConnection } from './check-connection.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { withOptionNames } from './option-words.ts';
import { ServerColumns } from './server-columns.ts';

/** Longest silence of a server that was asked something. Streams have a timeout of their own. */
const ANSWER_TIMEOUT_MS = 60_000;

/** The options as the connection room takes them. @throws UsageError for what a type checker would not have let pass */
function connectOptionsOf(options: ConnectionOptions): ConnectOptions {
  checkConnection(options);
  const { password, ...rest } = options;
  return {
    readTimeoutMs: ANSWER_TIMEOUT_MS,
    ...rest,
    ...(password === undefined ? {} : { passwords: typeof password === 'string' ? [password] : password }),
  };
}

/** A server that can be read from. Made by {@link connect}. */
export class Source {
  /** `9.7.4`, `11.8.6-MariaDB-log`. */
  readonly version: string;
  /** How the conversation is protected; undefined: it is not. */
  readonly tls: TlsPeer | undefined;
  readonly #options: ConnectOptions;
  readonly #columns: ServerColumns;

  /** Use {@link connect}. */
  constructor(options: ConnectOptions, connection: Connection) {
    this.#options = options;
    this.#columns = new ServerColumns(options, connection);
    this.version = connection.serverVersion;
    this.tls = connection.tls;
  }

  /** Follows the server's log. Every stream has a connection of its own. */
  stream(options: StreamOptions): Stream {
    const signals = [this.#options.signal, options.signal].filter((signal) => signal !== undefined);
    const ended = signals.length === 0 ? {} : { signal: AbortSignal.any(signals) };
    return new Stream(this.#options, { ...options, ...ended }, this.#columns, false);
  }

  /** Ends the conversation that answers questions about tables. Streams go on, and ask in a new one. */
  async close(): Promise<void> {
    await this.#columns.close();
  }
}

/**
 * Connects to a server: at once, so that a wrong password, an untrusted certificate or a wrong name show here.
 *
 *     const source = await connect({ host: 'db1', user: 'cdc', password, ssl: { sslMode: 'VERIFY_IDENTITY', sslCa: 'ca.pem' } });
 *     for await (const change of source.stream({ start: 'now' }).changes()) console.log(change.table, change.after);
 *
 * `signal` gives up the attempt, and ends the conversation and its streams later.
 *
 * @throws ConnectionError no server, or it went away; SecurityError a promise about TLS could not be kept; ServerError the server
 *   refused
 */
export async function connect(options: ConnectionOptions): Promise<Source> {
  const settings = connectOptionsOf(options);
  try {
    return new Source(settings, await open(settings));
  } catch (error) {
    throw withOptionNames(error);
  }
}

/**
 * Follows a server's log, in one call: connects when the first event is asked for.
 *
 *     for await (const change of stream({ host: 'db1', user: 'cdc', password, start: stored ?? 'now' }).changes()) …
 */
export function stream(options: ConnectionOptions & StreamOptions): Stream {
  const settings = connectOptionsOf(options);
  return new Stream(settings, options, new ServerColumns(settings), true);
}

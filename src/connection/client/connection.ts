import { ConnectionError, UsageError } from '../../errors/index.ts';
import type { TlsPeer } from '../../tls/index.ts';
import {
  type BinlogDump,
  type BinlogDumpGtid,
  bareCommand,
  binlogDump,
  binlogDumpGtid,
  Command,
  type CompressionAlgorithm,
  type PacketDefinition,
  query,
  type RegisterSlave,
  registerSlave,
  setOption,
} from '../../wire/index.ts';
import { lostDuringQuery } from '../client-errors.ts';
import type { PacketChannel } from '../packets/packet-channel.ts';
import { EventStream } from './event-stream.ts';
import { Pipeline } from './pipeline.ts';
import { type Outcome, type ResultSet, type Row, readOutcome, readResultSet } from './query.ts';
import { streamResults, streamRows } from './streamed-results.ts';

/** What the login came to. */
export interface ConnectionFacts {
  /** As the server greets, without MariaDB's `5.5.5-`. It came before TLS: ask `SELECT VERSION()` where it matters. */
  readonly serverVersion: string;
  readonly connectionId: number;
  readonly capabilities: number;
  /** Undefined: a plain conversation. */
  readonly tls: TlsPeer | undefined;
  readonly compression: CompressionAlgorithm | undefined;
  readonly signal: AbortSignal | undefined;
}

/** A dump: by file and position, or by GTID set. `semisync`: the connection asked for semi-synchronous events before. */
export type DumpRequest = { readonly semisync?: boolean } & (
  | ({ readonly kind: 'position' } & BinlogDump)
  | ({ readonly kind: 'gtid' } & BinlogDumpGtid)
);

/**
 * A conversation with a server, from the login to the goodbye. One thing at a time: a command while another is under way is a
 * {@link UsageError}. After an error of the connection itself it cannot be used again; after a ServerError it can.
 */
export class Connection {
  readonly serverVersion: string;
  readonly connectionId: number;
  readonly capabilities: number;
  readonly tls: TlsPeer | undefined;
  readonly compression: CompressionAlgorithm | undefined;
  readonly #channel: PacketChannel;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.destroy(this.#signal?.reason as Error);
  #busy: string | undefined;

  constructor(channel: PacketChannel, facts: ConnectionFacts) {
    this.#channel = channel;
    this.serverVersion = facts.serverVersion;
    this.connectionId = facts.connectionId;
    this.capabilities = facts.capabilities;
    this.tls = facts.tls;
    this.compression = facts.compression;
    this.#signal = facts.signal;
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
    channel.socket.once('close', () => this.#signal?.removeEventListener('abort', this.#onAbort));
  }

  /** Runs a statement and collects its rows. */
  async query(statement: string): Promise<ResultSet> {
    return this.queryBytes(Buffer.from(statement));
  }

  /** The first column of the first row as text; undefined where there is no row, null for NULL. */
  async value(statement: string): Promise<string | null | undefined> {
    const { rows } = await this.query(statement);
    const value = rows[0]?.[0];
    return value == null ? value : value.toString();
  }

  /** Runs a statement and hands out its rows as they arrive. Leaving the loop early reads the rest and drops it. */
  stream(statement: string): AsyncGenerator<Row, Outcome> {
    return this.#streamed('stream', Buffer.from(statement), streamRows);
  }

  /**
   * As {@link query}, for bytes that are a statement in whatever `character_set_client` is. After {@link allowSeveral} it may be several
   * statements with semicolons between: the first that fails ends them.
   */
  async queryBytes(statement: Uint8Array): Promise<ResultSet> {
    return this.#exclusive('query', async () => {
      this.#send(query, { attributes: [], statement: Buffer.from(statement) });
      return readResultSet(this.#channel);
    });
  }

  /**
   * As {@link queryBytes}, with every result that comes of it, as CALL has several. Leaving the loop early reads the rest and drops it.
   */
  results(statement: Uint8Array): AsyncGenerator<ResultSet, void> {
    return this.#streamed('query', statement, streamResults);
  }

  /** COM_SET_OPTION: whether a command may hold several statements. */
  async allowSeveral(allowed: boolean): Promise<void> {
    await this.#exclusive('option', async () => {
      this.#send(setOption, { option: allowed ? 0 : 1 });
      await this.#channel.next();
      this.#channel.throwIfError();
    });
  }

  /** Sends statements ahead of the answers, until the pipeline is ended. Not on a compressed connection. */
  pipeline(): Pipeline {
    if (this.compression !== undefined) throw new UsageError('a compressed connection has no pipeline');
    this.#occupy('pipeline');
    return new Pipeline(this.#channel, (error) => {
      if (error === undefined) this.#busy = undefined;
      return this.#lost(error);
    });
  }

  /** COM_PING. */
  async ping(): Promise<void> {
    await this.#exclusive('ping', async () => {
      this.#sendBytes(bareCommand(Command.COM_PING));
      await readOutcome(this.#channel);
    });
  }

  /** COM_RESET_CONNECTION: the session as it was after the login. */
  async reset(): Promise<void> {
    await this.#exclusive('reset', async () => {
      this.#sendBytes(bareCommand(Command.COM_RESET_CONNECTION));
      await readOutcome(this.#channel);
    });
  }

  /** COM_REGISTER_SLAVE: shows up in SHOW REPLICAS. */
  async registerReplica(replica: RegisterSlave): Promise<void> {
    await this.#exclusive('register', async () => {
      this.#send(registerSlave, replica);
      await readOutcome(this.#channel);
    });
  }

  /**
   * Asks for the log. The server's refusal comes with the first step of the stream. It is the last command of a conversation: the
   * servers hang up behind it.
   */
  dump(request: DumpRequest): EventStream {
    this.#occupy('dump');
    this.#channel.expectMuch();
    if (request.kind === 'gtid') this.#send(binlogDumpGtid, request);
    else this.#send(binlogDump, request);
    return new EventStream(this.#channel, request.semisync === true);
  }

  /** Longest silence of the server from now on, in milliseconds; 0 waits for ever. */
  setReadTimeout(milliseconds: number): void {
    this.#channel.setReadTimeout(milliseconds);
  }

  /** Whether an open conversation keeps the process from ending. It does, unless told otherwise. */
  keepProcess(keeps: boolean): void {
    this.#channel.socket[keeps ? 'ref' : 'unref']();
  }

  /** The session of this TLS connection, to resume later with; undefined on a plain one, or when the server gave none yet. */
  get tlsSession(): Buffer | undefined {
    const { socket } = this.#channel;
    return 'getSession' in socket ? (socket as { getSession(): Buffer | undefined }).getSession() : undefined;
  }

  /** Says goodbye (COM_QUIT) and waits until the socket is closed. */
  async close(): Promise<void> {
    const { socket } = this.#channel;
    if (socket.destroyed) return;
    this.keepProcess(true);
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
    });
    if (this.#busy === undefined) {
      this.#sendBytes(bareCommand(Command.COM_QUIT));
      socket.end();
      // A peer that never closes its side is not waited for.
      setTimeout(() => socket.destroy(), GOODBYE_MS).unref();
    } else {
      socket.destroy();
    }
    await closed;
  }

  /** Drops the connection at once; whoever waits gets `reason`. */
  destroy(reason?: Error): void {
    this.#channel.destroy(reason);
  }

  #occupy(what: string): void {
    if (this.#busy !== undefined)
      throw new UsageError(`${what} while a ${this.#busy} is under way on the same connection`);
    this.#busy = what;
  }

  async #exclusive<T>(what: string, run: () => Promise<T>): Promise<T> {
    this.#occupy(what);
    try {
      return await run();
    } catch (error) {
      throw this.#lost(error);
    } finally {
      this.#busy = undefined;
    }
  }

  async *#streamed<Step, End>(
    what: string,
    statement: Uint8Array,
    read: (channel: PacketChannel) => AsyncGenerator<Step, End>,
  ): AsyncGenerator<Step, End> {
    this.#occupy(what);
    try {
      this.#send(query, { attributes: [], statement: Buffer.from(statement) });
      return yield* read(this.#channel);
    } catch (error) {
      throw this.#lost(error);
    } finally {
      this.#busy = undefined;
    }
  }

  #lost(error: unknown): unknown {
    if (this.#signal?.aborted === true) return this.#signal.reason;
    if (error instanceof ConnectionError && error.code === 'CONNECTION_CLOSED')
      return lostDuringQuery(undefined);
    return error instanceof Error && 'code' in error && !('context' in error)
      ? lostDuringQuery(error)
      : error;
  }

  #send<P>(definition: PacketDefinition<P>, packet: P): void {
    this.#channel.restart();
    this.#channel.put(definition, packet);
    this.#channel.flush();
  }

  #sendBytes(payload: Buffer): void {
    this.#channel.restart();
    this.#channel.putBytes(payload);
    this.#channel.flush();
  }
}

const GOODBYE_MS = 1000;

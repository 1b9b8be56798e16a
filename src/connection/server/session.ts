import { ConnectionError, ProtocolError, UsageError } from '../../errors/index.ts';
import {
  Command,
  column,
  eof,
  err,
  type Ok,
  ok,
  type PacketDefinition,
  PLAIN_OK,
  query,
  readPacket,
  ServerStatus,
  textColumn,
  textRow,
} from '../../wire/index.ts';
import type { PacketChannel } from '../packets/packet-channel.ts';
import type { Applicant, Refusal, Verifier } from './account.ts';
import { EventSender } from './event-sender.ts';

/** What a login came to, seen from the server. */
export interface SessionFacts {
  readonly connectionId: number;
  readonly applicant: Applicant;
  readonly capabilities: number;
  /** Logs somebody else in, see {@link Session.changeUser}. */
  readonly relogin?: (command: Buffer, verifier: Verifier) => Promise<Applicant>;
}

/** A command as it came. */
export interface ReceivedCommand {
  /** A `Command`. */
  readonly code: number;
  /** The whole packet, owned. Give it to `readPacket` with the definition of the command. */
  readonly payload: Buffer;
}

/** Packets gathered before they are sent, in bytes: one write for many small events. */
const SEND_BLOCK = 64 * 1024;

/** The server's side of a conversation, after the login: hear a command, answer it. */
export class Session {
  readonly connectionId: number;
  applicant: Applicant;
  readonly capabilities: number;
  readonly #relogin: SessionFacts['relogin'];
  readonly #channel: PacketChannel;
  #events: EventSender | undefined;

  constructor(channel: PacketChannel, facts: SessionFacts) {
    this.#channel = channel;
    this.connectionId = facts.connectionId;
    this.applicant = facts.applicant;
    this.capabilities = facts.capabilities;
    this.#relogin = facts.relogin;
  }

  /** The next command; undefined when the client says goodbye or goes away between commands. */
  async command(): Promise<ReceivedCommand | undefined> {
    const channel = this.#channel;
    channel.restart();
    try {
      await channel.next();
    } catch (error) {
      if (error instanceof ConnectionError) return undefined;
      throw error;
    }
    const payload = channel.copy();
    const [code] = payload;
    if (code === undefined) throw new ProtocolError('an empty command', { code: 'PROTOCOL_COMMAND' });
    return code === Command.COM_QUIT ? undefined : { code, payload };
  }

  /** The character sets of names and messages from here on, in and out; undefined: UTF-8. */
  speak(clientCharset: string | undefined, resultsCharset: string | undefined): void {
    const { agreed } = this.#channel;
    if (agreed.clientCharset === clientCharset && agreed.resultsCharset === resultsCharset) return;
    this.#channel.agreed = { ...agreed, clientCharset, resultsCharset };
  }

  /** The text of a COM_QUERY, as it came: it may be no UTF-8. */
  statement({ payload }: ReceivedCommand): Buffer {
    return readPacket(query, this.#channel.agreed, payload).statement;
  }

  /**
   * COM_CHANGE_USER: authenticates again. The OK that follows is the caller's.
   *
   * @throws ServerError the client is refused; {@link send} tells it so
   */
  async changeUser({ payload }: ReceivedCommand, verifier: Verifier): Promise<Applicant> {
    if (this.#relogin === undefined) throw new UsageError('a session without a login');
    const applicant = await this.#relogin(payload, verifier);
    this.applicant = applicant;
    return applicant;
  }

  /** The command as the packet it is. @throws ProtocolError it is not */
  read<P>(definition: PacketDefinition<P>, { payload }: ReceivedCommand): P {
    return readPacket(definition, this.#channel.agreed, payload);
  }

  /** Adds a packet to the answer; {@link send} sends what was added. */
  put<P>(definition: PacketDefinition<P>, packet: P): void {
    this.#channel.put(definition, packet);
  }

  /** As {@link put}, with the bytes of a payload. */
  putBytes(payload: Uint8Array): void {
    this.#channel.putBytes(payload);
  }

  /** Bytes added and not sent yet. */
  get pending(): number {
    return this.#channel.writer.length;
  }

  /** Sends what was added and waits until the client has taken enough of it. */
  async send(): Promise<void> {
    await this.#sent();
  }

  /** Largest packet taken from the client from here on, in bytes. */
  limitPackets(bytes: number): void {
    this.#channel.reader.limits = { packet: bytes };
  }

  /** Answers: done. */
  async ok(details: Partial<Ok> = {}): Promise<void> {
    this.#channel.put(ok, { ...PLAIN_OK, ...details });
    await this.#sent();
  }

  /** Answers: no. */
  async error({ errno, sqlState, message }: Refusal): Promise<void> {
    this.#channel.put(err, { errno, sqlState, message });
    await this.#sent();
  }

  /** Answers with rows of text; null is NULL. */
  async rows(columns: readonly string[], rows: Iterable<readonly (string | Buffer | null)[]>): Promise<void> {
    const channel = this.#channel;
    const end = { warnings: 0, status: ServerStatus.AUTOCOMMIT };
    const count = Buffer.from(
      columns.length < 251 ? [columns.length] : [252, columns.length & 255, columns.length >> 8],
    );
    channel.putBytes(count);
    for (const name of columns) channel.put(column, textColumn(name));
    channel.put(eof, end);
    const definition = textRow(columns.length);
    for (const row of rows) {
      if (row.length !== columns.length)
        throw new UsageError(`a row of ${row.length} values for ${columns.length} columns`);
      channel.put(
        definition,
        row.map((value) => (typeof value === 'string' ? Buffer.from(value) : value)),
      );
      if (channel.writer.length >= SEND_BLOCK) await this.#sent();
    }
    channel.put(eof, end);
    await this.#sent();
  }

  /** Begins the answer to a dump command: events follow, with the semi-synchronous header if asked for. */
  beginDump(semisync: boolean): void {
    this.#events = new EventSender(this.#channel, semisync);
  }

  /**
   * Adds an event, the bytes of `source[start, end)`. Events gather until there are many or {@link flushEvents} is called.
   * Resolved at once unless the client reads slower than this writes: undefined then, to save the wait.
   */
  event(
    source: Buffer,
    start = 0,
    end: number = source.length,
    ackWanted = false,
  ): Promise<void> | undefined {
    this.#events ??= new EventSender(this.#channel, false);
    return this.#events.add(source, start, end, ackWanted);
  }

  /** Sends the events gathered so far. */
  flushEvents(): Promise<void> | undefined {
    return this.#events?.flush();
  }

  /** Ends a dump in order: nothing more to send. */
  async endDump(): Promise<void> {
    this.#channel.put(eof, { warnings: 0, status: 0 });
    await this.#sent();
  }

  /** A packet the client sent during a dump (a semi-synchronous acknowledgement), if one is here. */
  incoming(): Buffer | undefined {
    const { reader } = this.#channel;
    const outgoing = reader.expected;
    reader.expected = 0;
    const packet = this.#channel.step() ? this.#channel.copy() : undefined;
    reader.expected = outgoing;
    return packet;
  }

  /** Waits until the client sent something during a dump; false: it went away. */
  async heard(): Promise<boolean> {
    return this.#channel.wait().catch(() => false);
  }

  /** Ends the conversation. */
  close(): void {
    const { socket } = this.#channel;
    socket.end(() => socket.destroy());
  }

  /** Drops the connection at once. */
  destroy(): void {
    this.#channel.destroy();
  }

  async #sent(): Promise<void> {
    await this.#events?.flush();
    if (!this.#channel.flush()) await this.#channel.drained();
  }
}

import type { Socket } from 'node:net';
import { ConnectionError, ProtocolError, ServerError } from '../../errors/index.ts';
import {
  type Agreement,
  BARE_AGREEMENT,
  CompressedReader,
  CompressedWriter,
  type CompressionAlgorithm,
  ERR,
  err,
  HANDSHAKE_LIMITS,
  type PacketDefinition,
  PacketReader,
  PacketWriter,
  readPacket,
} from '../../wire/index.ts';
import { ClientErrno } from '../client-errors.ts';
import { Arrivals } from './arrivals.ts';

/**
 * Packets over a socket, both directions, for either end.
 *
 * {@link step} moves to the next packet that is already here, without allocation; {@link wait} waits for more. A packet is
 * `reader.bytes[reader.start, reader.end)`, borrowed until the next step. Unread bytes are bounded: the socket is paused while
 * nobody reads.
 */
export class PacketChannel {
  readonly reader: PacketReader = new PacketReader(HANDSHAKE_LIMITS);
  readonly writer: PacketWriter = new PacketWriter();
  /** How packets are laid out from here on. */
  agreed: Agreement = BARE_AGREEMENT;
  socket: Socket;

  readonly #arrivals = new Arrivals();
  #inflater: CompressedReader | undefined;
  #deflater: CompressedWriter | undefined;
  readonly #onData = (chunk: Buffer): void => this.#receive(chunk);
  readonly #onEnd = (): void => this.#arrivals.end(undefined);
  readonly #onError = (error: Error): void => this.#arrivals.end(error);
  readonly #onTimeout = (): void => {
    this.socket.destroy(Object.assign(new Error('nothing arrived in time'), { code: 'ETIMEDOUT' }));
  };

  constructor(socket: Socket) {
    this.socket = socket;
    this.#listen();
  }

  /** Fails the conversation when nothing arrives for so long; 0 waits for ever. */
  setReadTimeout(milliseconds: number): void {
    this.socket.setTimeout(milliseconds);
  }

  /** Moves to the next packet among the bytes that are here. */
  step(): boolean {
    while (!this.reader.next()) {
      if (!this.#arrivals.feed(this.reader, this.socket)) return false;
      this.#unpack();
    }
    return true;
  }

  /** Waits for more bytes: true when some came, false when the other end closed. Throws what broke the connection. */
  wait(): Promise<boolean> {
    return this.#arrivals.wait();
  }

  /** Moves to the next packet. */
  async next(): Promise<void> {
    while (!this.step()) {
      if (!(await this.wait())) {
        throw new ConnectionError(ClientErrno.CR_SERVER_LOST, 'the other end closed the connection', {
          code: 'CONNECTION_CLOSED',
        });
      }
    }
  }

  /** First byte of the current packet; -1 when it is empty. */
  get marker(): number {
    const { bytes, start, end } = this.reader;
    return start < end ? bytes[start]! : -1;
  }

  /** Size of the current packet. */
  get size(): number {
    return this.reader.end - this.reader.start;
  }

  /** Reads the current packet. */
  read<P>(definition: PacketDefinition<P>): P {
    return readPacket(definition, this.agreed, this.reader.bytes, this.reader.start, this.reader.end);
  }

  /** A copy of the current packet from `from` on. */
  copy(from = 0): Buffer {
    return Buffer.from(this.reader.bytes.subarray(this.reader.start + from, this.reader.end));
  }

  /** Throws where the current packet is an error of the server. */
  throwIfError(): void {
    if (this.marker !== ERR) return;
    const { errno, sqlState, message } = this.read(err);
    throw new ServerError(errno, sqlState === '' ? 'HY000' : sqlState, message);
  }

  /** Adds a packet to what is sent next. Its number follows the last packet, read or written. */
  put<P>(definition: PacketDefinition<P>, packet: P): void {
    this.writer.sequence = this.reader.expected;
    definition.write(packet, this.writer.begin(), this.agreed);
    this.writer.end();
    this.reader.expected = this.writer.sequence;
  }

  /** As {@link put}, with the bytes of a payload. */
  putBytes(payload: Uint8Array): void {
    this.writer.sequence = this.reader.expected;
    this.writer.packet(payload);
    this.reader.expected = this.writer.sequence;
  }

  /** Starts a command: numbers begin at 0. */
  restart(): void {
    this.reader.expected = 0;
    if (this.#inflater !== undefined) this.#inflater.expected = 0;
    if (this.#deflater !== undefined) this.#deflater.sequence = 0;
  }

  /** Sends what was put; true when the socket takes more without waiting, see {@link drained}. */
  flush(): boolean {
    if (this.writer.length === 0) return true;
    return this.send(this.writer.take());
  }

  /** Sends packets that were framed elsewhere; `sent` is told when nobody reads their bytes any more. */
  send(packets: Buffer, sent?: (error?: Error | null) => void): boolean {
    if (this.#deflater === undefined) return this.socket.write(packets, sent);
    if (this.#inflater !== undefined) this.#deflater.sequence = this.#inflater.expected;
    const wrapped = this.#deflater.wrap(packets);
    if (this.#inflater !== undefined) this.#inflater.expected = this.#deflater.sequence;
    return this.socket.write(wrapped, sent);
  }

  /** Waits until the socket has room again. */
  async drained(): Promise<void> {
    const { socket } = this;
    if (!socket.writableNeedDrain || socket.destroyed) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        socket.off('drain', done).off('close', done);
        resolve();
      };
      socket.on('drain', done).on('close', done);
    });
  }

  /** Gives the socket away for an upgrade: the bytes that came behind the last packet. The channel is deaf until {@link adopt}. */
  release(): Buffer {
    this.#unlisten();
    const rest = Buffer.concat([this.reader.takeRest(), this.#arrivals.takeAll()]);
    if (!this.reader.idle)
      throw new ProtocolError('half a packet before the TLS handshake', { code: 'PROTOCOL_INJECTED' });
    return rest;
  }

  /** Goes on over another socket. */
  adopt(socket: Socket): void {
    this.socket = socket;
    this.#listen();
  }

  /** Compresses everything from here on. The packets inside keep numbers, but nobody checks them: the outer ones count. */
  compress(algorithm: CompressionAlgorithm, level?: number): void {
    this.#inflater = new CompressedReader(algorithm);
    this.#deflater = new CompressedWriter(algorithm, level);
    this.reader.checkSequence = false;
  }

  /** Much is about to come: from here on, what arrives is written into memory of our own. */
  expectMuch(): void {
    // What is compressed arrives small, and unpacking allocates.
    if (this.#inflater === undefined) this.#arrivals.readInto(this.socket);
  }

  /** Ends the connection at once. Whoever waits is told `reason`, or that the other end closed. */
  destroy(reason?: Error): void {
    this.#arrivals.end(reason);
    this.socket.destroy();
  }

  #receive(chunk: Buffer): void {
    if (this.#inflater === undefined) this.#arrivals.add(chunk, this.socket);
    else {
      this.#inflater.push(chunk);
      this.#unpack();
    }
  }

  /** As much of what is compressed as somebody should have in front of him. The rest waits as it came, and the socket with it. */
  #unpack(): void {
    const inflater = this.#inflater;
    const arrivals = this.#arrivals;
    if (inflater === undefined) return;
    try {
      while (!arrivals.isFull) {
        const piece = inflater.next();
        if (piece === undefined) return;
        arrivals.add(piece, this.socket);
      }
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  #listen(): void {
    this.socket
      .on('data', this.#onData)
      .on('error', this.#onError)
      .on('end', this.#onEnd)
      .on('close', this.#onEnd)
      .on('timeout', this.#onTimeout)
      .resume();
  }

  #unlisten(): void {
    this.socket
      .off('data', this.#onData)
      .off('error', this.#onError)
      .off('end', this.#onEnd)
      .off('close', this.#onEnd)
      .off('timeout', this.#onTimeout)
      .pause();
  }
}

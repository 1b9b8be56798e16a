import type { Socket } from 'node:net';
import type { PacketReader } from '../../wire/index.ts';
import { readInto } from './read-into.ts';
import { UnreadBytes } from './unread-bytes.ts';

/** Reading stops above this many bytes that nobody has asked for yet, and goes on below half of it. */
const UNREAD_LIMIT = 1024 * 1024;

/**
 * A TLS record that is full is followed by another at once: whoever waits is woken when all that is here has been unpacked, or so much
 * that a processor's cache still holds it. That saves the steps from promise to promise for most records. What is smaller wakes without
 * delay.
 */
const RECORD_BYTES = 16 * 1024;
const BATCH_BYTES = 128 * 1024;

const MORE: Promise<boolean> = Promise.resolve(true);
const NO_MORE: Promise<boolean> = Promise.resolve(false);

/** What comes over a socket: bytes, its end, what broke it. And one who waits for that. The socket is paused while too much is unread. */
export class Arrivals {
  readonly #unread = new UnreadBytes();
  #ended = false;
  #failure: Error | undefined;
  #waiting:
    | { readonly resolve: (more: boolean) => void; readonly reject: (error: Error) => void }
    | undefined;
  #soon: NodeJS.Immediate | undefined;
  readonly #onSoon = (): void => {
    this.#soon = undefined;
    this.#wakeUp();
  };

  /** Whether so much is unread that the socket is paused. */
  get isFull(): boolean {
    return this.#unread.length > UNREAD_LIMIT;
  }

  /** Takes a chunk, which is ours from now on. */
  add(chunk: Buffer, socket: Socket): void {
    this.#unread.add(chunk);
    this.#received(chunk.length, socket);
  }

  /** From here on the socket writes into memory of ours, where Node can do that. */
  readInto(socket: Socket): void {
    readInto(
      socket,
      () => this.#unread.room(),
      (count) => {
        this.#unread.grow(count);
        this.#received(count, socket);
      },
    );
  }

  /** Nothing comes any more: the other end closed, or `error`. */
  end(error: Error | undefined): void {
    this.#ended = true;
    this.#failure ??= error;
    this.#wakeUp();
  }

  /** Gives the reader, which has used up what it had, the next bytes; false where there are none. */
  feed(reader: PacketReader, socket: Socket): boolean {
    if (!this.#unread.feed(reader)) return false;
    if (this.#unread.length < UNREAD_LIMIT / 2 && socket.isPaused()) socket.resume();
    return true;
  }

  /** Waits for bytes: true when some came, false when the other end closed. Throws what broke the connection. */
  wait(): Promise<boolean> {
    if (this.#unread.length > 0) return MORE;
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#ended) return NO_MORE;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** All that is unread, as a copy. */
  takeAll(): Buffer {
    return this.#unread.take();
  }

  #received(count: number, socket: Socket): void {
    if (count === 0) return;
    if (this.isFull) socket.pause();
    if (count < RECORD_BYTES || this.#unread.length >= BATCH_BYTES) this.#wakeUp();
    else if (this.#waiting !== undefined && this.#soon === undefined) this.#soon = setImmediate(this.#onSoon);
  }

  #wakeUp(): void {
    const waiting = this.#waiting;
    // Who was to be woken soon may have been woken before, and be waiting again.
    if (waiting === undefined || (this.#unread.length === 0 && !this.#ended)) return;
    this.#waiting = undefined;
    if (this.#unread.length > 0) waiting.resolve(true);
    else if (this.#failure !== undefined) waiting.reject(this.#failure);
    else waiting.resolve(false);
  }
}

import { ProtocolError } from '../../errors/index.ts';
import { MAX_FRAME, type WireLimits } from '../limits.ts';

const HEADER = 4;
const ERR = 0xff;
/** The joining buffer starts here and doubles as bytes arrive: an announced length alone never allocates. */
const FIRST_ALLOCATION = 0x1_0000;
/** A joining buffer that served one huge packet is given back above this. */
const KEPT_ALLOCATION = 0x10_0000;

/**
 * Cuts a byte stream into packets.
 *
 * Give it a chunk with {@link push}, then call {@link next} until it says false. Each packet is `bytes[start, end)`,
 * borrowed until the next call: inside the chunk where the packet lies there whole, otherwise in a joining buffer. A chunk that goes on
 * where the last one ended in the same memory joins it there. Nothing is allocated per packet.
 */
export class PacketReader {
  bytes: Buffer = EMPTY;
  start = 0;
  end = 0;
  /** Sequence id of the packet's last frame. */
  sequence = 0;
  /** Sequence id the next frame must carry. Set to 0 by who expects a command, to 1 by who sent one. */
  expected = 0;
  /** Compressed conversations number the outer packets; the ids inside carry no promise. */
  checkSequence = true;
  limits: WireLimits;

  #chunk: Buffer = EMPTY;
  #at = 0;
  #chunkEnd = 0;
  /** The rest of the chunk is the beginning of a packet. */
  #isBegun = false;
  #header: Buffer = Buffer.alloc(HEADER);
  #headerLength = 0;
  #joined: Buffer = EMPTY;
  #joinedLength = 0;
  /** Bytes of the current frame that are still to come while joining; -1 when no frame is open. */
  #missing = -1;
  #continues = false;

  constructor(limits: WireLimits) {
    this.limits = limits;
  }

  /** Takes the next chunk, `chunk[start, end)`. The one before must have been used up: {@link next} said false. */
  push(chunk: Buffer, start = 0, end: number = chunk.length): void {
    if (chunk === this.#chunk && start === this.#chunkEnd) {
      this.#chunkEnd = end;
      return;
    }
    if (this.#at < this.#chunkEnd) {
      if (!this.#isBegun) throw new ProtocolError('pushed a chunk before the last one was read');
      this.#join();
    }
    this.#chunk = chunk;
    this.#at = start;
    this.#chunkEnd = end;
  }

  /** Whether no byte waits here: neither unread nor part of an unfinished packet. */
  get idle(): boolean {
    return this.#at === this.#chunkEnd && this.#headerLength === 0 && this.#missing < 0 && !this.#continues;
  }

  /** Bytes of the current chunk that are not read yet: what follows a packet that changed the protocol. */
  takeRest(): Buffer {
    const rest = this.#chunk.subarray(this.#at, this.#chunkEnd);
    this.#at = this.#chunkEnd;
    return rest;
  }

  /** Steps to the next whole packet; false when more bytes are needed. */
  next(): boolean {
    if (this.#missing >= 0 || this.#headerLength > 0 || this.#continues) return this.#join();
    // The usual case, kept short: the whole packet lies in the chunk.
    const chunk = this.#chunk;
    const at = this.#at;
    const rest = this.#chunkEnd - at;
    if (rest >= HEADER) {
      const length = chunk[at]! | (chunk[at + 1]! << 8) | (chunk[at + 2]! << 16);
      const end = at + HEADER + length;
      if (length > this.limits.packet) this.#tooLarge(length);
      if (length === MAX_FRAME) return this.#join();
      if (end <= this.#chunkEnd) {
        this.#accept(chunk[at + 3]!, chunk[at + HEADER]);
        this.bytes = chunk;
        this.start = at + HEADER;
        this.end = end;
        this.#at = end;
        return true;
      }
    }
    this.#isBegun = rest > 0;
    return false;
  }

  /** The next packet, out of several chunks. Uses the chunk up where it says false. */
  #join(): boolean {
    if (this.#missing < 0 && this.#headerLength === 0 && !this.#continues) {
      if (this.#joined.length > KEPT_ALLOCATION) this.#joined = EMPTY;
      this.#joinedLength = 0;
    }
    this.#isBegun = false;
    for (;;) {
      if (this.#missing < 0 && !this.#readHeader()) return false;
      this.#append();
      if (this.#missing > 0) return false;
      this.#missing = -1;
      if (!this.#continues) {
        this.bytes = this.#joined;
        this.start = 0;
        this.end = this.#joinedLength;
        return true;
      }
    }
  }

  #readHeader(): boolean {
    const header = this.#header;
    while (this.#headerLength < HEADER) {
      if (this.#at === this.#chunkEnd) return false;
      header[this.#headerLength] = this.#chunk[this.#at]!;
      this.#headerLength += 1;
      this.#at += 1;
    }
    const length = header[0]! | (header[1]! << 8) | (header[2]! << 16);
    // The id check of an error packet looks at the first byte of the payload, so that byte is waited for.
    if (length > 0 && this.#at === this.#chunkEnd && header[3] !== this.expected) return false;
    this.#headerLength = 0;
    if (this.#joinedLength + length > this.limits.packet) this.#tooLarge(this.#joinedLength + length);
    this.#accept(header[3]!, length === 0 ? undefined : this.#chunk[this.#at]);
    this.#missing = length;
    this.#continues = length === MAX_FRAME;
    return true;
  }

  #append(): void {
    const count = Math.min(this.#missing, this.#chunkEnd - this.#at);
    const needed = this.#joinedLength + count;
    if (needed > this.#joined.length) {
      const size = Math.max(
        needed,
        this.#joined.length * 2,
        Math.min(FIRST_ALLOCATION, this.#joinedLength + this.#missing),
      );
      const grown = Buffer.allocUnsafeSlow(Math.min(size, Math.max(needed, this.limits.packet)));
      this.#joined.copy(grown, 0, 0, this.#joinedLength);
      this.#joined = grown;
    }
    this.#chunk.copy(this.#joined, this.#joinedLength, this.#at, this.#at + count);
    this.#joinedLength = needed;
    this.#at += count;
    this.#missing -= count;
  }

  #accept(sequence: number, first: number | undefined): void {
    if (sequence !== this.expected && this.checkSequence) {
      // A server that gives up on an idle session says so with id 0, before it saw the command we sent meanwhile.
      if (!(first === ERR && sequence === 0)) {
        throw new ProtocolError(`packets out of order: got number ${sequence}, expected ${this.expected}`, {
          code: 'PROTOCOL_SEQUENCE',
        });
      }
    }
    this.sequence = sequence;
    this.expected = (sequence + 1) & 0xff;
  }

  #tooLarge(length: number): never {
    throw new ProtocolError(`packet of ${length} bytes exceeds the limit of ${this.limits.packet}`, {
      code: 'PROTOCOL_LIMIT',
    });
  }
}

const EMPTY: Buffer = Buffer.alloc(0);

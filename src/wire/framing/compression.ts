import zlib from 'node:zlib';
import { ProtocolError } from '../../errors/index.ts';
import { MAX_FRAME } from '../limits.ts';
import { deflateZstd, inflateZstd } from './zstd.ts';

export type CompressionAlgorithm = 'zlib' | 'zstd';

const HEADER = 7;
/** Shorter payloads are sent stored (`MIN_COMPRESS_LENGTH`). */
const MIN_COMPRESS_LENGTH = 50;
const EMPTY: Buffer = Buffer.alloc(0);

/**
 * The inside of a compressed stream:
 *
 *   bytes  field
 *   3      length of the body that follows
 *   1      sequence id, counted apart from the packets inside
 *   3      length once inflated; 0: the body is stored as it is
 *   rest   body: any piece of the ordinary packet stream
 */
export class CompressedReader {
  expected = 0;
  readonly #algorithm: CompressionAlgorithm;
  /** What waits: `bytes[at, end)`. */
  #bytes: Buffer = EMPTY;
  #at = 0;
  #end = 0;
  /** Whether more may be written to the memory of what waits. */
  #isOwn = false;

  constructor(algorithm: CompressionAlgorithm) {
    this.#algorithm = algorithm;
  }

  /** Whether no part of an outer packet waits. */
  get idle(): boolean {
    return this.#at === this.#end;
  }

  /** Takes a chunk, which is ours from now on. */
  push(chunk: Buffer): void {
    if (this.idle) {
      this.#bytes = chunk;
      this.#at = 0;
      this.#end = chunk.length;
      this.#isOwn = false;
      return;
    }
    this.#makeRoom(chunk.length);
    chunk.copy(this.#bytes, this.#end);
    this.#end += chunk.length;
  }

  /**
   * The next piece of the packet stream, owned by the caller; undefined: more bytes are needed. One at a time, because half a
   * kilobyte may unpack to 16 MiB: what a chunk holds is more than anybody wants in memory at once.
   */
  next(): Buffer | undefined {
    const bytes = this.#bytes;
    while (this.#end - this.#at >= HEADER) {
      const at = this.#at;
      const end = at + HEADER + bytes.readUIntLE(at, 3);
      if (end > this.#end) return undefined;
      const sequence = bytes[at + 3]!;
      // A semi-synchronous source counts anew behind an event that wants an answer.
      if (sequence !== this.expected && sequence > 1) {
        throw new ProtocolError(
          `compressed packets out of order: got number ${sequence}, expected ${this.expected}`,
          {
            code: 'PROTOCOL_SEQUENCE',
          },
        );
      }
      this.expected = (sequence + 1) & 0xff;
      this.#at = end;
      const piece = this.#inflate(bytes.subarray(at + HEADER, end), bytes.readUIntLE(at + 4, 3));
      if (piece.length > 0) return piece;
    }
    return undefined;
  }

  /** The memory doubles, so many small chunks cost one pass. */
  #makeRoom(count: number): void {
    if (this.#isOwn && this.#end + count <= this.#bytes.length) return;
    const length = this.#end - this.#at;
    const roomy = Buffer.allocUnsafeSlow(Math.max(length + count, length * 2));
    this.#bytes.copy(roomy, 0, this.#at, this.#end);
    this.#bytes = roomy;
    this.#at = 0;
    this.#end = length;
    this.#isOwn = true;
  }

  #inflate(body: Buffer, size: number): Buffer {
    if (size === 0) return Buffer.from(body);
    if (this.#algorithm === 'zstd') return inflateZstd(body, size);
    let plain: Buffer;
    try {
      plain = zlib.inflateSync(body, { maxOutputLength: size });
    } catch (cause) {
      throw new ProtocolError('damaged zlib packet', { cause, code: 'PROTOCOL_COMPRESSION' });
    }
    if (plain.length !== size) {
      throw new ProtocolError(`zlib packet holds ${plain.length} bytes, announced ${size}`, {
        code: 'PROTOCOL_COMPRESSION',
      });
    }
    return plain;
  }
}

/** Wraps a piece of the packet stream into outer packets. */
export class CompressedWriter {
  /** Id of the next outer packet; 0 when a command begins. */
  sequence = 0;
  readonly #algorithm: CompressionAlgorithm;
  readonly #level: number;

  /** `level` counts as the algorithm counts: zlib 1 to 9 (6 is the servers'), zstd 1 to 22 (3 is the servers'). */
  constructor(algorithm: CompressionAlgorithm, level: number = algorithm === 'zlib' ? 6 : 3) {
    this.#algorithm = algorithm;
    this.#level = level;
  }

  wrap(bytes: Uint8Array): Buffer {
    const parts: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += MAX_FRAME) {
      const piece = bytes.subarray(at, Math.min(at + MAX_FRAME, bytes.length));
      const packed = piece.length < MIN_COMPRESS_LENGTH ? undefined : this.#deflate(piece);
      const smaller = packed !== undefined && packed.length < piece.length;
      const body = smaller ? packed : piece;
      const header = Buffer.alloc(HEADER);
      header.writeUIntLE(body.length, 0, 3);
      header[3] = this.sequence;
      header.writeUIntLE(smaller ? piece.length : 0, 4, 3);
      this.sequence = (this.sequence + 1) & 0xff;
      parts.push(header, Buffer.from(body.buffer, body.byteOffset, body.byteLength));
    }
    return Buffer.concat(parts);
  }

  #deflate(piece: Uint8Array): Buffer | undefined {
    return this.#algorithm === 'zlib'
      ? zlib.deflateSync(piece, { level: this.#level })
      : deflateZstd(piece, this.#level);
  }
}

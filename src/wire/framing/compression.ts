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
  #pending: Buffer = EMPTY;
  #length = 0;

  constructor(algorithm: CompressionAlgorithm) {
    this.#algorithm = algorithm;
  }

  /** Whether no part of an outer packet waits. */
  get idle(): boolean {
    return this.#length === 0;
  }

  /** Takes a chunk and returns the pieces of the packet stream it completes, each owned by the caller. */
  push(chunk: Buffer): Buffer[] {
    const bytes = this.#length === 0 ? chunk : this.#join(chunk);
    const pieces: Buffer[] = [];
    let at = 0;
    while (bytes.length - at >= HEADER) {
      const length = bytes.readUIntLE(at, 3);
      const end = at + HEADER + length;
      if (end > bytes.length) break;
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
      const piece = this.#inflate(bytes.subarray(at + HEADER, end), bytes.readUIntLE(at + 4, 3));
      if (piece.length > 0) pieces.push(piece);
      at = end;
    }
    this.#keep(bytes, at);
    return pieces;
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

  /** Appends to what waits; the memory doubles, so many small chunks cost one pass. */
  #join(chunk: Buffer): Buffer {
    const length = this.#length + chunk.length;
    if (length > this.#pending.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(length, this.#pending.length * 2));
      this.#pending.copy(grown, 0, 0, this.#length);
      this.#pending = grown;
    }
    chunk.copy(this.#pending, this.#length);
    this.#length = length;
    return this.#pending.subarray(0, length);
  }

  #keep(bytes: Buffer, from: number): void {
    const rest = bytes.length - from;
    if (rest > this.#pending.length) {
      this.#pending = Buffer.from(bytes.subarray(from));
    } else if (from > 0 || this.#length === 0) {
      bytes.copy(this.#pending, 0, from);
    }
    this.#length = rest;
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

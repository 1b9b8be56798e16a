import type { PacketReader } from '../../wire/index.ts';

/** Sixteen TLS records of 16 KiB: a few blocks stay in a processor's cache, and a packet rarely lies across two. */
const BLOCK_BYTES = 1 << 18;
/** What TLS hands out at once. Less than this at the end of a block is left empty. */
const RECORD_BYTES = 1 << 14;

/** Memory of our own, and what is left of it behind each record. */
class Block {
  readonly bytes: Buffer = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  readonly #rooms: Buffer[] = [this.bytes];

  /** The memory from there on. Records mostly come whole: a view is made once for each, not every time. */
  from(at: number): Buffer {
    if (at % RECORD_BYTES !== 0) return this.bytes.subarray(at);
    return (this.#rooms[at / RECORD_BYTES] ??= this.bytes.subarray(at));
  }
}

/** Bytes that arrived together: `bytes[given, filled)` has not been read yet. */
interface Piece {
  readonly bytes: Buffer;
  given: number;
  filled: number;
  /** Undefined: memory of somebody else. */
  readonly block: Block | undefined;
}

/**
 * What arrived and nobody has read yet: chunks that somebody else allocated, or what was written into memory of our own. That memory is
 * a few blocks which take turns; a block is filled again when the reader has left it.
 */
export class UnreadBytes {
  /** In bytes. */
  length = 0;
  readonly #pieces: Piece[] = [];
  #spare: Block | undefined;

  /** Takes a chunk, which is ours from now on. */
  add(chunk: Buffer): void {
    this.#pieces.push({ bytes: chunk, given: 0, filled: chunk.length, block: undefined });
    this.length += chunk.length;
  }

  /** Memory for what comes next, at least {@link RECORD_BYTES}; call {@link grow} when something was written to its start. */
  room(): Buffer {
    const last = this.#pieces.at(-1);
    if (last?.block !== undefined && BLOCK_BYTES - last.filled >= RECORD_BYTES) {
      return last.block.from(last.filled);
    }
    const block = this.#spare ?? new Block();
    this.#spare = undefined;
    this.#pieces.push({ bytes: block.bytes, given: 0, filled: 0, block });
    return block.bytes;
  }

  /** So many bytes were written to the memory that {@link room} gave. */
  grow(count: number): void {
    this.#pieces.at(-1)!.filled += count;
    this.length += count;
  }

  /** Gives the reader, which has used up what it had, the next bytes; false where there are none. */
  feed(reader: PacketReader): boolean {
    if (this.length === 0) return false;
    let piece = this.#pieces[0]!;
    let left: Piece | undefined;
    if (piece.given === piece.filled) {
      left = this.#pieces.shift();
      piece = this.#pieces[0]!;
    }
    reader.push(piece.bytes, piece.given, piece.filled);
    this.length -= piece.filled - piece.given;
    piece.given = piece.filled;
    if (piece.block === undefined) this.#pieces.shift();
    // What the reader had of it is with the reader now.
    if (left?.block !== undefined) this.#spare ??= left.block;
    return true;
  }

  /** All of it, as a copy. */
  take(): Buffer {
    const all = Buffer.concat(this.#pieces.map(({ bytes, given, filled }) => bytes.subarray(given, filled)));
    this.#pieces.length = 0;
    this.length = 0;
    return all;
  }
}

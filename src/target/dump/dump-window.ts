import { LimitError } from '../../errors/index.ts';

const FIRST_BYTES = 1024 * 1024;
/** A row of max_allowed_packet's most, 1 GiB, with half of its bytes escaped. */
const MOST_BYTES = 0x6000_0000;

/** The part of a dump that is looked at: it slides along, and grows to the longest row or statement. */
export class DumpWindow {
  /** What was read stands between {@link at} and {@link end}. */
  bytes: Buffer;
  at = 0;
  end = 0;
  /** Of all that was read before {@link at}. */
  #passed = 0;
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array | undefined;
  #pieceAt = 0;
  #isOver = false;
  readonly #leastBytes: number;

  /** `leastBytes` are read at once. */
  constructor(pieces: AsyncIterable<Uint8Array>, leastBytes: number = FIRST_BYTES) {
    this.bytes = Buffer.allocUnsafe(leastBytes);
    this.#leastBytes = leastBytes;
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Where {@link at} is in the dump, in bytes from its start. */
  get place(): number {
    return this.#passed;
  }

  /** Moves on. */
  to(at: number): void {
    this.#passed += at - this.at;
    this.at = at;
  }

  /**
   * Reads on, so that at least twice as much stands there as did: whoever looks again from the beginning does so a few times only. Offsets
   * into `bytes` are different afterwards; `at` is the same place.
   *
   * @returns whether there was more
   * @throws LimitError the row or statement at hand is longer than a server takes
   */
  async more(): Promise<boolean> {
    if (this.#isOver) return false;
    const kept = this.end - this.at;
    this.#makeRoom(kept);
    const wanted = Math.min(this.bytes.length, Math.max(2 * kept, this.#leastBytes));
    while (this.end < wanted) {
      if (this.#piece === undefined) {
        // oxlint-disable-next-line no-await-in-loop -- one piece after the other
        const { done, value } = await this.#pieces.next();
        if (done === true) {
          this.#isOver = true;
          break;
        }
        this.#piece = value;
        this.#pieceAt = 0;
      }
      this.#take(this.#piece);
    }
    return this.end > kept;
  }

  /** Reads no further. */
  async close(): Promise<void> {
    this.#isOver = true;
    await this.#pieces.return?.();
  }

  #take(piece: Uint8Array): void {
    const count = Math.min(piece.length - this.#pieceAt, this.bytes.length - this.end);
    this.bytes.set(piece.subarray(this.#pieceAt, this.#pieceAt + count), this.end);
    this.end += count;
    this.#pieceAt += count;
    if (this.#pieceAt === piece.length) this.#piece = undefined;
  }

  #makeRoom(kept: number): void {
    if (2 * kept > this.bytes.length) {
      if (this.bytes.length >= MOST_BYTES)
        throw new LimitError(`a row or statement of the dump is longer than ${MOST_BYTES} bytes`);
      const larger = Buffer.allocUnsafe(Math.min(2 * this.bytes.length, MOST_BYTES));
      this.bytes.copy(larger, 0, this.at, this.end);
      this.bytes = larger;
    } else if (this.at > 0) this.bytes.copyWithin(0, this.at, this.end);
    this.at = 0;
    this.end = kept;
  }
}

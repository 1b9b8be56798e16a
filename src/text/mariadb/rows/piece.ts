import type { TextOutput } from '../../output/text-output.ts';

const WORD_BYTES = 4;
/** Longer ones are copied natively: below it the call costs more than the loop (Node 20.20). */
const NATIVE_COPY_BYTES = 160;

/** Text that is written over and over: stored in words of four bytes, the last of which may be padded. */
export class Piece {
  readonly #bytes: Buffer;
  readonly #words: Int32Array;

  /** `text` is latin1: one character a byte. */
  constructor(text: string) {
    this.#bytes = Buffer.from(text, 'latin1');
    const padded = Buffer.alloc(Math.ceil(text.length / WORD_BYTES) * WORD_BYTES);
    this.#bytes.copy(padded);
    this.#words = Int32Array.from({ length: padded.length / WORD_BYTES }, (_, i) =>
      padded.readInt32LE(i * WORD_BYTES),
    );
  }

  write(out: TextOutput): void {
    const words = this.#words;
    const size = this.#bytes.length;
    if (size > NATIVE_COPY_BYTES) {
      out.bytes(this.#bytes);
      return;
    }
    let at = out.reserve(size + WORD_BYTES);
    const { view } = out;
    out.length = at + size;
    for (let i = 0; i < words.length; i += 1) {
      view.setInt32(at, words[i]!, true);
      at += WORD_BYTES;
    }
  }
}

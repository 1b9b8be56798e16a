import { TextOutput } from './text-output.ts';

const CHUNK_BYTES = 1 << 18;
/** Buffers kept for the next time. */
const SPARE_CHUNKS = 8;

/**
 * Text that is held back until it is known to be wanted, however much it becomes: a statement's rows may be larger than any
 * buffer. Full buffers are put aside, never copied.
 */
export class HeldText {
  /** Where to write. */
  readonly out: TextOutput;
  readonly #chunks: Buffer[] = [];
  readonly #spare: Buffer[] = [];

  constructor() {
    this.out = new TextOutput((bytes) => this.#keep(bytes), CHUNK_BYTES);
  }

  get isEmpty(): boolean {
    return this.out.length === 0 && this.#chunks.length === 0;
  }

  /** Hands everything on, and starts anew. */
  moveTo(target: TextOutput): void {
    for (const chunk of this.#chunks) {
      target.bytes(chunk);
      if (this.#spare.length < SPARE_CHUNKS && chunk.buffer.byteLength === CHUNK_BYTES)
        this.#spare.push(Buffer.from(chunk.buffer));
    }
    this.#chunks.length = 0;
    const { out } = this;
    if (out.length > 0) target.bytes(out.buffer, 0, out.length);
    out.length = 0;
  }

  #keep(bytes: Buffer): void {
    const { out } = this;
    if (bytes.buffer !== out.buffer.buffer) {
      // The writer's own memory, handed through.
      this.#chunks.push(Buffer.from(bytes));
      return;
    }
    this.#chunks.push(bytes);
    out.replaceBuffer(this.#spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES));
  }
}

import type { ByteSink } from '../../../command-io.ts';

const EVERY_MS = 500;
const CLEAR_LINE = '\r\u001b[K';

/** One line on a terminal that says where a copy is; nothing where nobody looks. */
export class CopyProgress {
  readonly #sink: ByteSink;
  readonly #now: () => number;
  #shownAt: number;
  #bytes = 0;
  #bytesShown = 0;
  #visible = false;

  constructor(sink: ByteSink, now: () => number = Date.now) {
    this.#sink = sink;
    this.#now = now;
    this.#shownAt = now();
  }

  get enabled(): boolean {
    return this.#sink.isTerminal;
  }

  count(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Shows the line anew, a few times a second at most. */
  show(place: string, isIdle: boolean): void {
    if (!this.enabled) return;
    const elapsed = this.#now() - this.#shownAt;
    if (elapsed < EVERY_MS) return;
    const rate = (this.#bytes - this.#bytesShown) / 1000 / elapsed;
    this.#shownAt = this.#now();
    this.#bytesShown = this.#bytes;
    const pace = isIdle && rate === 0 ? 'waiting' : `${rate.toFixed(1)} MB/s`;
    this.#write(`${CLEAR_LINE}${place}, ${(this.#bytes / 1e6).toFixed(1)} MB copied, ${pace}`);
    this.#visible = true;
  }

  /** Takes the line away, so that something else can be said. */
  clear(): void {
    if (this.#visible) this.#write(CLEAR_LINE);
    this.#visible = false;
  }

  #write(text: string): void {
    this.#sink.write(Buffer.from(text));
  }
}

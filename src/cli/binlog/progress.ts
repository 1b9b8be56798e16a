import type { LogReader } from '../../store/index.ts';
import type { ByteSink } from '../command-io.ts';

const FIRST_AFTER_MS = 1000;
const EVERY_MS = 250;
const CLEAR_LINE = '\r\u001b[K';

/** One line on a terminal that says how far a long run is. Nothing is printed where nobody looks, or where the text goes there too. */
export class ProgressLine {
  readonly #sink: ByteSink;
  readonly #now: () => number;
  readonly #startedMs: number;
  readonly #isWanted: () => boolean;
  /** Known once the first line is due: short runs need not ask. */
  #enabled: boolean | undefined;
  #nextMs: number;
  #shown = false;

  constructor(sink: ByteSink, isWanted: () => boolean, now: () => number = Date.now) {
    this.#sink = sink;
    this.#now = now;
    this.#isWanted = isWanted;
    this.#startedMs = now();
    this.#nextMs = this.#startedMs + FIRST_AFTER_MS;
  }

  show(reader: LogReader): void {
    if (this.#enabled === false || this.#now() < this.#nextMs) return;
    this.#enabled ??= this.#sink.isTerminal && this.#isWanted();
    if (!this.#enabled) return;
    this.#nextMs = this.#now() + EVERY_MS;
    this.#shown = true;
    const { name, size } = reader.source;
    const done = reader.framer.position;
    const rate = done / 1e6 / ((this.#now() - this.#startedMs) / 1000);
    const share = size === undefined || size === 0 ? '' : `${Math.floor((100 * done) / size)} % of `;
    const total = size ?? done;
    this.#write(`${CLEAR_LINE}${name}: ${share}${(total / 1e6).toFixed(0)} MB, ${rate.toFixed(0)} MB/s`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown) this.#write(CLEAR_LINE);
    this.#shown = false;
  }

  #write(text: string): void {
    this.#sink.write(Buffer.from(text));
  }
}

import type { TransactionPlace } from '../binlog/index.ts';

/**
 * Counts the signs that dumps go on: a transaction received whole, more of one than any dump before gave, a heartbeat of an idle source.
 * A reader may be slower with a transaction than the source waits for it (`net_write_timeout`), again and again.
 */
export class DumpProgress {
  signs = 0;
  /** Events of the transaction that is under way. */
  #events = 0;
  /** The same, of the dump that came furthest in it. */
  #most = 0;

  /** Takes the next event of a dump. */
  note(place: TransactionPlace): void {
    if (place === 'outside') return;
    this.#events = place === 'begins' ? 1 : this.#events + 1;
    const isWhole = place === 'ends' || place === 'alone';
    if (isWhole || this.#events > this.#most) this.signs += 1;
    this.#most = isWhole ? 0 : Math.max(this.#most, this.#events);
  }
}

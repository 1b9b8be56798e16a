import type { LogEvents } from '../../store/index.ts';
import type { GtidLedger } from './gtid-ledger.ts';
import type { LogicalClock } from './logical-clock.ts';

/** What a file of the binary log begins and ends with, and what begins anew with it. */
export class FileEvents {
  readonly #events: LogEvents;
  readonly #ledger: GtidLedger;
  readonly #clock: LogicalClock;
  /** The next file is the first one since the relay started, or since all of them went. */
  #created = true;

  constructor(events: LogEvents, ledger: GtidLedger, clock: LogicalClock) {
    this.#events = events;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** All files have gone. */
  beginAnew(): void {
    this.#clock.startFile();
    this.#created = true;
  }

  /** What a file begins with, behind the magic. Asked when all transactions of the file before are appended. */
  opening(file: string): Buffer {
    if (this.#created) this.#ledger.forget();
    const format = this.#events.formatDescription(4, this.#created, true);
    this.#created = false;
    this.#clock.startFile();
    const list = this.#ledger.opening(this.#events, 4 + format.length);
    if (this.#events.facts.flavor === 'mysql') return Buffer.concat([format, list]);
    const checkpoint = this.#events.checkpoint(4 + format.length + list.length, file);
    return Buffer.concat([format, list, checkpoint]);
  }

  /** What a file ends with. @param next undefined: the relay ends */
  closing(next: string | undefined, position: number): Buffer {
    return next === undefined
      ? this.#events.stop(position, true)
      : this.#events.rotate(position, next, 4, true);
  }
}

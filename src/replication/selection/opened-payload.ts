import { PayloadReader, RawEvent, rowsShape, type TransactionPayload } from '../../binlog/index.ts';
import type { SelectedEvents } from './selected-events.ts';

/** As much as this of a compressed transaction is unpacked before it goes on. */
const PART_BYTES = 4 << 20;

/** A compressed transaction whose events are taken part by part: unpacked it may be longer than memory. */
export class OpenedPayload {
  readonly #buffer: SelectedEvents;
  readonly #take: (event: RawEvent) => void;
  readonly #inner = new RawEvent();
  #events: Generator<RawEvent, void> | undefined;

  /** @param take puts what passes of an event into the buffer */
  constructor(buffer: SelectedEvents, take: (event: RawEvent) => void) {
    this.#buffer = buffer;
    this.#take = take;
  }

  /** Begins with the first part. `event` is borrowed until nothing more is left. */
  open(body: TransactionPayload, event: RawEvent): void {
    this.#events = new PayloadReader(body, event).events(this.#inner);
    this.takeMore();
  }

  get hasMore(): boolean {
    return this.#events !== undefined;
  }

  takeMore(): void {
    const events = this.#events;
    if (events === undefined) return;
    try {
      for (let next = events.next(); next.done !== true; next = events.next()) {
        this.#take(next.value);
        // Never behind the last event: that ends the transaction.
        if (this.#buffer.bytes > PART_BYTES && rowsShape(next.value.type) !== undefined) return;
      }
    } catch (error) {
      this.close();
      throw error;
    }
    this.#events = undefined;
  }

  /** What is left is not wanted. */
  close(): void {
    this.#events?.return();
    this.#events = undefined;
  }
}

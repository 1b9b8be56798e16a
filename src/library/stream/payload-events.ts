import { decodeBody, type LogState, loadZstd, PayloadReader, RawEvent } from '../../binlog/index.ts';

/** The events inside a compressed transaction, read one ahead: the last one ends the transaction. */
export class PayloadEvents {
  /** The event that waits for {@link load}, or is to be opened again behind it. */
  held: RawEvent | undefined;
  readonly #state: LogState;
  #isLoaded = false;
  #reader: PayloadReader | undefined;
  /** The next event, and room for the one behind it: they take turns. */
  #events: [RawEvent, RawEvent] = [new RawEvent(), new RawEvent()];

  constructor(state: LogState) {
    this.#state = state;
  }

  /** Whether an event is left, or was when the rest was left. */
  get isOpen(): boolean {
    return this.#reader !== undefined || this.held !== undefined;
  }

  /** Whether an event waits for {@link load}. */
  get awaits(): boolean {
    return this.held !== undefined && !this.#isLoaded;
  }

  /** Loads what inflates: most streams never need it. */
  async load(): Promise<void> {
    await loadZstd();
    this.#isLoaded = true;
  }

  /** Opens a TRANSACTION_PAYLOAD_EVENT; false where nothing is in it, or it {@link awaits}. */
  open(event: RawEvent): boolean {
    this.held = this.#isLoaded ? undefined : event;
    if (this.awaits) return false;
    const body = decodeBody(event, this.#state);
    if (body.kind !== 'transactionPayload') return false;
    const reader = new PayloadReader(body, event);
    if (!reader.next(this.#events[0])) return false;
    this.#reader = reader;
    return true;
  }

  /** The next event, borrowed; undefined where none is left. */
  next(): RawEvent | undefined {
    const reader = this.#reader;
    if (reader === undefined) return undefined;
    const [event, following] = this.#events;
    this.#events = [following, event];
    // What is inflated for the event behind it may be written over this one.
    const given = reader.streams ? event.keep() : event;
    if (!reader.next(following)) this.#reader = undefined;
    return given;
  }

  /** Gives memory back where the rest is not wanted. */
  leave(): void {
    this.#reader?.leave();
  }
}

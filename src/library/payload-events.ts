import { decodeBody, type LogState, PayloadReader, RawEvent } from '../binlog/index.ts';

/** The events inside a compressed transaction, read one ahead: the last one ends the transaction. */
export class PayloadEvents {
  readonly #state: LogState;
  #reader: PayloadReader | undefined;
  /** The next event, and room for the one behind it: they take turns. */
  #events: [RawEvent, RawEvent] = [new RawEvent(), new RawEvent()];

  constructor(state: LogState) {
    this.#state = state;
  }

  /** Whether an event is left. */
  get isOpen(): boolean {
    return this.#reader !== undefined;
  }

  /** Opens a TRANSACTION_PAYLOAD_EVENT; false where nothing is in it. */
  open(event: RawEvent): boolean {
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
    if (!reader.next(following)) this.#reader = undefined;
    return event;
  }
}

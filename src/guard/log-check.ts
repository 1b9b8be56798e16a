import {
  decodeBody,
  decodeNext,
  type EventBody,
  LogState,
  PayloadReader,
  RawEvent,
} from '../binlog/index.ts';
import { RowFormatCheck } from './row-format-check.ts';
import type { Refusal } from './verdict.ts';

/**
 * A {@link RowFormatCheck} over the events of a log as they come: decodes them, and looks into compressed transactions, for which zstd must
 * have been loaded.
 */
export class LogCheck {
  readonly #check = new RowFormatCheck();
  readonly #state = new LogState();

  /** @throws FormatError what comes is no legal event */
  decode(event: RawEvent): EventBody {
    return decodeNext(event, this.#state);
  }

  /** Why a row-only channel would not take the event. `body`: what {@link decode} gave. */
  check(event: RawEvent, body: EventBody): Refusal | undefined {
    const refusal = this.#check.check(event, body, this.#state);
    if (refusal !== undefined || body.kind !== 'transactionPayload') return refusal;
    for (const inner of new PayloadReader(body, event).events(new RawEvent())) {
      const refused = this.#check.check(inner, decodeBody(inner, this.#state), this.#state);
      if (refused !== undefined) return refused;
    }
    return this.#check.endPayload();
  }
}

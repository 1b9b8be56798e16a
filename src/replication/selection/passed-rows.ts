import type { RawEvent } from '../../binlog/index.ts';
import { endStatement, type SelectedEvents } from './selected-events.ts';

/** Rows that pass, of a statement some of whose tables do not: the last ones are held, because they may have to end the statement. */
export class PassedRows {
  readonly #buffer: SelectedEvents;
  #last: RawEvent | undefined;

  constructor(buffer: SelectedEvents) {
    this.#buffer = buffer;
  }

  /** @param mayBeLast rows behind these, which end the statement, may be left out */
  take(event: RawEvent, mayBeLast: boolean): void {
    this.pass();
    if (mayBeLast) this.#last = event.keep();
    else this.#buffer.add(event);
  }

  /** The statement ended in rows that were left out. */
  end(): void {
    if (this.#last === undefined) return;
    this.pass();
    endStatement(this.#buffer, this.#buffer.count - 1);
  }

  /** Something else follows. */
  pass(): void {
    if (this.#last !== undefined) this.#buffer.add(this.#last);
    this.#last = undefined;
  }

  clear(): void {
    this.#last = undefined;
  }
}

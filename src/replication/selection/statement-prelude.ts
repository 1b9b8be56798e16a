import { EventType, type RawEvent } from '../../binlog/index.ts';
import type { SelectedEvents } from './selected-events.ts';

/** Values of a statement's session, the file that a LOAD DATA reads, and the text of what rows come from. */
const BELONGS_TO_NEXT: ReadonlySet<number> = new Set([
  EventType.INTVAR_EVENT,
  EventType.RAND_EVENT,
  EventType.USER_VAR_EVENT,
  EventType.BEGIN_LOAD_QUERY_EVENT,
  EventType.APPEND_BLOCK_EVENT,
  EventType.ROWS_QUERY_LOG_EVENT,
  EventType.ANNOTATE_ROWS_EVENT,
]);

/** More of a file is not held until it is known what becomes of it. */
const HELD_BYTES = 16 << 20;

/**
 * What a transaction says of a statement before it comes: held until it is known whether that passes, and left out with it. A replica of
 * MySQL 9.7.4 crashes at a transaction that ends behind a user variable.
 */
export class StatementPrelude {
  readonly #buffer: SelectedEvents;
  readonly #held: RawEvent[] = [];
  #bytes = 0;
  #isSent = false;

  constructor(buffer: SelectedEvents) {
    this.#buffer = buffer;
  }

  /** Whether the beginning of a long file has passed, whatever becomes of its statement. */
  get isSent(): boolean {
    return this.#isSent;
  }

  /** Takes an event that belongs to what follows. False: it is none. */
  take(event: RawEvent): boolean {
    if (!BELONGS_TO_NEXT.has(event.type)) return false;
    this.#held.push(event.keep());
    this.#bytes += event.length;
    if (this.#bytes <= HELD_BYTES) return true;
    this.pass();
    this.#isSent = true;
    return true;
  }

  /** The statement passes. */
  pass(): void {
    for (const event of this.#held) this.#buffer.add(event);
    this.clear();
  }

  /** The statement does not, or none came. */
  clear(): void {
    this.#held.length = 0;
    this.#bytes = 0;
    this.#isSent = false;
  }
}

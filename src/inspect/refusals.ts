import type { EventBody, LogState, RawEvent } from '../binlog/index.ts';
import { type Refusal, RowFormatCheck } from '../guard/index.ts';
import { type RefusedInspection, SHOWN } from './inspection.ts';

const SHOWN_STATEMENT_BYTES = 80;

/** Asks of every event whether a channel with REQUIRE_ROW_FORMAT would let it pass, and counts what it would not by reason. */
export class Refusals {
  readonly #reasons = new Map<string, { reason: string; sentence: string; count: number }>();
  readonly #first: RefusedInspection['first'][number][] = [];
  #check = new RowFormatCheck();
  #file = '';
  #count = 0;

  startFile(name: string): void {
    this.#file = name;
    this.#check = new RowFormatCheck();
  }

  /** Events of a compressed transaction come behind it. */
  event(event: RawEvent, body: EventBody, state: LogState): void {
    this.#note(this.#check.check(event, body, state), event, body);
  }

  /** All events of the compressed transaction `event` have come. */
  endPayload(event: RawEvent, body: EventBody): void {
    this.#note(this.#check.endPayload(), event, body);
  }

  summary(): RefusedInspection {
    return {
      count: this.#count,
      reasons: [...this.#reasons.values()].sort((a, b) => b.count - a.count),
      first: this.#first,
    };
  }

  #note(refusal: Refusal | undefined, { position, name }: RawEvent, body: EventBody): void {
    if (refusal === undefined) return;
    const { violation: reason, sentence } = refusal;
    this.#count += 1;
    const known = this.#reasons.get(reason);
    if (known === undefined) this.#reasons.set(reason, { reason, sentence, count: 1 });
    else known.count += 1;
    if (this.#first.length >= SHOWN) return;
    const statement =
      'statement' in body ? body.statement.subarray(0, SHOWN_STATEMENT_BYTES).toString('utf8') : undefined;
    this.#first.push({ file: this.#file, position, event: name, reason, statement });
  }
}

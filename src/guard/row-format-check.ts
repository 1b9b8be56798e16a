import { type EventBody, type LogState, MariadbGtidFlag, type RawEvent } from '../binlog/index.ts';
import type { GuardEvent } from './event.ts';
import { guardQueryOf } from './query-of.ts';
import { StrictGuard } from './strict-guard.ts';
import type { Refusal } from './verdict.ts';

/**
 * A {@link StrictGuard} over decoded events: why a row-only channel would not take an event. Feed it every event of a log in order; behind
 * a payload event those inside it, then {@link endPayload}.
 */
export class RowFormatCheck {
  readonly #guard = new StrictGuard();

  check(event: RawEvent, body: EventBody, state: LogState): Refusal | undefined {
    const verdict = this.#guard.check(guardEvent(event, body, state));
    return verdict.pass ? undefined : verdict;
  }

  endPayload(): Refusal | undefined {
    const verdict = this.#guard.endPayload();
    return verdict.pass ? undefined : verdict;
  }
}

function guardEvent({ type, flags }: RawEvent, body: EventBody, { flavor }: LogState): GuardEvent {
  if (body.kind === 'query') {
    return { type, flags, query: guardQueryOf(body, flavor) };
  }
  if (body.kind === 'mariadbGtid') {
    return { type, flags, standalone: (body.flags & MariadbGtidFlag.STANDALONE) !== 0 };
  }
  return { type, flags };
}

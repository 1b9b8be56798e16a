import type { GuardEvent } from './event.ts';
import { inputOf } from './strict-input.ts';
import { type Input, type State, type Step, transitions } from './strict-transitions.ts';
import { PASS, refuse, type Verdict, Violation } from './verdict.ts';

const isViolation = (outcome: Step | Input | Violation): outcome is Violation =>
  Object.hasOwn(Violation, outcome);

/**
 * Nothing but rows comes through: row events inside transactions, definitions outside of them. Statements are read as a
 * server reads them, and compressed transactions are opened.
 *
 * Feed it every event of a stream in order. Behind a TRANSACTION_PAYLOAD event that passed, feed the events inside it,
 * then call {@link endPayload}; a payload that is not opened stops the stream at the next event. What was refused does
 * not move the state.
 */
export class StrictGuard {
  #state: State = 'none';
  #inPayload = false;

  /** Whether the event may pass. */
  check(event: GuardEvent): Verdict {
    const input = inputOf(event);
    if (isViolation(input)) return refuse(input);
    const step = transitions[this.#state][input];
    if (isViolation(step)) return refuse(step);
    if (step === 'payload') this.#inPayload = true;
    else if (this.#inPayload && input === 'control') return refuse('foreignInPayload');
    this.#state = step === 'none' && this.#inPayload ? 'payloadEnded' : step;
    return PASS;
  }

  /** Says that the events of a payload are all fed; refuses if its transaction did not end. */
  endPayload(): Verdict {
    const whole = this.#state === 'payloadEnded';
    if (whole) this.reset();
    return whole ? PASS : refuse('unfinishedPayload');
  }

  /** Begins anew, as after a reconnection that starts at a transaction. */
  reset(): void {
    this.#state = 'none';
    this.#inPayload = false;
  }

  /** Whether the last event left no transaction open: a place to cut the stream. */
  get isBetweenTransactions(): boolean {
    return this.#state === 'none';
  }
}

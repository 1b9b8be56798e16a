/**
 * The life of a link to a source, as a pure state machine: a state and an event give the next state and the one thing to do. No
 * clock, no chance, no I/O: whoever drives it brings them in with the events.
 *
 *   idle ──start──▶ connecting ──connected──▶ streaming ──lost──▶ pausing ──rested──▶ connecting …
 *
 * What holds, whatever happens in whatever order:
 *
 * 1. `failed`, `ended` and `stopped` are final: nothing is done any more and nothing leads out of them.
 * 2. Attempts in a row that brought nothing never exceed the limit; only progress of the stream makes them 0 again, or, where attempts
 *    are counted by outage, a new one.
 * 3. A refusal that another attempt cannot change ends the link at once.
 * 4. A pause lies between `delayMs` and `maxDelayMs`, less at most the jitter; where an outage begins, it is shorter.
 */

/** How a broken link is made anew. */
export interface RetrySettings {
  /** Attempts in a row without progress; 0: the first loss is an error. */
  readonly attempts: number;
  /** Pause before the first attempt, in milliseconds; each further one is twice as long. */
  readonly delayMs: number;
  /** Longest pause, in milliseconds. */
  readonly maxDelayMs: number;
  /** Share of a pause that chance may take away, 0 to 1: many clients of one source do not come back at the same moment. */
  readonly jitter: number;
  /** Whether the very first connection is tried again too. */
  readonly initial: boolean;
  /**
   * Count as a replica does: a source that had sent something and is lost makes an outage, and each outage has all attempts, the first
   * of them at once. Otherwise, losses count until the stream makes progress.
   */
  readonly perOutage: boolean;
}

/** Pause where the last link brought no progress before it was cut, in milliseconds: a source that cuts each of them is not hammered. */
const IDLE_CUT_MS = 1000;

/** Where the life of a link stands. */
export type LinkState =
  | { readonly name: 'idle' }
  /** `failures`: attempts since the last progress. `first`: no link has been made yet. */
  | { readonly name: 'connecting'; readonly failures: number; readonly first: boolean }
  | { readonly name: 'streaming'; readonly failures: number }
  | {
      readonly name: 'pausing';
      readonly failures: number;
      readonly first: boolean;
      readonly delayMs: number;
      readonly error: unknown;
    }
  /** `failures`: what was tried again before giving up. */
  | { readonly name: 'failed'; readonly failures: number; readonly error: unknown }
  | { readonly name: 'ended' }
  | { readonly name: 'stopped' };

export type LinkEvent =
  | { readonly type: 'start' }
  /** Connected, announced, and the dump asked for. */
  | { readonly type: 'connected' }
  /** The stream went beyond where it began. */
  | { readonly type: 'progressed' }
  /** Another attempt may help. `chance`: 0 to 1, for the jitter. */
  | { readonly type: 'lost'; readonly error: unknown; readonly chance: number }
  /** The same of a link that the source had sent something over, none of it wrong. `progressed`: the stream went on over it. */
  | {
      readonly type: 'cut';
      readonly error: unknown;
      readonly chance: number;
      readonly progressed: boolean;
    }
  /** Another attempt cannot help. */
  | { readonly type: 'refused'; readonly error: unknown }
  | { readonly type: 'rested' }
  /** The source said that this is all. */
  | { readonly type: 'finished' }
  | { readonly type: 'stop' };

/** What the driver does next; `none`: go on as before. */
export type LinkAction = 'none' | 'connect' | 'rest' | 'close';

export type LinkStep<State extends LinkState = LinkState> = readonly [state: State, action: LinkAction];

export const IDLE: LinkState = { name: 'idle' };

type Named<Name extends LinkState['name']> = Extract<LinkState, { name: Name }>;
type Typed<Type extends LinkEvent['type']> = Extract<LinkEvent, { type: Type }>;

/** A cell for every state and every event: the compiler refuses a hole. */
type Table = {
  readonly [Name in LinkState['name']]: {
    readonly [Type in LinkEvent['type']]: (
      state: Named<Name>,
      event: Typed<Type>,
      settings: RetrySettings,
    ) => LinkStep;
  };
};

const stay = (state: LinkState): LinkStep => [state, 'none'];
const stop = (): LinkStep => [{ name: 'stopped' }, 'close'];
const end = (): LinkStep => [{ name: 'ended' }, 'close'];

const refuse = (state: LinkState, { error }: Typed<'refused'>): LinkStep => [
  { name: 'failed', failures: 'failures' in state ? state.failures : 0, error },
  'close',
];

/** The pause before an attempt; `failures` counts from 1. */
export function pauseMs(failures: number, chance: number, settings: RetrySettings): number {
  const full = Math.min(settings.maxDelayMs, settings.delayMs * 2 ** (failures - 1));
  return full * (1 - settings.jitter * chance);
}

function lose(
  state: Named<'connecting'> | Named<'streaming'>,
  { error, chance }: Typed<'lost'> | Typed<'cut'>,
  settings: RetrySettings,
): LinkStep {
  const first = state.name === 'connecting' && state.first;
  const limit = first && !settings.initial ? 0 : settings.attempts;
  if (state.failures >= limit) return [{ name: 'failed', failures: state.failures, error }, 'close'];
  const failures = state.failures + 1;
  const delayMs = pauseMs(failures, chance, settings);
  return [{ name: 'pausing', failures, first, delayMs, error }, 'rest'];
}

function cut(state: Named<'streaming'>, event: Typed<'cut'>, settings: RetrySettings): LinkStep {
  if (!settings.perOutage) return lose(state, event, settings);
  const delayMs = event.progressed ? 0 : Math.min(settings.maxDelayMs, IDLE_CUT_MS);
  return [{ name: 'pausing', failures: 0, first: false, delayMs, error: event.error }, 'rest'];
}

const final = {
  start: stay,
  connected: stay,
  progressed: stay,
  lost: stay,
  cut: stay,
  refused: stay,
  rested: stay,
  finished: stay,
  stop: stay,
} as const;

const table: Table = {
  idle: {
    start: () => [{ name: 'connecting', failures: 0, first: true }, 'connect'],
    connected: stay,
    progressed: stay,
    lost: stay,
    cut: stay,
    refused: stay,
    rested: stay,
    finished: stay,
    stop,
  },
  connecting: {
    start: stay,
    connected: ({ failures }) => [{ name: 'streaming', failures }, 'none'],
    progressed: stay,
    lost: lose,
    cut: lose,
    refused: refuse,
    rested: stay,
    finished: stay,
    stop,
  },
  streaming: {
    start: stay,
    connected: stay,
    progressed: (state) => [state.failures === 0 ? state : { name: 'streaming', failures: 0 }, 'none'],
    lost: lose,
    cut,
    refused: refuse,
    rested: stay,
    finished: end,
    stop,
  },
  pausing: {
    start: stay,
    connected: stay,
    progressed: stay,
    lost: stay,
    cut: stay,
    refused: stay,
    rested: ({ failures, first }) => [{ name: 'connecting', failures, first }, 'connect'],
    finished: stay,
    stop,
  },
  failed: final,
  ended: final,
  stopped: final,
};

/** The next state, and what to do on the way there. */
export function stepLink(state: LinkState, event: LinkEvent, settings: RetrySettings): LinkStep {
  // A state and an event always meet in the cell that was typed for both; TypeScript cannot follow the two indexes.
  const cell = table[state.name][event.type] as (
    state: LinkState,
    event: LinkEvent,
    settings: RetrySettings,
  ) => LinkStep;
  return cell(state, event, settings);
}

/** Whether nothing more can happen. */
export function isFinal(state: LinkState): boolean {
  return state.name === 'failed' || state.name === 'ended' || state.name === 'stopped';
}

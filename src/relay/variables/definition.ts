import type { Flavor } from '../../charset/index.ts';
import type { Streams } from '../streams.ts';

/** A value as a variable holds it. Booleans are shown ON and OFF, and are 1 and 0 in expressions. */
export type VariableValue = string | number | boolean | null;

/** What variables that are worked out look at. */
export interface VariableSources {
  readonly flavor: Flavor;
  readonly streams: Streams;
  readonly now: () => number;
}

/** What a session knows of itself. */
export interface SessionFactsForVariables {
  readonly connectionId: number;
  readonly warnings: number;
  readonly errors: number;
  /** SET TIMESTAMP; undefined: the clock. */
  readonly timestamp: number | undefined;
}

/** How a value that is set is read. */
export type VariableType =
  | { readonly kind: 'text'; readonly values?: readonly string[] }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  /** Shown with six digits behind the point. */
  | { readonly kind: 'seconds' }
  | { readonly kind: 'boolean' };

/** A system variable. */
export interface VariableDefinition {
  /** Where it exists: `both` has a value of its own in every session. */
  readonly scope: 'global' | 'session' | 'both';
  readonly type: VariableType;
  /** The value it starts with. */
  readonly initial: VariableValue;
  /** Worked out whenever it is asked for; such a one cannot be set. */
  readonly live?: (sources: VariableSources, session: SessionFactsForVariables | undefined) => VariableValue;
  readonly readOnly: boolean;
  /** Which flavour of relay has it. Absent: both. */
  readonly flavor?: Flavor;
  /** Why it cannot have another value. */
  readonly only?: string;
  /** The one value is that of the start. */
  readonly atStart?: boolean;
  /** Another name of this one. */
  readonly alias?: string;
}

type Bounds = { readonly min?: number; readonly max?: number };

const typeOf = (initial: VariableValue, { min = 0, max = 2 ** 53 - 1 }: Bounds = {}): VariableType => {
  if (typeof initial === 'boolean') return { kind: 'boolean' };
  if (typeof initial === 'number') return { kind: 'integer', min, max };
  return { kind: 'text' };
};

/** A fact that nobody sets, though the command line may say it. */
export function fixed(
  initial: VariableValue,
  scope: VariableDefinition['scope'] = 'global',
): VariableDefinition {
  return { scope, type: typeOf(initial), initial, readOnly: true };
}

/** A setting of the relay, changed with SET GLOBAL. */
export function setting(initial: VariableValue, bounds?: Bounds): VariableDefinition {
  return { scope: 'global', type: typeOf(initial, bounds), initial, readOnly: false };
}

/** A setting with few values. */
export function choice(initial: string, values: readonly string[]): VariableDefinition {
  return { scope: 'global', type: { kind: 'text', values }, initial, readOnly: false };
}

/** What sessions may set as they like, because nothing in a relay follows from it. */
export function soft(initial: VariableValue, bounds?: Bounds): VariableDefinition {
  return { scope: 'both', type: typeOf(initial, bounds), initial, readOnly: false };
}

export function live(
  read: NonNullable<VariableDefinition['live']>,
  scope: VariableDefinition['scope'] = 'global',
): VariableDefinition {
  return { scope, type: { kind: 'text' }, initial: null, live: read, readOnly: true };
}

/** What is as it is: setting it to what it is passes, anything else is refused, at the start too. */
export function only(initial: string | number | boolean, why: string): VariableDefinition {
  return { scope: 'global', type: typeOf(initial), initial, readOnly: false, only: why };
}

/** What the start decides: nobody changes it later. */
export function atStart(initial: number, bounds: Bounds, why: string): VariableDefinition {
  return { ...only(initial, why), type: typeOf(initial, bounds), atStart: true };
}

export function alias(name: string): VariableDefinition {
  return { scope: 'global', type: { kind: 'text' }, initial: null, readOnly: true, alias: name };
}

import { ServerError } from '../../errors/index.ts';
import type { StateTable } from '../state/state.ts';
import type {
  SessionFactsForVariables,
  VariableDefinition,
  VariableSources,
  VariableType,
  VariableValue,
} from './definition.ts';
import { filterVariables } from './filter-variables.ts';
import { replicationVariables } from './replication-variables.ts';
import { serverVariables, sessionVariables } from './server-variables.ts';

const definitions: Readonly<Record<string, VariableDefinition>> = {
  ...serverVariables,
  ...replicationVariables,
  ...filterVariables,
  ...sessionVariables,
};

/** What a session set for itself. */
export type SessionValues = Map<string, VariableValue>;

/** Where to look, and whose eyes to look with. */
export interface Viewer {
  readonly values: SessionValues;
  readonly facts: SessionFactsForVariables;
}

/** ER_UNKNOWN_SYSTEM_VARIABLE */
export const unknownVariable = (name: string): ServerError =>
  new ServerError(1193, 'HY000', `Unknown system variable '${name}'`);

/** ER_INCORRECT_GLOBAL_LOCAL_VAR */
const wrongKind = (name: string, kind: string): ServerError =>
  new ServerError(1238, 'HY000', `Variable '${name}' is a ${kind} variable`);

const wrongValue = (name: string, value: VariableValue): ServerError =>
  new ServerError(1231, '42000', `Variable '${name}' can't be set to the value of '${value ?? 'NULL'}'`);

/** The system variables: what the command line said, what was persisted, what was set since. */
export class Variables {
  readonly #sources: VariableSources;
  readonly #table: StateTable;
  readonly #globals = new Map<string, VariableValue>();
  readonly #listeners: ((name: string, value: VariableValue) => void)[] = [];

  /** `given` are values from the command line and from facts; a persisted value comes before them, as with mysqld-auto.cnf. */
  constructor(
    sources: VariableSources,
    table: StateTable,
    given: Readonly<Record<string, VariableValue | undefined>>,
  ) {
    this.#sources = sources;
    this.#table = table;
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined) continue;
      const { name: real, definition } = this.#find(name);
      const converted = convert(real, definition.type, value);
      this.#globals.set(
        real,
        definition.atStart === true ? converted : checked(real, definition, converted, definition.initial),
      );
    }
    for (const [name, text] of table.all()) {
      if (Object.hasOwn(definitions, name)) this.#globals.set(name, JSON.parse(text) as VariableValue);
    }
  }

  /** Called when a global value changes. */
  onChange(listener: (name: string, value: VariableValue) => void): void {
    this.#listeners.push(listener);
  }

  /** Names that exist in this flavour, sorted; with a session, those of sessions too. */
  names(withSession: boolean): string[] {
    return Object.keys(definitions)
      .filter(
        (name) => this.#exists(name) && (withSession || this.#find(name).definition.scope !== 'session'),
      )
      .sort();
  }

  has(name: string): boolean {
    return Object.hasOwn(definitions, name) && this.#exists(name);
  }

  /** The global value. */
  global(name: string): VariableValue {
    const { name: real, definition } = this.#find(name);
    if (definition.live !== undefined) return definition.live(this.#sources, undefined);
    return this.#globals.get(real) ?? definition.initial;
  }

  number(name: string): number {
    return Number(this.global(name));
  }

  text(name: string): string {
    return String(this.global(name) ?? '');
  }

  boolean(name: string): boolean {
    return this.global(name) === true;
  }

  /** `@@name`, `@@global.name`, `@@session.name`. @throws ServerError 1193, 1238 */
  read(scope: 'global' | 'session' | undefined, name: string, viewer: Viewer): VariableValue {
    const { name: real, definition } = this.#find(name);
    if (scope === 'global' && definition.scope === 'session') throw wrongKind(name, 'SESSION');
    if (scope === 'session' && definition.scope === 'global') throw wrongKind(name, 'GLOBAL');
    if (definition.live !== undefined)
      return definition.live(this.#sources, scope === 'global' ? undefined : viewer.facts);
    if (scope !== 'global' && viewer.values.has(real)) return viewer.values.get(real)!;
    return this.#globals.get(real) ?? definition.initial;
  }

  /** SET SESSION. Undefined sets the default. */
  setSession(name: string, value: VariableValue | undefined, viewer: Viewer): void {
    const { name: real, definition } = this.#find(name);
    if (definition.scope === 'global') throw definition.readOnly ? readOnly(name) : globalOnly(name);
    if (value === undefined) {
      viewer.values.delete(real);
      return;
    }
    if (definition.readOnly) {
      // What a session says to be what it is anyway is no change.
      const same = convert(name, definition.type, value);
      if (same !== this.read('session', name, viewer) && definition.scope !== 'session') throw readOnly(name);
      return;
    }
    viewer.values.set(real, convert(name, definition.type, value));
  }

  /** SET GLOBAL, SET PERSIST. Undefined sets the default. */
  setGlobal(name: string, value: VariableValue | undefined, how: 'global' | 'persist' | 'persistOnly'): void {
    const { name: real, definition } = this.#find(name);
    if (definition.scope === 'session') throw sessionOnly(name);
    if (definition.readOnly || definition.live !== undefined) throw readOnly(name);
    const before = definition.atStart === true ? this.global(real) : definition.initial;
    const converted =
      value === undefined ? before : checked(name, definition, convert(name, definition.type, value), before);
    if (how !== 'global') this.#table.set(real, JSON.stringify(converted));
    if (how === 'persistOnly') return;
    this.#globals.set(real, converted);
    for (const listener of this.#listeners) listener(real, converted);
  }

  /** Whether the servers would take the nearest bound instead, and warn. */
  isBeyondBounds(name: string, value: VariableValue): boolean {
    if (!this.has(name)) return false;
    const { type } = this.#find(name).definition;
    return type.kind === 'integer' && (Number(value) < type.min || Number(value) > type.max);
  }

  /** A fact that is known only later: the port that was free. */
  settle(name: string, value: VariableValue): void {
    this.#globals.set(name, value);
  }

  /** RESET PERSIST. @returns false: the name was not persisted */
  forget(name: string): boolean {
    const known = this.#table.all();
    if (name !== '' && !known.has(name)) return false;
    for (const persisted of name === '' ? known.keys() : [name]) this.#table.delete(persisted);
    return true;
  }

  /** What SET PERSIST keeps. */
  get persisted(): ReadonlyMap<string, VariableValue> {
    return new Map([...this.#table.all()].map(([name, text]) => [name, JSON.parse(text) as VariableValue]));
  }

  isDynamic(name: string): boolean {
    return !this.#find(name).definition.readOnly;
  }

  #exists(name: string): boolean {
    const { flavor } = definitions[name]!;
    return flavor === undefined || flavor === this.#sources.flavor;
  }

  #find(name: string): { readonly name: string; readonly definition: VariableDefinition } {
    if (!this.has(name)) throw unknownVariable(name);
    const definition = definitions[name]!;
    return definition.alias === undefined ? { name, definition } : this.#find(definition.alias);
  }
}

const readOnly = (name: string): ServerError =>
  new ServerError(1238, 'HY000', `Variable '${name}' is a read only variable`);
const globalOnly = (name: string): ServerError =>
  new ServerError(1229, 'HY000', `Variable '${name}' is a GLOBAL variable and should be set with SET GLOBAL`);
const sessionOnly = (name: string): ServerError =>
  new ServerError(
    1228,
    'HY000',
    `Variable '${name}' is a SESSION variable and can't be used with SET GLOBAL`,
  );

const TRUE: ReadonlySet<string> = new Set(['1', 'ON', 'TRUE', 'YES']);
const FALSE: ReadonlySet<string> = new Set(['0', 'OFF', 'FALSE', 'NO']);

/** @throws ServerError 1231 the variable has one value here */
function checked(
  name: string,
  { only }: VariableDefinition,
  value: VariableValue,
  right: VariableValue,
): VariableValue {
  if (only === undefined || value === right) return value;
  throw new ServerError(1231, '42000', `${wrongValue(name, value).message}. ${only}`);
}

function convert(name: string, type: VariableType, value: VariableValue): VariableValue {
  switch (type.kind) {
    case 'text': {
      if (value === null) return '';
      const text = typeof value === 'boolean' ? (value ? 'ON' : 'OFF') : String(value);
      if (type.values === undefined) return text;
      const found = type.values.find((known) => known === text.toUpperCase());
      if (found === undefined) throw wrongValue(name, value);
      return found;
    }
    case 'integer': {
      const number = typeof value === 'boolean' ? Number(value) : Number(value ?? Number.NaN);
      if (!Number.isInteger(number)) {
        throw new ServerError(1232, '42000', `Incorrect argument type to variable '${name}'`);
      }
      // As the servers do it: what is out of bounds becomes the bound.
      return Math.min(Math.max(number, type.min), type.max);
    }
    case 'seconds':
      if (typeof value !== 'number' && typeof value !== 'boolean')
        throw new ServerError(1232, '42000', `Incorrect argument type to variable '${name}'`);
      return Math.max(Number(value), 0).toFixed(6);
    case 'boolean': {
      const text = typeof value === 'boolean' ? (value ? '1' : '0') : String(value ?? '').toUpperCase();
      if (TRUE.has(text)) return true;
      if (FALSE.has(text)) return false;
      throw wrongValue(name, value);
    }
  }
}

/** As SHOW VARIABLES prints a value. */
export function shownValue(value: VariableValue): string {
  if (typeof value === 'boolean') return value ? 'ON' : 'OFF';
  return value === null ? '' : String(value);
}

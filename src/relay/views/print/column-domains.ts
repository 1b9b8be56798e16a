import { DATETIME, type Domain, decimalOf, UNKNOWN, UNSIGNED, wholeDigits } from './domain.ts';

/** What columns are, by their names alone: where one name stands for several things, nothing is known of it. */
export class ColumnDomains {
  readonly #known: Map<string, Domain>;

  constructor(known: Iterable<readonly [name: string, domain: Domain]> = []) {
    this.#known = new Map();
    for (const [name, domain] of known) this.add(name, domain);
  }

  add(name: string, domain: Domain): void {
    const key = name.toLowerCase();
    const before = this.#known.get(key);
    // What is kept as digits has to be told apart everywhere.
    if (before?.digits === true && domain.digits === true) this.#known.set(key, longest(before, domain));
    else if (before?.digits !== true)
      this.#known.set(key, before === undefined || domain.digits === true ? domain : either(before, domain));
  }

  get(name: string): Domain | undefined {
    return this.#known.get(name.toLowerCase());
  }

  [Symbol.iterator](): Iterator<readonly [string, Domain]> {
    return this.#known[Symbol.iterator]();
  }
}

/** Of decimals, one that has room for both. */
function longest(one: Domain, other: Domain): Domain {
  const whole = Math.max(wholeDigits(one), wholeDigits(other));
  return { ...decimalOf(whole, Math.max(one.scale, other.scale)), digits: true };
}

/** Of what is the one or the other. */
function either(one: Domain, other: Domain): Domain {
  const { type, scale, collation, members, keyOf } = one;
  if (type === 'datetime' && other.type === type) {
    if (scale !== other.scale || one.moment !== other.moment) return DATETIME;
    const { isTimestamp: _isTimestamp, ...moment } = one;
    return one.isTimestamp === other.isTimestamp ? one : moment;
  }
  if (type !== other.type || scale !== other.scale) return UNKNOWN;
  if (one.precision !== other.precision) return type === 'unsigned' ? UNSIGNED : { type, scale };
  if (collation !== other.collation || members !== other.members) return { type, scale };
  const { keyOf: _keyOf, isIndexed: _isIndexed, ...column } = one;
  return {
    ...column,
    ...((one.isIndexed === true || other.isIndexed === true) && { isIndexed: true }),
    ...(keyOf !== undefined && keyOf === other.keyOf && { keyOf }),
  };
}

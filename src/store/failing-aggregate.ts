import type { SqliteAggregate } from './sqlite-database.ts';

/**
 * Has an aggregate throw where its group ends whatever a step throws: Node's own SQLite loses that, and then gives no rows and no error
 * (22.16 to 24.21). Until then the group goes on, and nothing is done for it.
 */
export function failingAtItsEnd(given: SqliteAggregate): SqliteAggregate {
  const { start, step, inverse, result } = given;
  /** A group that failed has the place of what was thrown for its state, counted from -1 down. */
  const failures: unknown[] = [];
  const kept = (take: SqliteAggregate['step']): SqliteAggregate['step'] => {
    const keep: SqliteAggregate['step'] = (state, ...values) => {
      if (state < 0) return state;
      try {
        return take(state, ...values);
      } catch (failure) {
        return -failures.push(failure);
      }
    };
    // SQLite is told how many values it takes by that.
    return Object.defineProperty(keep, 'length', { value: take.length });
  };
  return {
    ...given,
    start,
    step: kept(step),
    ...(inverse === undefined ? {} : { inverse: kept(inverse) }),
    result: (state) => {
      if (state >= 0) return result(state);
      const failure = failures[-state - 1];
      failures.length = 0;
      // SQLite ends the groups of a query that has failed, too.
      if (failure === undefined) return null;
      throw failure;
    },
  };
}

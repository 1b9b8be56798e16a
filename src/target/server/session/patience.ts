/**
 * How long a session waits in the server before its transaction lets go of everything and is done again.
 *
 * Where commits keep the order of the source, a transaction may need a lock that one behind it holds, which waits for its turn to commit. The
 * server sees no deadlock in that, so neither waits long at first. Who came late to its turn waits longer the next time; who waited for a
 * lock waits as long as others on that server do, once those behind it have let go of theirs.
 */
export interface Patience {
  /** Seconds, with fractions, of {@link turnStatement}. */
  readonly turn: number;
  /** `innodb_lock_wait_timeout`, seconds; undefined: it stays what it is. */
  readonly lock: number | undefined;
}

/** The least that a server takes. */
export const SHORT_LOCK_WAIT = 1;

/** Those before it are small transactions whose COMMIT is on its way: more than they take on a disk that syncs in 20 ms. */
const FIRST_TURN_SECONDS = 0.25;
const LONGEST_TURN_SECONDS = 3;

/** Seconds to wait for a turn, by how often the transaction came late to it. */
export const turnSeconds = (lates: number): number =>
  Math.min(FIRST_TURN_SECONDS * 2 ** lates, LONGEST_TURN_SECONDS);

/** What sets how long locks are waited for, to be set along with something else. */
export const lockWaitSetting = (seconds: number | undefined): string =>
  seconds === undefined ? '' : `, @@session.innodb_lock_wait_timeout = ${seconds}`;

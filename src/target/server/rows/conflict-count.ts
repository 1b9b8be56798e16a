import type { Outcome } from '../../../connection/index.ts';
import { ConflictErrno } from '../../conflict.ts';

/** What a statement does with rows that may not be as the source had them, where that does not stop it. */
export type Tolerated = 'inserted' | 'replaced' | 'updated' | 'overwritten' | 'deleted' | 'cleared';

export interface Conflicts {
  readonly errno: (typeof ConflictErrno)[keyof typeof ConflictErrno];
  /** Of the statement's rows. */
  readonly count: number;
}

type Counter = (outcome: Pick<Outcome, 'affectedRows' | 'info'>, rows: number) => Conflicts;

/** What MySQL and MariaDB say of an UPDATE. */
const UPDATED = /Rows matched: (\d+) {2}Changed: (\d+)/;

/** From what the server says a statement did: a session without CLIENT_FOUND_ROWS, which would count what was there and stays. */
export const COUNTERS: Readonly<Record<Tolerated, Counter>> = {
  inserted: ({ affectedRows }, rows) => ({
    errno: ConflictErrno.DUPLICATE,
    count: rows - Number(affectedRows),
  }),
  // A row that was there counts twice, unless it is the same.
  replaced: ({ affectedRows }, rows) => ({
    errno: ConflictErrno.DUPLICATE,
    count: Number(affectedRows) - rows,
  }),
  updated: ({ info }) => {
    // Nothing is said of a transaction that was done before, under the same GTID.
    const [, matched, changed] = UPDATED.exec(info.toString('latin1')) ?? [];
    if (matched === '0') return { errno: ConflictErrno.NOT_FOUND, count: 1 };
    // Another row was in the way. MySQL warns of it; MariaDB says nothing.
    return { errno: ConflictErrno.DUPLICATE, count: changed === '0' ? 1 : 0 };
  },
  overwritten: ({ info }) => ({
    errno: ConflictErrno.NOT_FOUND,
    count: UPDATED.exec(info.toString('latin1'))?.[1] === '0' ? 1 : 0,
  }),
  cleared: ({ affectedRows }) => ({ errno: ConflictErrno.DUPLICATE, count: Number(affectedRows) }),
  deleted: ({ affectedRows }, rows) => ({
    errno: ConflictErrno.NOT_FOUND,
    count: rows - Number(affectedRows),
  }),
};

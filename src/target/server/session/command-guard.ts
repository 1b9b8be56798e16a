import { lockWaitSetting, type Patience } from './patience.ts';
import { OUT_OF_RANGE } from './turn-statement.ts';
import type { Command } from './unsent-statements.ts';

/** A command as it is sent. */
export interface GuardedCommand {
  readonly pieces: readonly Buffer[];
  readonly statements: number;
  /** Answers that come before those of the command's own statements. */
  readonly ahead: number;
}

const SET = ';SET ';
/** As commands begin that give a transaction its GTID in MySQL. */
const SET_GTID: Buffer = Buffer.from(`${SET}@@session.gtid_next=`);

/** Tells a session the number of the command that it gets next, and how long to wait in it. */
export const numberStatement = (number: number, { turn, lock }: Patience): string =>
  `SET @rowlock = ${number}, @rowlock_turn = ${turn}${lockWaitSetting(lock)}`;

/**
 * Lets a command do nothing unless the one before it succeeded: that one has left the number behind.
 *
 * @param lockWait how long to wait for locks behind it, seconds; undefined: as in it
 */
export function guarded({ bytes, statements }: Command, number: number, lockWait?: number): GuardedCommand {
  const end = Buffer.from(`;SET @rowlock = ${number + 1}${lockWaitSetting(lockWait)}`);
  const test = `SET @rowlock = IF(@rowlock = ${number}, NULL, `;
  // One statement less to be read: MySQL sets all or nothing.
  if (bytes.subarray(0, SET_GTID.length).equals(SET_GTID)) {
    const guard = Buffer.from(`${test}${OUT_OF_RANGE}), `);
    return { pieces: [guard, bytes.subarray(SET.length), end], statements: statements + 1, ahead: 0 };
  }
  const guard = Buffer.from(`${test}(SELECT 1 UNION ALL SELECT 2))`);
  return { pieces: [guard, bytes, end], statements: statements + 2, ahead: 1 };
}

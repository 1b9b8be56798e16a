/**
 * Seconds that a session waits in the server for its turn. Whoever is before it may need a lock that it holds: then it is late, lets go of
 * everything, and does it again. Those before it are small transactions whose COMMIT is on its way; this is much more than they take.
 */
const TURN_SECONDS = 3;

/** What fails when it is worked out, and only then, on every server of MySQL (1690). */
export const OUT_OF_RANGE = 'EXP(710)';

/** What fails unless a GTID is, or soon becomes, one of a transaction that was committed. MySQL 5.7.5 and later. */
export function turnStatement(gtid: string): string {
  return `SET @rowlock = IF(WAIT_FOR_EXECUTED_GTID_SET('${gtid}', ${TURN_SECONDS}) = 0, NULL, ${OUT_OF_RANGE})`;
}

/** What fails when it is worked out, and only then, on every server of MySQL (1690). */
export const OUT_OF_RANGE = 'EXP(710)';

/**
 * What fails unless a GTID is, or soon becomes, one of a transaction that was committed: as soon as the session's {@link Patience} says.
 * MySQL 5.7.5 and later.
 */
export function turnStatement(gtid: string): string {
  return `SET @rowlock = IF(WAIT_FOR_EXECUTED_GTID_SET('${gtid}', @rowlock_turn) = 0, NULL, ${OUT_OF_RANGE})`;
}

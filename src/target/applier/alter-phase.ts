import { MariadbGtidExtraFlag, type Query } from '../../binlog/index.ts';

const UNDONE = MariadbGtidExtraFlag.START_ALTER | MariadbGtidExtraFlag.ROLLBACK_ALTER;

/**
 * Whether an ALTER TABLE of the log is one that the source has begun, or given up.
 *
 * With `binlog_alter_two_phase` MariaDB logs the statement when it begins, so that its replicas begin as well, and again when it has ended:
 * COMMIT ALTER, ROLLBACK ALTER. What others changed meanwhile is logged between the two, and has the columns from before.
 */
export const isUndoneAlter = ({ status: { gtidFlags3 = 0 } }: Query): boolean => (gtidFlags3 & UNDONE) !== 0;

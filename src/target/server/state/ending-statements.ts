import type { Flavor } from '../../../binlog/index.ts';

/** How a transaction of the target is to end. */
export interface Ending {
  /** Whether it has begun. */
  readonly isOpen: boolean;
  /** The statement that keeps the channel's place in it; undefined: the server's GTIDs say it. */
  readonly save: string | undefined;
  /** Whether a transaction that only keeps the place stays out of the target's log: it has no number of its own there. */
  readonly isHidden: boolean;
  readonly flavor: Flavor;
}

/** BEGIN opens a block where sql_mode is ORACLE. */
const START = 'START TRANSACTION';

/** What ends a transaction of the target, with the place where the channel stands. */
export function endingStatements({ isOpen, save, isHidden, flavor }: Ending): readonly string[] {
  if (save === undefined) return isOpen ? ['COMMIT'] : [];
  if (isOpen) return [save, 'COMMIT'];
  if (!isHidden) return [START, save, 'COMMIT'];
  return [
    'SET @@session.sql_log_bin=0',
    ...(flavor === 'mysql' ? ["SET @@session.gtid_next='AUTOMATIC'"] : []),
    START,
    save,
    'COMMIT',
    'SET @@session.sql_log_bin=1',
  ];
}

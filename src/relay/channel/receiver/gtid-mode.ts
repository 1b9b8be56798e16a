import type { TransactionGtid } from '../../../replication/index.ts';
import { ChannelError } from '../channel-error.ts';
import type { ChannelConfiguration } from '../configuration.ts';

/** ER_REPLICA_RELAY_LOG_WRITE_FAILURE */
const COULD_NOT_QUEUE = 13_122;

/**
 * What replicas of MySQL behind this relay would not take must not come in.
 *
 * @param mode OFF, OFF_PERMISSIVE, ON_PERMISSIVE, ON
 * @param file of the source's log, where the transaction begins
 * @throws ChannelError
 */
export function demandGtidMode(
  mode: string,
  gtid: TransactionGtid | undefined,
  { channel, assignGtidsToAnonymousTransactions: assign }: ChannelConfiguration,
  file: string,
  position: number,
): void {
  if (mode === 'ON' && gtid === undefined && assign === 'OFF') {
    throw new ChannelError(
      COULD_NOT_QUEUE,
      `Cannot replicate anonymous transaction when @@GLOBAL.GTID_MODE = ON, at file ${file}, position ${position}. Give such ` +
        `transactions GTIDs: CHANGE REPLICATION SOURCE TO ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS=LOCAL FOR CHANNEL '${channel}'; or, ` +
        'where replicas have no GTIDs either, set gtid_mode.',
    );
  }
  if (mode === 'OFF' && gtid !== undefined) {
    throw new ChannelError(
      COULD_NOT_QUEUE,
      `Cannot replicate GTID-transaction when @@GLOBAL.GTID_MODE = OFF, at file ${file}, position ${position}.`,
    );
  }
}

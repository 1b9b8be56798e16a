import { ServerError } from '../../errors/index.ts';
import type { SourceOptions } from '../../sql/index.ts';
import type { ChannelConfiguration } from '../channel/configuration.ts';
import { notSupported } from '../views/refusals.ts';
import type { Relay } from './context.ts';

const refuse = (errno: number, message: string): ServerError => new ServerError(errno, 'HY000', message);

/** What does not go together, of the whole configuration as it would be. @throws ServerError */
export function checkCombination(
  changed: ChannelConfiguration,
  options: SourceOptions,
  { flavor, variables }: Relay,
): void {
  const { channel, positioning } = changed;
  if (positioning === 'auto' && variables.text('gtid_mode') === 'OFF') {
    throw refuse(
      1777,
      'CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION = 1 cannot be executed because @@GLOBAL.GTID_MODE = OFF.',
    );
  }
  const placed = [options.sourceLogFile, options.sourceLogPos, options.relayLogFile, options.relayLogPos];
  if (flavor === 'mysql' && positioning === 'auto' && placed.some((value) => value !== undefined)) {
    throw refuse(
      1776,
      'Parameters SOURCE_LOG_FILE, SOURCE_LOG_POS, RELAY_LOG_FILE and RELAY_LOG_POS cannot be set when SOURCE_AUTO_POSITION is active.',
    );
  }
  if (changed.gtidOnly && !(positioning !== 'position' && changed.requireRowFormat)) {
    const cleared = options.requireRowFormat === 0;
    if (cleared && options.gtidOnly === undefined)
      throw refuse(
        4066,
        `REQUIRE_ROW_FORMAT cannot be disabled for replication channel '${channel}' when GTID_ONLY=1.`,
      );
    if (options.sourceAutoPosition === false && options.gtidOnly === undefined)
      throw refuse(
        4067,
        `SOURCE_AUTO_POSITION cannot be disabled for replication channel '${channel}' when GTID_ONLY=1.`,
      );
    throw refuse(
      4065,
      `GTID_ONLY cannot be enabled for replication channel '${channel}'. You need GTID_MODE = ON, SOURCE_AUTO_POSITION = 1 and REQUIRE_ROW_FORMAT = 1.`,
    );
  }
  if (changed.sourceConnectionAutoFailover && positioning === 'position') {
    throw refuse(
      3991,
      'Failed to enable Asynchronous Replication Connection Failover feature. The CHANGE REPLICATION SOURCE TO SOURCE_CONNECTION_AUTO_FAILOVER = 1 can only be set when SOURCE_AUTO_POSITION option of CHANGE REPLICATION SOURCE TO is enabled.',
    );
  }
  if (changed.assignGtidsToAnonymousTransactions !== 'OFF' && positioning === 'auto') {
    throw refuse(
      4014,
      'The options ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS = LOCAL|<UUID> and SOURCE_AUTO_POSITION = 1 cannot be used together.',
    );
  }
  if (changed.gtidOnly) {
    throw notSupported(
      'GTID_ONLY',
      'SOURCE_AUTO_POSITION=1 goes by GTIDs alone; positions are kept with each transaction, at no cost',
    );
  }
  if (changed.sourceConnectionAutoFailover) {
    throw notSupported(
      'SOURCE_CONNECTION_AUTO_FAILOVER',
      'With SOURCE_AUTO_POSITION=1, CHANGE REPLICATION SOURCE TO another host goes on where the old one ended',
    );
  }
}

import { ServerError } from '../../../errors/index.ts';
import type { SourceOptions } from '../../../sql/index.ts';
import type { ChannelConfiguration } from '../../channel/configuration.ts';
import type { Relay } from '../context.ts';

const refuse = (errno: number, message: string): ServerError => new ServerError(errno, 'HY000', message);

/** What does not go together, of the whole configuration as it would be. @throws ServerError */
export function checkCombination(
  changed: ChannelConfiguration,
  options: SourceOptions,
  { flavor, variables }: Relay,
): void {
  const { positioning } = changed;
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
  checkGtidOnly(changed, options, flavor === 'mariadb' || variables.text('gtid_mode') === 'ON');
  if (changed.assignGtidsToAnonymousTransactions !== 'OFF' && positioning === 'auto') {
    throw refuse(
      4014,
      'The options ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS = LOCAL|<UUID> and SOURCE_AUTO_POSITION = 1 cannot be used together.',
    );
  }
}

/** What GTID_ONLY and SOURCE_CONNECTION_AUTO_FAILOVER need, and keep from being taken away. In the order of the server's checks. */
function checkGtidOnly(changed: ChannelConfiguration, options: SourceOptions, hasGtids: boolean): void {
  const { channel, gtidOnly, requireRowFormat, sourceConnectionAutoFailover } = changed;
  const goesByGtids = changed.positioning !== 'position';
  if (options.gtidOnly === true && !(hasGtids && goesByGtids && requireRowFormat)) {
    throw refuse(
      4065,
      `GTID_ONLY cannot be enabled for replication channel '${channel}'. You need GTID_MODE = ON, SOURCE_AUTO_POSITION = 1 and REQUIRE_ROW_FORMAT = 1.`,
    );
  }
  if (options.sourceConnectionAutoFailover === true && !hasGtids)
    throw noFailover(3990, '@@GLOBAL.GTID_MODE = ON.');
  if (sourceConnectionAutoFailover && !goesByGtids) {
    if (options.sourceConnectionAutoFailover === true)
      throw noFailover(3991, 'SOURCE_AUTO_POSITION option of CHANGE REPLICATION SOURCE TO is enabled.');
    throw refuse(
      3993,
      'CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION = 0 cannot be executed because Asynchronous Replication Connection Failover is enabled i.e. CHANGE REPLICATION SOURCE TO SOURCE_CONNECTION_AUTO_FAILOVER = 1.',
    );
  }
  if (gtidOnly && !goesByGtids)
    throw refuse(
      4067,
      `SOURCE_AUTO_POSITION cannot be disabled for replication channel '${channel}' when GTID_ONLY=1.`,
    );
  if (gtidOnly && !requireRowFormat)
    throw refuse(
      4066,
      `REQUIRE_ROW_FORMAT cannot be disabled for replication channel '${channel}' when GTID_ONLY=1.`,
    );
}

/** ER_RPL_ASYNC_RECONNECT_GTID_MODE_OFF, ER_RPL_ASYNC_RECONNECT_AUTO_POSITION_OFF */
const noFailover = (errno: 3990 | 3991, needs: string): ServerError =>
  refuse(
    errno,
    `Failed to enable Asynchronous Replication Connection Failover feature. The CHANGE REPLICATION SOURCE TO SOURCE_CONNECTION_AUTO_FAILOVER = 1 can only be set when ${needs}`,
  );

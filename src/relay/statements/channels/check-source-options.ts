import type { Flavor } from '../../../binlog/index.ts';
import { ServerError } from '../../../errors/index.ts';
import { parseUuid } from '../../../gtid/index.ts';
import type { SourceOptions } from '../../../sql/index.ts';
import { notSupported } from '../../../sql/index.ts';
import type { Context } from '../context.ts';
import { applierMustStop, mustStop } from './implied-channel.ts';
import { namesPlace } from './source-settings.ts';

const refuse = (errno: number, message: string): ServerError => new ServerError(errno, 'HY000', message);

/** The servers' own bounds: MAX_SOURCE_DELAY, SOURCE_HEARTBEAT_MAX, characters of a password, 22 levels of zstd. */
const MAX_DELAY = 2_147_483_647;
const MAX_HEARTBEAT = 4_294_967;
const MAX_PASSWORD = { mysql: 32, mariadb: 96 } as const;
const MAX_ZSTD_LEVEL = 22;
const MAX_CHANNEL_NAME = 64;

/** Options that concern the applier; all but one concern it alone. */
const APPLIER_OPTIONS: ReadonlySet<string> = new Set<keyof SourceOptions>([
  'sourceDelay',
  'relayLogFile',
  'relayLogPos',
  'privilegeChecksUser',
  'requireRowFormat',
  'requireTablePrimaryKeyCheck',
]);

/** Options that neither thread may run for. */
const CHANNEL_OPTIONS: ReadonlySet<string> = new Set<keyof SourceOptions>([
  'sourceAutoPosition',
  'masterUseGtid',
  'assignGtidsToAnonymousTransactions',
  'gtidOnly',
  'sourceConnectionAutoFailover',
]);

/** @throws ServerError 3076, 3139 */
export function checkName(channel: string, flavor: Flavor): void {
  // MySQL takes the names that tables may have.
  const isOdd = channel.includes('\0') || (flavor === 'mysql' && channel.endsWith(' '));
  if (channel.length > MAX_CHANNEL_NAME || isOdd)
    throw refuse(3076, "Couldn't create channel: Channel name is either invalid or too long.");
  if (channel.startsWith('group_replication_')) {
    throw refuse(
      3139,
      `CHANGE REPLICATION SOURCE with the given parameters cannot be performed on channel '${channel}'.`,
    );
  }
}

/** Whether what the options concern stands still; with MariaDB, whether both threads do. @throws ServerError 3021, 3081, 3085 */
export function checkRunning(
  options: SourceOptions,
  channel: string,
  status:
    | { readonly receiver: { readonly state: string }; readonly applier: { readonly state: string } }
    | undefined,
  flavor: Flavor,
): void {
  if (status === undefined) return;
  const names = Object.keys(options);
  const receives = status.receiver.state !== 'OFF';
  const applies = status.applier.state !== 'OFF';
  const touchesReceiver = names.some(
    (name) => name === 'requireRowFormat' || !(APPLIER_OPTIONS.has(name) || CHANNEL_OPTIONS.has(name)),
  );
  const touchesApplier = names.some((name) => APPLIER_OPTIONS.has(name));
  const touchesChannel = flavor === 'mariadb' || names.some((name) => CHANNEL_OPTIONS.has(name));
  if ((receives || applies) && touchesChannel) throw mustStop(channel);
  if (receives && applies && touchesReceiver && touchesApplier) throw mustStop(channel);
  if (touchesReceiver && receives) {
    throw refuse(
      3021,
      `This operation cannot be performed with a running replica io thread; run STOP REPLICA IO_THREAD FOR CHANNEL '${channel}' first.`,
    );
  }
  // What was received of the old place goes, and the applier reads it.
  const moves = namesPlace(options);
  if ((touchesApplier || moves) && applies) throw applierMustStop(channel);
}

/** Each value by itself. @throws ServerError what the server says of a wrong one */
export function checkValues(options: SourceOptions, channel: string, { relay, session }: Context): void {
  if (options.sourceHost === '')
    throw refuse(1210, `Incorrect arguments to ${relay.flavor === 'mysql' ? 'SOURCE' : 'MASTER'}_HOST`);
  if (relay.flavor === 'mariadb') checkNames(options);
  const password = options.sourcePassword;
  if (password?.kind === 'text' && password.text.length > MAX_PASSWORD[relay.flavor])
    throw passwordTooLong(relay.flavor);
  const { sourceDelay = 0, sourceHeartbeatPeriod: heartbeat, requireRowFormat = 0 } = options;
  if (sourceDelay > MAX_DELAY)
    throw refuse(
      1729,
      `The requested value ${sourceDelay} for the source delay exceeds the maximum ${MAX_DELAY}`,
    );
  if (requireRowFormat > 1)
    throw refuse(
      3945,
      `The requested value ${requireRowFormat} is invalid for REQUIRE_ROW_FORMAT, must be either 0 or 1.`,
    );
  if (heartbeat !== undefined) checkHeartbeat(heartbeat, { relay, session });
  const { sourceCompressionAlgorithms: algorithms, sourceZstdCompressionLevel: level } = options;
  if (
    algorithms !== undefined &&
    !/^(zlib|zstd|uncompressed)(,(zlib|zstd|uncompressed)){0,2}$/i.test(algorithms)
  )
    throw refuse(3920, `Invalid SOURCE_COMPRESSION_ALGORITHMS '${algorithms}' for channel '${channel}'.`);
  if (level !== undefined && level > MAX_ZSTD_LEVEL)
    throw refuse(3921, `Invalid SOURCE_ZSTD_COMPRESSION_LEVEL ${level} for channel '${channel}'.`);
  checkSupported(options);
  const user = options.privilegeChecksUser;
  if (user?.user === '') {
    throw refuse(
      3925,
      `PRIVILEGE_CHECKS_USER for replication channel '${channel}' was set to \`\`@\`${user.host}\`, but anonymous users are disallowed for PRIVILEGE_CHECKS_USER.`,
    );
  }
  if (user !== undefined && user !== null && !relay.accounts.exists(user.user, user.host)) {
    throw refuse(
      3926,
      `PRIVILEGE_CHECKS_USER for replication channel '${channel}' was set to \`${user.user}\`@\`${user.host}\`, but this is not an existing user.`,
    );
  }
  const assign = options.assignGtidsToAnonymousTransactions;
  if (assign?.kind === 'UUID' && !isUuid(assign.uuid))
    throw refuse(1525, `Incorrect UUID value: '${assign.uuid}'`);
  if (assign !== undefined && assign.kind !== 'OFF') {
    session.warn(
      4017,
      'Using ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS creates limitations on the replication topology - you cannot fail over between downstream and upstream servers. Only use this option if it is not possible to enable GTIDs on the source, for instance, because of lack of permissions. If possible, use the procedure for enabling GTID transactions online instead, as described in the documentation.',
      'Note',
    );
  }
  if (relay.flavor === 'mysql' && (options.ignoreServerIds?.length ?? 0) > 0) {
    throw refuse(
      3139,
      `CHANGE REPLICATION SOURCE TO ... IGNORE_SERVER_IDS='...' when @@GLOBAL.GTID_MODE = ON cannot be performed on channel '${channel}'.`,
    );
  }
}

/** What ER_WRONG_STRING_LENGTH shows of a name at most. */
const SHOWN_NAME = 70;

/** Longer names than these are MariaDB's own limit. @throws ServerError 1470 */
function checkNames({ sourceHost = '', sourceUser = '' }: SourceOptions): void {
  for (const [name, option, most] of [
    [sourceHost, 'MASTER_HOST', 255],
    [sourceUser, 'MASTER_USER', 128],
  ] as const) {
    if (name.length > most)
      throw refuse(
        1470,
        `String '${name.slice(0, SHOWN_NAME - 3)}...' is too long for ${option} (should be no longer than ${most})`,
      );
  }
}

/** MariaDB shows the password as well. */
function passwordTooLong(flavor: Flavor): ServerError {
  const most = MAX_PASSWORD[flavor];
  if (flavor === 'mariadb')
    return refuse(1470, `String '***' is too long for MASTER_PASSWORD (should be no longer than ${most})`);
  return refuse(
    3056,
    `The password provided for the replication user exceeds the maximum length of ${most} characters`,
  );
}

/** What would be kept and do nothing is refused. @throws ServerError 1235 */
function checkSupported(options: SourceOptions): void {
  if (options.relayLogFile !== undefined || options.relayLogPos !== undefined)
    throw notSupported(
      options.relayLogFile === undefined ? 'RELAY_LOG_POS' : 'RELAY_LOG_FILE',
      'The applier goes on where it stands; SOURCE_LOG_FILE, SOURCE_LOG_POS and GTIDs name another place',
    );
  if ((options.networkNamespace ?? '') !== '')
    throw notSupported('NETWORK_NAMESPACE', 'Start the relay inside the namespace');
}

function checkHeartbeat(seconds: number, { relay, session }: Context): void {
  if (seconds > MAX_HEARTBEAT) {
    throw refuse(
      1624,
      `The requested value for the heartbeat period is either negative or exceeds the maximum allowed (${MAX_HEARTBEAT} seconds).`,
    );
  }
  // The same sentences, but for the variable's name and the full stop.
  const [variable, stop] =
    relay.flavor === 'mysql' ? ['replica_net_timeout', '.'] : ['slave_net_timeout', ''];
  if (seconds > 0 && seconds < 0.001) {
    session.warn(
      1703,
      `The requested value for the heartbeat period is less than 1 millisecond. The value is reset to 0, meaning that heartbeating will effectively be disabled${stop}`,
    );
  }
  if (seconds > relay.variables.number(variable)) {
    session.warn(
      1704,
      `The requested value for the heartbeat period exceeds the value of \`${variable}' seconds. A sensible value for the period should be less than the timeout${stop}`,
    );
  }
}

function isUuid(text: string): boolean {
  try {
    return parseUuid(text) !== undefined;
  } catch {
    return false;
  }
}

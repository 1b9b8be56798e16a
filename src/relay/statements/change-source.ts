import { ServerError } from '../../errors/index.ts';
import { parseUuid } from '../../gtid/index.ts';
import type { ReplicationStatement, SourceOptions } from '../../sql/index.ts';
import {
  type ChannelConfiguration,
  defaultConfiguration,
  type Positioning,
  type SecretSource,
} from '../channel/configuration.ts';
import { saveChannel } from '../state/channels.ts';
import { notSupported } from '../views/translate.ts';
import { type Answer, DONE } from './answer.ts';
import { type Context, demandReplicationAdmin, type Relay } from './context.ts';

type ChangeSource = Extract<ReplicationStatement, { kind: 'changeSource' }>;

const refuse = (errno: number, message: string): ServerError => new ServerError(errno, 'HY000', message);

/** MySQL's own bounds: MAX_SOURCE_DELAY, SOURCE_HEARTBEAT_MAX, 32 characters of password, 22 levels of zstd. */
const MAX_DELAY = 2_147_483_647;
const MAX_HEARTBEAT = 4_294_967;
const MAX_PASSWORD = 32;
const MAX_ZSTD_LEVEL = 22;
const MAX_CHANNEL_NAME = 64;
/** MariaDB's master_retry_count. */
const MARIADB_RETRY_COUNT = 100_000;

/** Options that concern the applier alone: they may change while the receiver runs. */
const APPLIER_OPTIONS: ReadonlySet<string> = new Set<keyof SourceOptions>([
  'sourceDelay',
  'relayLogFile',
  'relayLogPos',
  'privilegeChecksUser',
  'requireTablePrimaryKeyCheck',
]);

/** Options that concern both threads. */
const CHANNEL_OPTIONS: ReadonlySet<string> = new Set<keyof SourceOptions>([
  'requireRowFormat',
  'sourceAutoPosition',
  'masterUseGtid',
  'assignGtidsToAnonymousTransactions',
  'gtidOnly',
  'sourceConnectionAutoFailover',
]);

/** The channel a statement without FOR CHANNEL means. @throws ServerError 3079 */
export function impliedChannel(relay: Relay, channel: string | undefined): string {
  if (channel !== undefined) return channel;
  if (relay.streams.channels.all.length > 1) {
    throw refuse(3079, 'Multiple channels exist on the replica. Please provide channel name as an argument.');
  }
  return '';
}

/** CHANGE REPLICATION SOURCE TO, CHANGE MASTER TO. */
export async function changeSource(statement: ChangeSource, context: Context): Promise<Answer> {
  demandReplicationAdmin(context);
  const { relay, session } = context;
  const channel = impliedChannel(relay, statement.channel);
  checkName(channel);
  const existing = relay.streams.channels.get(channel);
  const base = existing?.configuration ?? freshConfiguration(channel, relay);
  checkRunning(statement.options, channel, existing?.status());
  checkValues(statement.options, channel, context);
  const changed = await applyOptions(base, statement.options, relay);
  checkCombination(changed, statement.options, relay);
  if (
    !changed.sourceSsl &&
    (statement.options.sourceUser ?? statement.options.sourcePassword) !== undefined
  ) {
    session.warn(1759, 'Sending passwords in plain text without SSL/TLS is extremely insecure.', 'Note');
  }
  await store(relay, changed, existing?.configuration, namesPlace(statement.options));
  relay.audit.record('change', {
    what: 'CHANGE REPLICATION SOURCE',
    channel,
    options: Object.keys(statement.options).join(','),
    host: changed.sourceHost,
    port: changed.sourcePort,
  });
  return DONE;
}

/** Keeps the configuration on the disk and hands it to the streams. What they refuse is not kept. */
export async function store(
  relay: Relay,
  changed: ChannelConfiguration,
  before: ChannelConfiguration | undefined,
  anew = false,
): Promise<void> {
  saveChannel(relay.state.channels, changed);
  try {
    await relay.streams.channels.configure(changed, anew);
  } catch (error) {
    if (before === undefined) relay.state.channels.delete(changed.channel);
    else saveChannel(relay.state.channels, before);
    throw error;
  }
}

/** Options that say where to begin, even if they say what was said before. */
const PLACES = ['sourceHost', 'sourcePort', 'sourceLogFile', 'sourceLogPos'] as const;
const namesPlace = (options: SourceOptions): boolean => PLACES.some((name) => options[name] !== undefined);

function freshConfiguration(channel: string, relay: Relay): ChannelConfiguration {
  const fresh = defaultConfiguration(channel, relay.variables.number('replica_net_timeout'));
  // Both servers ask for TLS by now unless they are told not to. MariaDB begins with GTIDs (10.10) and verifies (11.4).
  if (relay.flavor === 'mysql') return { ...fresh, sourceSsl: true };
  return {
    ...fresh,
    positioning: 'slave_pos',
    sourceSsl: true,
    sourceSslVerifyServerCert: true,
    sourceRetryCount: MARIADB_RETRY_COUNT,
  };
}

function checkName(channel: string): void {
  if (channel.length > MAX_CHANNEL_NAME || /[\0/\\]/.test(channel))
    throw refuse(3076, "Couldn't create channel: Channel name is either invalid or too long.");
  if (channel.startsWith('group_replication_')) {
    throw refuse(
      3139,
      `CHANGE REPLICATION SOURCE with the given parameters cannot be performed on channel '${channel}'.`,
    );
  }
}

function checkRunning(
  options: SourceOptions,
  channel: string,
  status:
    | { readonly receiver: { readonly state: string }; readonly applier: { readonly state: string } }
    | undefined,
): void {
  if (status === undefined) return;
  const names = Object.keys(options);
  const runs = status.receiver.state !== 'OFF' || status.applier.state !== 'OFF';
  if (runs && names.some((name) => CHANNEL_OPTIONS.has(name))) throw mustStop(channel);
  const touchesReceiver = names.some((name) => !APPLIER_OPTIONS.has(name) && !CHANNEL_OPTIONS.has(name));
  const touchesApplier = names.some((name) => APPLIER_OPTIONS.has(name));
  if (touchesReceiver && status.receiver.state !== 'OFF') {
    throw refuse(
      3021,
      `This operation cannot be performed with a running replica io thread; run STOP REPLICA IO_THREAD FOR CHANNEL '${channel}' first.`,
    );
  }
  // What was received of the old place goes, and the applier reads it.
  const moves = namesPlace(options);
  if ((touchesApplier || moves) && status.applier.state !== 'OFF') {
    throw applierMustStop(channel);
  }
}

/** ER_REPLICA_CHANNEL_MUST_STOP */
export const mustStop = (channel: string): ServerError =>
  refuse(
    3081,
    `This operation cannot be performed with running replication threads; run STOP REPLICA FOR CHANNEL '${channel}' first`,
  );

/** ER_REPLICA_CHANNEL_SQL_THREAD_MUST_STOP */
export const applierMustStop = (channel: string): ServerError =>
  refuse(
    3085,
    `This operation cannot be performed with a running replica sql thread; run STOP REPLICA SQL_THREAD FOR CHANNEL '${channel}' first.`,
  );

function checkValues(options: SourceOptions, channel: string, { relay, session }: Context): void {
  if (options.sourceHost === '')
    throw refuse(1210, `Incorrect arguments to ${relay.flavor === 'mysql' ? 'SOURCE' : 'MASTER'}_HOST`);
  const password = options.sourcePassword;
  if (password?.kind === 'text' && password.text.length > MAX_PASSWORD)
    throw refuse(
      3056,
      `The password provided for the replication user exceeds the maximum length of ${MAX_PASSWORD} characters`,
    );
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
  if (level !== undefined && (level < 1 || level > MAX_ZSTD_LEVEL))
    throw refuse(3921, `Invalid SOURCE_ZSTD_COMPRESSION_LEVEL ${level} for channel '${channel}'.`);
  checkSupported(options);
  const user = options.privilegeChecksUser;
  if (user !== undefined && user !== null && !relay.accounts.exists(user.user, user.host)) {
    throw refuse(
      3926,
      `PRIVILEGE_CHECKS_USER for replication channel '${channel}' was set to \`${user.user}\`@\`${user.host}\`, but this is not an existing user.`,
    );
  }
  const assign = options.assignGtidsToAnonymousTransactions;
  if (assign?.kind === 'UUID' && !isUuid(assign.uuid))
    throw refuse(1525, `Incorrect UUID value: '${assign.uuid}'`);
  if (relay.flavor === 'mysql' && (options.ignoreServerIds?.length ?? 0) > 0) {
    throw refuse(
      3139,
      `CHANGE REPLICATION SOURCE TO ... IGNORE_SERVER_IDS='...' when @@GLOBAL.GTID_MODE = ON cannot be performed on channel '${channel}'.`,
    );
  }
}

/** What would be kept and do nothing is refused. @throws ServerError 1235 */
function checkSupported(options: SourceOptions): void {
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
  if (seconds > 0 && seconds < 0.001) {
    session.warn(
      1703,
      'The requested value for the heartbeat period is less than 1 millisecond. The value is reset to 0, meaning that heartbeating will effectively be disabled.',
    );
  }
  if (seconds > relay.variables.number('replica_net_timeout')) {
    session.warn(
      1704,
      "The requested value for the heartbeat period exceeds the value of `replica_net_timeout' seconds. A sensible value for the period should be less than the timeout.",
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

/** Options that stand in the configuration under their own name. */
const SAME_NAME = [
  'sourceHost',
  'sourcePort',
  'sourceUser',
  'sourceBind',
  'networkNamespace',
  'sourceConnectRetry',
  'sourceRetryCount',
  'sourceDelay',
  'sourceZstdCompressionLevel',
  'sourceCompressionAlgorithms',
  'sourceSsl',
  'sourceSslCa',
  'sourceSslCapath',
  'sourceSslCert',
  'sourceSslKey',
  'sourceSslCipher',
  'sourceSslCrl',
  'sourceSslCrlpath',
  'sourceSslVerifyServerCert',
  'sourceTlsVersion',
  'sourceTlsCiphersuites',
  'sourcePublicKeyPath',
  'getSourcePublicKey',
  'ignoreServerIds',
  'doDomainIds',
  'ignoreDomainIds',
  'requireTablePrimaryKeyCheck',
  'gtidOnly',
  'sourceConnectionAutoFailover',
] as const satisfies readonly (keyof SourceOptions & keyof ChannelConfiguration)[];

async function applyOptions(
  base: ChannelConfiguration,
  options: SourceOptions,
  relay: Relay,
): Promise<ChannelConfiguration> {
  const same = Object.fromEntries(
    SAME_NAME.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  ) as Partial<ChannelConfiguration>;
  // Another source, or the same said again without a place to begin: where the old one stood means nothing there.
  const moved = options.sourceHost !== undefined || options.sourcePort !== undefined;
  const kept = moved ? { sourceLogFile: '', sourceLogPos: 4 } : {};
  const { requireRowFormat, sourceHeartbeatPeriod: heartbeat, privilegeChecksUser: user } = options;
  const { assignGtidsToAnonymousTransactions: assign, sourcePassword } = options;
  return {
    ...base,
    ...kept,
    ...same,
    ...(options.sourceLogFile === undefined ? {} : { sourceLogFile: options.sourceLogFile }),
    // A source's log begins behind its magic number.
    ...(options.sourceLogPos === undefined ? {} : { sourceLogPos: Math.max(4, options.sourceLogPos) }),
    ...(heartbeat === undefined ? {} : { sourceHeartbeatPeriod: heartbeat < 0.001 ? 0 : heartbeat }),
    ...(requireRowFormat === undefined ? {} : { requireRowFormat: requireRowFormat === 1 }),
    ...(user === undefined ? {} : { privilegeChecksUser: user ?? undefined }),
    ...(assign === undefined
      ? {}
      : {
          assignGtidsToAnonymousTransactions:
            assign.kind === 'UUID' ? assign.uuid.toLowerCase() : assign.kind,
        }),
    ...(sourcePassword === undefined ? {} : { sourcePassword: sealed(sourcePassword, base.channel, relay) }),
    positioning: positioningOf(base.positioning, options, relay),
  };
}

/** What binds a stored password to its channel. */
export const passwordPurpose = (channel: string): string => `source password of channel '${channel}'`;

function sealed(
  password: NonNullable<SourceOptions['sourcePassword']>,
  channel: string,
  { secrets }: Relay,
): SecretSource | undefined {
  if (password.kind !== 'text') return password;
  if (password.text === '') return undefined;
  return { kind: 'stored', sealed: secrets.seal(password.text, passwordPurpose(channel)) };
}

function positioningOf(before: Positioning, options: SourceOptions, { flavor }: Relay): Positioning {
  const { masterUseGtid, sourceAutoPosition, sourceLogFile, sourceLogPos } = options;
  if (masterUseGtid !== undefined) {
    return masterUseGtid === 'no' ? 'position' : masterUseGtid === 'default' ? 'slave_pos' : masterUseGtid;
  }
  if (sourceAutoPosition !== undefined) {
    if (!sourceAutoPosition) return 'position';
    return flavor === 'mariadb' ? 'slave_pos' : 'auto';
  }
  // MariaDB: naming a place switches GTIDs off.
  if (flavor === 'mariadb' && (sourceLogFile ?? sourceLogPos) !== undefined) return 'position';
  return before;
}

function checkCombination(
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

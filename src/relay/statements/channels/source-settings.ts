import type { SourceOptions } from '../../../sql/index.ts';
import {
  type ChannelConfiguration,
  defaultConfiguration,
  type Positioning,
} from '../../channel/configuration.ts';
import type { Relay } from '../context.ts';
import { sealedPassword } from './sealed-password.ts';

/** MariaDB's master_retry_count. */
const MARIADB_RETRY_COUNT = 100_000;

/** Options that say where to begin, even if they say what was said before. */
const PLACES = ['sourceHost', 'sourcePort', 'sourceLogFile', 'sourceLogPos'] as const;
export const namesPlace = (options: SourceOptions): boolean =>
  PLACES.some((name) => options[name] !== undefined);

/** What a channel begins with. */
export function freshConfiguration(channel: string, relay: Relay): ChannelConfiguration {
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

/** The configuration with what a statement says. */
export async function applyOptions(
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
  // 0 is as if it was not said.
  const zstdLevel = options.sourceZstdCompressionLevel || base.sourceZstdCompressionLevel;
  return {
    ...base,
    ...kept,
    ...same,
    sourceZstdCompressionLevel: zstdLevel,
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
    ...(sourcePassword === undefined
      ? {}
      : { sourcePassword: sealedPassword(sourcePassword, passwordPurpose(base.channel), relay) }),
    positioning: positioningOf(base.positioning, options, relay),
  };
}

/** What binds a stored password to its channel. */
export const passwordPurpose = (channel: string): string => `source password of channel '${channel}'`;

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

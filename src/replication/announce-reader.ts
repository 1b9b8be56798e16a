import { type Flavor, versionNumber } from '../binlog/index.ts';
import type { Connection } from '../connection/index.ts';
import { ServerError } from '../errors/index.ts';
import { announceMariadbCapability, askVersion } from './announce.ts';
import { ReplicationErrno, ReplicationError } from './replication-error.ts';

/** What a reader of a log says of itself. */
export interface ReaderIdentity {
  /** u32, not 0. A source ends the dump of a reader when another one comes with the same id (MariaDB) or UUID (MySQL). */
  readonly serverId: number;
  readonly serverUuid: string;
  /**
   * Absent: a listener, which SHOW REPLICAS does not list. Present: a replica, which registers with these words and follows no
   * source that is itself.
   */
  readonly replica?: {
    readonly host?: string;
    readonly port?: number;
    readonly user?: string;
  };
}

/** What a reader wants of the dump. */
export interface ReaderWishes {
  /** Longest silence of the source, in milliseconds; 0: no heartbeats. */
  readonly heartbeatMs: number;
  /** Ask for semi-synchronous replication, where the source has it on. */
  readonly semisync: boolean;
}

/** What a source says of itself, inside the protected conversation. */
export interface SourceFacts {
  readonly flavor: Flavor;
  /** `9.7.4`, `11.8.6-MariaDB-log`. */
  readonly version: string;
  readonly serverId: number;
  /** MySQL 5.6 and later. */
  readonly serverUuid: string | undefined;
  /** Whether every transaction has a GTID: MySQL with `gtid_mode=ON`, every MariaDB. */
  readonly hasGtids: boolean;
  /** The source's checksum setting for new events. */
  readonly checksum: string;
  /** Whether events come with the semi-synchronous header. */
  readonly semisync: boolean;
}

/** Whether two answers come from one server. */
export function isSameSource(one: SourceFacts, other: SourceFacts): boolean {
  return one.serverUuid === other.serverUuid && one.serverId === other.serverId;
}

/** Code of the ServerError of a source that does not take a reader for a replica. */
export const NOT_REGISTERED = 'REPLICATION_NOT_REGISTERED';

const UNKNOWN_SYSTEM_VARIABLE = 1193;
const NANOSECONDS = 1_000_000;

/** Says who we are and asks who answers, as a replica of the source's own family does and in its order. */
export async function announceReader(
  connection: Connection,
  identity: ReaderIdentity,
  wishes: ReaderWishes,
): Promise<SourceFacts> {
  const { text: version, flavor } = await askVersion(connection);
  const serverId = Number(await connection.value('SELECT @@GLOBAL.SERVER_ID'));
  if (identity.replica !== undefined && serverId === identity.serverId) throw sameServer('ids', serverId);
  const nanoseconds = wishes.heartbeatMs * NANOSECONDS;
  if (nanoseconds > 0) await connection.query(heartbeatStatement[flavor](nanoseconds));
  const checksum = await announceChecksum(connection, flavor);
  const facts =
    flavor === 'mysql' ? await announceMysql(connection, identity) : await announceMariadb(connection);
  if (identity.replica !== undefined) await register(connection, identity, identity.replica);
  const semisync = wishes.semisync && (await announceSemisync(connection, flavor));
  return { flavor, version, serverId, checksum, semisync, ...facts };
}

const heartbeatStatement: Readonly<Record<Flavor, (nanoseconds: number) => string>> = {
  mysql: (period) => `SET @master_heartbeat_period = ${period}, @source_heartbeat_period = ${period}`,
  mariadb: (period) => `SET @master_heartbeat_period= ${period}`,
};

/** Servers before 5.6 have no checksums, and no such variable. */
async function announceChecksum(connection: Connection, flavor: Flavor): Promise<string> {
  const known = await tolerated(
    connection,
    flavor === 'mysql'
      ? 'SET @master_binlog_checksum = @@global.binlog_checksum, @source_binlog_checksum = @@global.binlog_checksum'
      : 'SET @master_binlog_checksum= @@global.binlog_checksum',
  );
  return known ? ((await connection.value('SELECT @master_binlog_checksum')) ?? 'NONE') : 'NONE';
}

type FamilyFacts = Pick<SourceFacts, 'serverUuid' | 'hasGtids'>;

async function announceMysql(connection: Connection, identity: ReaderIdentity): Promise<FamilyFacts> {
  const gtidMode = await valueIfKnown(connection, 'SELECT @@GLOBAL.GTID_MODE');
  const serverUuid = await valueIfKnown(connection, 'SELECT @@GLOBAL.SERVER_UUID');
  if (identity.replica !== undefined && serverUuid === identity.serverUuid) {
    throw sameServer('UUIDs', serverUuid);
  }
  const own = quoted(identity.serverUuid);
  await connection.query(`SET @slave_uuid = ${own}, @replica_uuid = ${own}`);
  return { serverUuid: serverUuid ?? undefined, hasGtids: gtidMode === 'ON' };
}

async function announceMariadb(connection: Connection): Promise<FamilyFacts> {
  await announceMariadbCapability(connection);
  return { serverUuid: undefined, hasGtids: true };
}

async function register(
  connection: Connection,
  { serverId }: ReaderIdentity,
  { host = '', port = 0, user = '' }: NonNullable<ReaderIdentity['replica']>,
): Promise<void> {
  try {
    await connection.registerReplica({ serverId, host, user, password: '', port });
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    throw new ServerError(error.errno, error.sqlState, error.message, { code: NOT_REGISTERED, cause: error });
  }
}

/** Whether the source now waits for our acknowledgements: it must have the plugin, and it must be on. */
async function announceSemisync(connection: Connection, flavor: Flavor): Promise<boolean> {
  if (flavor === 'mariadb') {
    const { rows } = await connection.query("SHOW VARIABLES LIKE 'rpl_semi_sync_master_enabled'");
    if (rows[0]?.[1]?.toString() !== 'ON') return false;
    await connection.query('SET @rpl_semi_sync_slave= 1');
    return true;
  }
  const enabled =
    (await valueIfKnown(connection, 'SELECT @@global.rpl_semi_sync_source_enabled')) ??
    (await valueIfKnown(connection, 'SELECT @@global.rpl_semi_sync_master_enabled'));
  if (enabled !== '1') return false;
  await connection.query('SET @rpl_semi_sync_replica = 1, @rpl_semi_sync_slave = 1');
  return true;
}

/** MySQL before 8.0.28 does not know heartbeats of version 2. */
export function knowsHeartbeatV2({ flavor, version }: SourceFacts): boolean {
  return flavor === 'mysql' && versionNumber(version) >= 0x08_00_1c;
}

export function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

async function tolerated(connection: Connection, statement: string): Promise<boolean> {
  try {
    await connection.query(statement);
    return true;
  } catch (error) {
    if (error instanceof ServerError && error.errno === UNKNOWN_SYSTEM_VARIABLE) return false;
    throw error;
  }
}

async function valueIfKnown(connection: Connection, statement: string): Promise<string | undefined> {
  try {
    return (await connection.value(statement)) ?? undefined;
  } catch (error) {
    if (error instanceof ServerError && error.errno === UNKNOWN_SYSTEM_VARIABLE) return undefined;
    throw error;
  }
}

function sameServer(what: 'ids' | 'UUIDs', value: number | string): ReplicationError {
  return new ReplicationError(
    'REPLICATION_SAME_SERVER',
    ReplicationErrno.ER_REPLICA_FATAL_ERROR,
    `source and replica have equal MySQL server ${what} (${value}); they must be different for replication to work`,
  );
}

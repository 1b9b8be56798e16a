import { type Flavor, versionNumber } from '../../binlog/index.ts';
import type { Connection } from '../../connection/index.ts';
import { ServerError } from '../../errors/index.ts';
import { formatStatement } from './rows/format-description.ts';

/** What a server lets the target's account do. */
export interface Abilities {
  readonly flavor: Flavor;
  readonly version: string;
  /** `max_allowed_packet`, bytes. */
  readonly maxPacket: number;
  /** `innodb_lock_wait_timeout`, seconds. */
  readonly lockWait: number;
  /** BINLOG: MySQL's BINLOG_ADMIN or REPLICATION_APPLIER, MariaDB's BINLOG REPLAY; SUPER before those. */
  readonly canReplay: boolean;
  /** MariaDB from 11.5: TIMESTAMP reaches 2106, and versions of rows hold until then. */
  readonly hasLongTime: boolean;
  /** Whether transactions may keep the GTIDs they had at the source. */
  readonly canKeepGtids: boolean;
  /** MySQL from 5.7.5: a session can wait until a GTID is committed. */
  readonly canWaitForGtids: boolean;
}

/** ER_SPECIFIC_ACCESS_DENIED_ERROR, ER_ACCESS_DENIED_ERROR, ER_VARIABLE_IS_READONLY and unknown variables: it may not. */
const REFUSED: ReadonlySet<number> = new Set([1227, 1045, 1238, 1193, 1231]);

async function may(connection: Connection, statement: string): Promise<boolean> {
  try {
    await connection.query(statement);
    return true;
  } catch (error) {
    if (error instanceof ServerError && REFUSED.has(error.errno)) return false;
    throw error;
  }
}

/** 11.5.0, as {@link versionNumber} counts. */
const LONG_TIME_VERSION = 0x0b_05_00;

/** 5.7.5. */
const WAIT_VERSION = 0x05_07_05;

/** Asks a server what it is and what the account may do there, by trying what changes nothing. */
export async function findAbilities(connection: Connection): Promise<Abilities> {
  const { rows } = await connection.query(
    'SELECT @@version, @@max_allowed_packet, @@innodb_lock_wait_timeout',
  );
  const [version = '', maxPacket, lockWait] = rows[0]!.map(String);
  const flavor = /mariadb/i.test(version) ? 'mariadb' : 'mysql';
  // BINLOG makes a session of MySQL one that replays by itself; for the other way it has to be said.
  await may(connection, 'SET @@session.pseudo_slave_mode = 1');
  return {
    flavor,
    version,
    maxPacket: Number(maxPacket),
    lockWait: Number(lockWait),
    hasLongTime: flavor === 'mariadb' && versionNumber(version) >= LONG_TIME_VERSION,
    canWaitForGtids: flavor === 'mysql' && versionNumber(version) >= WAIT_VERSION,
    canReplay: await may(connection, formatStatement(flavor)),
    canKeepGtids: flavor === 'mysql' ? await keepsMysql(connection) : await keepsMariadb(connection),
  };
}

async function keepsMysql(connection: Connection): Promise<boolean> {
  if ((await connection.value("SHOW VARIABLES LIKE 'gtid_mode'")) === undefined) return false;
  const mode = await connection.value('SELECT @@global.gtid_mode');
  return (
    mode === 'ON' &&
    (await may(connection, "SET @@session.gtid_next = 'AUTOMATIC', @@session.sql_log_bin = 1"))
  );
}

async function keepsMariadb(connection: Connection): Promise<boolean> {
  if ((await connection.value('SELECT @@log_bin')) !== '1') return false;
  return may(
    connection,
    'SET @@session.gtid_domain_id = @@global.gtid_domain_id, @@session.server_id = @@global.server_id, @@session.sql_log_bin = 1',
  );
}

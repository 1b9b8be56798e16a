import type { Flavor } from '../binlog/index.ts';
import type { Connection } from '../connection/index.ts';

/** Which server answers, asked inside the protected conversation. */
export interface SourceVersion {
  /** `9.7.4`, `11.8.6-MariaDB-log`; empty where the server names none. */
  readonly text: string;
  readonly flavor: Flavor;
}

/** Asks a source for its version. @throws ServerError, ConnectionError */
export async function askVersion(connection: Connection): Promise<SourceVersion> {
  const text = (await connection.value('SELECT VERSION()')) ?? '';
  return { text, flavor: /mariadb/i.test(text) ? 'mariadb' : 'mysql' };
}

/**
 * Tells a source that we understand checksums. Whatever is said, events come as they stand in the log; a source that is told nothing
 * refuses a reader it takes for an old one.
 */
export async function announceChecksums(connection: Connection, flavor: Flavor): Promise<void> {
  await connection.query(
    flavor === 'mysql'
      ? "SET @master_binlog_checksum = 'NONE', @source_binlog_checksum = 'NONE'"
      : "SET @master_binlog_checksum='NONE'",
  );
}

/** `MARIA_SLAVE_CAPABILITY_GTID`: with less, a MariaDB source replaces the events that an older reader would not know. */
const MARIADB_CAPABILITY = 4;

/** Tells a MariaDB source that we know its GTID events. @throws ServerError, ConnectionError */
export async function announceMariadbCapability(connection: Connection): Promise<void> {
  await connection.query(`SET @mariadb_slave_capability=${MARIADB_CAPABILITY}`);
}

/** What has been seen already, as a list of MariaDB GTIDs (`0-1-100,1-1-7`): the dump begins behind it. */
export async function announceMariadbPosition(connection: Connection, gtids: string): Promise<void> {
  if (!/^[\d,\-\s]*$/.test(gtids)) throw new TypeError('not a list of MariaDB GTIDs');
  await connection.query(`SET @slave_connect_state='${gtids}'`);
}

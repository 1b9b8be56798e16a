import { type Connection, connect } from '../../src/connection/index.ts';
import { ServerError } from '../../src/errors/index.ts';
import { type RunningServer, reach } from '../servers/index.ts';
import { type LogSettings, logSettings } from './log-settings.ts';

const LOCK_WAIT_TIMEOUT = 1205;

/** A session that writes while others do, logged as the seed says. */
export interface WritingSession {
  readonly connection: Connection;
  readonly logged: LogSettings;
}

export async function writingSession(server: RunningServer, seed: string): Promise<WritingSession> {
  const connection = await connect(reach(server));
  const flavour = /mariadb/i.test(connection.serverVersion) ? 'mariadb118' : 'mysql97';
  const logged = logSettings(flavour, seed);
  // oxlint-disable-next-line no-await-in-loop -- one setting after the other
  for (const sql of logged.settings) await connection.query(sql);
  // Whoever waits long waits for a deadlock that nobody sees.
  await connection.query('SET SESSION innodb_lock_wait_timeout = 1');
  return { connection, logged };
}

/** Whatever the others made impossible is left out. */
export async function tried(connection: Connection, sql: string): Promise<void> {
  try {
    await connection.query(sql);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    if (error.errno === LOCK_WAIT_TIMEOUT) await connection.query('ROLLBACK');
  }
}

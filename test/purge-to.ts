import type { RunningServer } from './servers/index.ts';
import { untilTrue } from './until-true.ts';

const READERS = "SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'";

/**
 * Purges a server's logs before this one. A log stays while somebody reads it, and an idle server sees late that a reader has gone:
 * whoever is there yet is ended. MariaDB keeps a log until its checkpoint is past.
 */
export async function purgeTo(server: RunningServer, log: string): Promise<void> {
  const readers = (await server.query(READERS)).split('\n').slice(1, -1);
  await server.query(readers.map((id) => `KILL ${id};`).join(' '), { force: true });
  let left = '';
  await untilTrue(
    async () => {
      left = await server.query(`PURGE BINARY LOGS TO '${log}'; SHOW BINARY LOGS`);
      return left.split('\n')[1]!.startsWith(log);
    },
    () => left,
  );
}

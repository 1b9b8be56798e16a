import type { Connection } from '../../connection/index.ts';
import { ServerError } from '../../errors/index.ts';
import { quoted, type SourceFacts } from '../announce-reader.ts';
import { ReplicationErrno, ReplicationError } from '../replication-error.ts';
import { familyOf } from './executed-gtids.ts';
import type { SourcePosition, StartPoint } from './source-position.ts';

/** Where a dump begins. `gtids`: everything before that place, where it is known. */
export type Begin =
  | { readonly by: 'gtid'; readonly gtids: string }
  | {
      readonly by: 'position';
      /** Empty: the oldest log of the source. */
      readonly file: string;
      readonly position: number;
      readonly gtids: string | undefined;
    };

/** Turns a start into what this source understands. `by`: whether GTIDs come first where there are both. */
export async function findBegin(
  connection: Connection,
  facts: SourceFacts,
  start: StartPoint,
  by: 'gtid' | 'position',
): Promise<Begin> {
  // The servers take no name for the first name of their index.
  if (start === 'beginning') return { by: 'position', file: '', position: 4, gtids: undefined };
  if (start === 'now') return findNow(connection, facts, by);
  const { file, position = 4, gtids } = start;
  const isSame = isSameServer(facts, start);
  if (gtids !== undefined && (by === 'gtid' || file === undefined || !isSame) && facts.hasGtids) {
    checkFamily(facts, gtids);
    return { by: 'gtid', gtids };
  }
  if (file === undefined) throw noGtids(facts);
  if (!isSame) throw anotherServer(facts, start);
  const known = gtids ?? (await mariadbGtidsAt(connection, facts, file, position));
  return { by: 'position', file, position, gtids: known };
}

/** Whether the files of the position are files of this server. A position that names no server is taken at its word. */
function isSameServer(facts: SourceFacts, { serverUuid, serverId }: SourcePosition): boolean {
  if (serverUuid !== undefined) return serverUuid === facts.serverUuid;
  return serverId === undefined || serverId === facts.serverId;
}

/** ER_PARSE_ERROR: servers differ in what the statement is called (MySQL 8.2, MariaDB 10.5.2). */
const PARSE_ERROR = 1064;

async function findNow(connection: Connection, facts: SourceFacts, by: 'gtid' | 'position'): Promise<Begin> {
  const { columns, rows } = await logStatus(connection, facts);
  const [row] = rows;
  const file = row?.[0]?.toString();
  if (row === undefined || file === undefined) {
    throw new ReplicationError(
      'REPLICATION_NO_LOG',
      ReplicationErrno.ER_REPLICA_FATAL_ERROR,
      'the source writes no binary log',
      { hint: 'Start the server with log_bin.' },
    );
  }
  const position = Number(row[1]?.toString());
  const at = columns.findIndex(({ name }) => name.toString() === 'Executed_Gtid_Set');
  const gtids = row[at]?.toString().replaceAll('\n', '');
  // A transaction is in the log, and before this position, a moment before MySQL counts it as executed: the two do not go together.
  if (gtids !== undefined && facts.hasGtids && by === 'gtid') return { by: 'gtid', gtids };
  return { by: 'position', file, position, gtids: await mariadbGtidsAt(connection, facts, file, position) };
}

async function logStatus(
  connection: Connection,
  { flavor }: SourceFacts,
): Promise<Awaited<ReturnType<Connection['query']>>> {
  if (flavor === 'mariadb') return connection.query('SHOW MASTER STATUS');
  try {
    return await connection.query('SHOW BINARY LOG STATUS');
  } catch (error) {
    if (error instanceof ServerError && error.errno === PARSE_ERROR) {
      return connection.query('SHOW MASTER STATUS');
    }
    throw error;
  }
}

/** What lies before a position of a MariaDB log: a replica of it asks the same. */
async function mariadbGtidsAt(
  connection: Connection,
  { flavor }: SourceFacts,
  file: string,
  position: number,
): Promise<string | undefined> {
  if (flavor !== 'mariadb') return undefined;
  const gtids = await connection.value(`SELECT binlog_gtid_pos(${quoted(file)},${position})`);
  // NULL: no such place. An empty text means nothing came before; going on by it would begin at the oldest log.
  return gtids == null || gtids === '' ? undefined : gtids;
}

function checkFamily(facts: SourceFacts, gtids: string): void {
  const family = familyOf(gtids);
  if (family === undefined || family === facts.flavor) return;
  const name = { mysql: 'MySQL', mariadb: 'MariaDB' };
  throw new ReplicationError(
    'REPLICATION_OTHER_FAMILY',
    ReplicationErrno.ER_REPLICA_FATAL_ERROR,
    `the GTIDs are of ${name[family]}, the source is ${name[facts.flavor]} ${facts.version}`,
  );
}

function noGtids({ version }: SourceFacts): ReplicationError {
  return new ReplicationError(
    'REPLICATION_NO_GTIDS',
    ReplicationErrno.ER_REPLICA_FATAL_ERROR,
    `the position names GTIDs and no file, and the source (${version}) does not have gtid_mode=ON`,
    { hint: 'Begin at a file and position.' },
  );
}

function anotherServer(
  facts: SourceFacts,
  { serverUuid, serverId, file = '' }: SourcePosition,
): ReplicationError {
  const was = serverUuid ?? `server id ${serverId}`;
  const is = (serverUuid === undefined ? undefined : facts.serverUuid) ?? `server id ${facts.serverId}`;
  return new ReplicationError(
    'REPLICATION_SOURCE_CHANGED',
    ReplicationErrno.ER_REPLICA_FATAL_ERROR,
    `another server answers (${is} instead of ${was}): position in ${file} means nothing there`,
    { hint: 'Positions by GTID can follow a failover; with a file and position, begin anew.' },
  );
}

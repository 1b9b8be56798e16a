import type { Connection } from '../../../connection/index.ts';
import { ServerError, UsageError } from '../../../errors/index.ts';
import type { SourcePosition } from '../../../replication/index.ts';
import type { Fingerprint } from '../definition/fingerprint.ts';
import { hexLiteral } from '../hex-literal.ts';
import { refusedWritesHint } from '../refused-writes.ts';

/** A definition that is about to be carried out: what is needed to tell afterwards whether it was. */
export interface Journal {
  /** Which transaction of the source it belongs to: its GTID, or the file and position where it begins. */
  readonly transaction: string;
  /** How many calls of that transaction were carried out before it. */
  readonly steps: number;
  readonly before: Fingerprint;
}

/** What the target keeps of a channel. */
export interface ChannelState {
  readonly position: SourcePosition | undefined;
  readonly journal: Journal | undefined;
}

/** Schema of the target's own tables. Rows of a source in a schema of that name are not applied. */
export const STATE_SCHEMA = 'rowlock';

/** ER_NO_SUCH_TABLE, ER_BAD_DB_ERROR; ER_TABLEACCESS_DENIED_ERROR and ER_DBACCESS_DENIED_ERROR come for tables that are not there too. */
const MISSING: ReadonlySet<number> = new Set([1146, 1049, 1142, 1044]);

/** Of each column of a key: one that is not strict would cut longer ones off. */
export const KEY_BYTES = 255;

/** What a DBA may run instead of giving the account the right to. Where the last one is, the others are. */
const STATE_TABLES: readonly string[] = [
  `CREATE DATABASE IF NOT EXISTS ${STATE_SCHEMA}`,
  `CREATE TABLE IF NOT EXISTS ${STATE_SCHEMA}.prepared (channel VARBINARY(${KEY_BYTES}) NOT NULL, xid VARBINARY(${KEY_BYTES}) NOT NULL, events LONGBLOB NOT NULL, PRIMARY KEY (channel, xid)) ENGINE=InnoDB`,
  `CREATE TABLE IF NOT EXISTS ${STATE_SCHEMA}.channels (channel VARBINARY(${KEY_BYTES}) NOT NULL PRIMARY KEY, position LONGBLOB, journal LONGBLOB) ENGINE=InnoDB`,
];

/** Reads the state of a channel; makes the tables where they are not there. @throws UsageError the channel's name is too long */
export async function openState(connection: Connection, channel: string): Promise<ChannelState | undefined> {
  if (Buffer.byteLength(channel) > KEY_BYTES)
    throw new UsageError(`a channel of a server has a name of at most ${KEY_BYTES} bytes`);
  const select = `SELECT position, journal FROM ${STATE_SCHEMA}.channels WHERE channel = ${hexLiteral(channel)}`;
  try {
    const { rows } = await connection.query(select);
    return rows[0] === undefined ? undefined : stateOf(rows[0]);
  } catch (error) {
    if (!(error instanceof ServerError) || !MISSING.has(error.errno)) throw error;
    await makeTables(connection);
    return undefined;
  }
}

const parsed = (bytes: Buffer | null | undefined): unknown =>
  bytes == null ? undefined : JSON.parse(bytes.toString());

function stateOf([position, journal]: readonly (Buffer | null)[]): ChannelState {
  return {
    position: parsed(position) as SourcePosition | undefined,
    journal: parsed(journal) as Journal | undefined,
  };
}

async function makeTables(connection: Connection): Promise<void> {
  try {
    // oxlint-disable-next-line no-await-in-loop -- the schema before its tables
    for (const statement of STATE_TABLES) await connection.query(statement);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    throw new UsageError(`the target's own tables cannot be made: ${error.message}`, {
      cause: error,
      hint:
        refusedWritesHint(error) ??
        `Run this on the target, and grant SELECT, INSERT, UPDATE and DELETE on ${STATE_SCHEMA}.*: ${STATE_TABLES.join('; ')}`,
    });
  }
}

const json = (value: unknown): string => (value === undefined ? 'NULL' : hexLiteral(JSON.stringify(value)));

/** The statement that keeps the state of a channel. */
export function saveState(channel: string, { position, journal }: ChannelState): string {
  return `REPLACE INTO ${STATE_SCHEMA}.channels VALUES (${hexLiteral(channel)}, ${json(position)}, ${json(journal)})`;
}

import { isFrom, parseVersion } from './reload.ts';
import type { ServerAddress, ServerVisit } from './visit.ts';

/** What tells one server from another, as far as it is known. */
export interface ServerIdentity {
  /** MySQL's server_uuid; MariaDB has none. */
  readonly uuid: string | undefined;
  readonly serverId: number | undefined;
  readonly address: ServerAddress | undefined;
}

/** Where a server stands in replication, in its own words. */
export interface ServerRole {
  readonly self: ServerIdentity;
  /** Of every channel. */
  readonly sources: readonly ServerIdentity[];
  /** Replicas that are connected now. */
  readonly replicas: readonly ServerIdentity[];
  /** The server's words where it would not say; undefined when it said all. */
  readonly unknown: string | undefined;
}

type Row = Readonly<Record<string, string | null>>;

// First versions with the words REPLICA and REPLICAS: MySQL 8.0.22, MariaDB 10.5.1.
const newWords = { mysql: [8, 0, 22], mariadb: [10, 5, 1] } as const;

/** The statements that list a server's sources and replicas, in the words its version knows. */
export function roleStatements(version: string): { readonly sources: string; readonly replicas: string } {
  const { mariadb, number } = parseVersion(version);
  const isNew = isFrom(number, newWords[mariadb ? 'mariadb' : 'mysql']);
  if (mariadb) {
    return isNew
      ? { sources: 'SHOW ALL REPLICAS STATUS', replicas: 'SHOW REPLICA HOSTS' }
      : { sources: 'SHOW ALL SLAVES STATUS', replicas: 'SHOW SLAVE HOSTS' };
  }
  return isNew
    ? { sources: 'SHOW REPLICA STATUS', replicas: 'SHOW REPLICAS' }
    : { sources: 'SHOW SLAVE STATUS', replicas: 'SHOW SLAVE HOSTS' };
}

/** Asks a server where it stands. A statement it refuses leaves its part empty, with the reason. */
export async function readRole(visit: ServerVisit, address: ServerAddress): Promise<ServerRole> {
  const refused: string[] = [];
  const ask = async (sql: string): Promise<readonly Row[]> => {
    try {
      return await visit.query(sql);
    } catch (error) {
      refused.push(error instanceof Error ? error.message : String(error));
      return [];
    }
  };
  const statements = roleStatements(visit.version);
  const [own] = await ask('SELECT @@server_id AS server_id');
  const [uuid] = await ask("SHOW VARIABLES LIKE 'server_uuid'");
  const sources = await ask(statements.sources);
  const replicas = await ask(statements.replicas);
  return {
    self: { uuid: text(uuid, 'value'), serverId: wholeOf(own, 'server_id'), address },
    sources: sources.map((row) => ({
      uuid: text(row, 'source_uuid', 'master_uuid'),
      serverId: wholeOf(row, 'source_server_id', 'master_server_id'),
      address: addressOf(row),
    })),
    replicas: replicas.map((row) => ({
      uuid: text(row, 'replica_uuid', 'slave_uuid'),
      serverId: wholeOf(row, 'server_id'),
      address: undefined,
    })),
    unknown: refused[0],
  };
}

/** True when the two are known to be the same server: by what only one server has, before what people give. */
export function isSameServer(one: ServerIdentity, other: ServerIdentity): boolean {
  if (one.uuid !== undefined && other.uuid !== undefined) return one.uuid === other.uuid;
  if (one.address !== undefined && other.address !== undefined) {
    const { host, port } = one.address;
    if (host.toLowerCase() === other.address.host.toLowerCase() && port === other.address.port) return true;
  }
  return one.serverId !== undefined && one.serverId === other.serverId;
}

/** The first of these columns that has something in it. */
function text(row: Row | undefined, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = row?.[name] ?? '';
    if (value !== '') return value;
  }
  return undefined;
}

/** A number of one of these columns; a server that never connected has 0, which is no number. */
function wholeOf(row: Row | undefined, ...names: readonly string[]): number | undefined {
  const value = Number(text(row, ...names) ?? 0);
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

function addressOf(row: Row): ServerAddress | undefined {
  const host = text(row, 'source_host', 'master_host');
  const port = wholeOf(row, 'source_port', 'master_port');
  return host === undefined || port === undefined ? undefined : { host, port };
}

import type { ServerVisit } from '../../certs/visit.ts';
import { isMysqlFrom, type ServerVersion } from './server-version.ts';

/** One replication channel of a replica, in MySQL's words. */
export interface ChannelFacts {
  /** Empty for the default channel. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly tls: boolean;
  readonly ca: string;
  /** The certificate it shows to its source; empty for none. */
  readonly certificate: string;
  readonly verifiesName: boolean;
  /** Undefined where the server has no such setting (MariaDB, MySQL before 8.0.19). */
  readonly requireRowFormat: boolean | undefined;
  readonly privilegeChecks: string | undefined;
  /** It positions itself by GTIDs. */
  readonly byGtid: boolean;
  /** Neither thread runs, and no error stopped them: somebody did. */
  readonly stopped: boolean;
  /** What stopped the receiver or the applier; empty for nothing. */
  readonly error: string;
  /** Seconds behind its source; undefined where the server does not say. */
  readonly behind: number | undefined;
  /** What the source said of itself when the channel last reached it; empty before. */
  readonly sourceUuid: string;
  readonly sourceId: string;
}

/** Every channel of a server. */
export async function readChannels(visit: ServerVisit, server: ServerVersion): Promise<ChannelFacts[]> {
  // SHOW REPLICA STATUS came with MySQL 8.0.22.
  const modern = isMysqlFrom(server, [8, 0, 22]);
  const statement = server.mariadb
    ? 'SHOW ALL SLAVES STATUS'
    : modern
      ? 'SHOW REPLICA STATUS'
      : 'SHOW SLAVE STATUS';
  const rows = await visit.query(statement);
  // MySQL keeps what the applier demands elsewhere, since 8.0.19.
  const demands =
    isMysqlFrom(server, [8, 0, 19]) && rows.length > 0
      ? await visit.query(
          'SELECT channel_name, require_row_format, privilege_checks_user FROM performance_schema.replication_applier_configuration',
        )
      : [];
  return rows.map((row) => {
    const get = (name: string): string => row[`source_${name}`] ?? row[`master_${name}`] ?? '';
    const own = (name: string): string => row[`replica_${name}`] ?? row[`slave_${name}`] ?? '';
    const name = row['channel_name'] ?? row['connection_name'] ?? '';
    const demand = demands.find((other) => other['channel_name'] === name);
    const behind = row['seconds_behind_source'] ?? row['seconds_behind_master'] ?? null;
    const errors = [row['last_io_errno'], row['last_sql_errno']].some((errno) => Number(errno ?? 0) !== 0);
    return {
      name,
      host: get('host'),
      port: Number(get('port')),
      user: get('user'),
      tls: get('ssl_allowed') === 'Yes',
      ca: get('ssl_ca_file') || get('ssl_ca_path'),
      certificate: get('ssl_cert'),
      verifiesName: get('ssl_verify_server_cert') === 'Yes',
      requireRowFormat: demand === undefined ? undefined : demand['require_row_format'] === 'YES',
      privilegeChecks: demand === undefined ? undefined : (demand['privilege_checks_user'] ?? ''),
      byGtid: row['auto_position'] === '1' || !['', 'No'].includes(row['using_gtid'] ?? ''),
      stopped: own('io_running') === 'No' && own('sql_running') === 'No' && !errors,
      error: row['last_io_error'] || row['last_sql_error'] || '',
      behind: behind === null ? undefined : Number(behind),
      sourceUuid: get('uuid'),
      sourceId: get('server_id'),
    };
  });
}

import { MysqlGtidSet } from '../../gtid/index.ts';
import { channelThreads } from '../statements/channels/channel-threads.ts';
import type { ViewSource } from '../statements/context.ts';
import { processRows } from '../statements/listings/sessions.ts';
import { columnsOf, type View, type ViewRow } from '../views/view.ts';
import { channelView } from './channel-view.ts';
import { assignment } from './replication-cells.ts';

const THREADS = columnsOf(`
  THREAD_ID bigint unsigned, NAME varchar(128), TYPE varchar(10), PROCESSLIST_ID bigint unsigned?,
  PROCESSLIST_USER varchar(32)?, PROCESSLIST_HOST varchar(255)?, PROCESSLIST_DB varchar(64)?,
  PROCESSLIST_COMMAND varchar(16)?, PROCESSLIST_TIME bigint?, PROCESSLIST_STATE varchar(64)?,
  PROCESSLIST_INFO longtext?, PARENT_THREAD_ID bigint unsigned?, ROLE varchar(64)?,
  INSTRUMENTED enum('YES','NO'), HISTORY enum('YES','NO'), CONNECTION_TYPE varchar(16)?,
  THREAD_OS_ID bigint unsigned?, RESOURCE_GROUP varchar(64)?, EXECUTION_ENGINE enum('PRIMARY','SECONDARY')?,
  CONTROLLED_MEMORY bigint unsigned, MAX_CONTROLLED_MEMORY bigint unsigned, TOTAL_MEMORY bigint unsigned,
  MAX_TOTAL_MEMORY bigint unsigned, TELEMETRY_ACTIVE enum('YES','NO')`);

/** Sessions and running halves of channels, under the ids of the process list. */
function threadRows(context: ViewSource): ViewRow[] {
  const channels = new Map(channelThreads(context.relay).map((thread) => [thread.id, thread]));
  return processRows(context, true).map((row): ViewRow => {
    const id = Number(row[0]);
    const thread = channels.get(id);
    const half = thread?.threads.receiver === true ? 'io' : 'sql';
    const name = thread === undefined ? 'thread/sql/one_connection' : `thread/sql/replica_${half}`;
    const tls = context.relay.sessions.get(id)?.state.applicant.tls === undefined ? 'TCP/IP' : 'SSL/TLS';
    const connection = thread === undefined ? tls : null;
    const facts = [null, null, 'YES', 'YES', connection, null, null, 'PRIMARY', 0, 0, 0, 0, 'NO'];
    return [id, name, 'FOREGROUND', ...(row as ViewRow), ...facts];
  });
}

/** Where a MySQL replica keeps its channels, as old monitoring reads it; passwords are not among it. */
export const repositoryTables: readonly View<ViewSource>[] = [
  { schema: 'performance_schema', name: 'threads', columns: THREADS, rows: threadRows },
  channelView(
    'mysql',
    'slave_master_info',
    `
      Number_of_lines int unsigned, Master_log_name text, Master_log_pos bigint unsigned, Host varchar(255)?,
      User_name text?, User_password text?, Port int unsigned, Connect_retry int unsigned,
      Enabled_ssl tinyint(1), Ssl_ca text?, Ssl_capath text?, Ssl_cert text?, Ssl_cipher text?, Ssl_key text?,
      Ssl_verify_server_cert tinyint(1), Heartbeat float, Bind text?, Ignored_server_ids text?, Uuid text?,
      Retry_count bigint unsigned, Ssl_crl text?, Ssl_crlpath text?, Enabled_auto_position tinyint(1),
      Channel_name varchar(64), Tls_version text?, Public_key_path text?, Get_public_key tinyint(1),
      Network_namespace text?, Master_compression_algorithm varchar(64),
      Master_zstd_compression_level int unsigned, Tls_ciphersuites text?,
      Source_connection_auto_failover tinyint(1), Gtid_only tinyint(1)`,
    ({ configuration: c, receiver }) => [
      33,
      receiver.sourceLogFile,
      receiver.readSourceLogPos,
      c.sourceHost,
      c.sourceUser,
      null,
      c.sourcePort,
      c.sourceConnectRetry,
      Number(c.sourceSsl),
      c.sourceSslCa,
      c.sourceSslCapath,
      c.sourceSslCert,
      c.sourceSslCipher,
      c.sourceSslKey,
      Number(c.sourceSslVerifyServerCert),
      c.sourceHeartbeatPeriod,
      c.sourceBind,
      [c.ignoreServerIds.length, ...c.ignoreServerIds].join(' '),
      receiver.sourceUuid,
      c.sourceRetryCount,
      c.sourceSslCrl,
      c.sourceSslCrlpath,
      Number(c.positioning !== 'position'),
      c.channel,
      c.sourceTlsVersion,
      c.sourcePublicKeyPath,
      Number(c.getSourcePublicKey),
      c.networkNamespace,
      c.sourceCompressionAlgorithms,
      c.sourceZstdCompressionLevel,
      c.sourceTlsCiphersuites,
      Number(c.sourceConnectionAutoFailover),
      Number(c.gtidOnly),
    ],
  ),
  channelView(
    'mysql',
    'slave_relay_log_info',
    `
      Number_of_lines int unsigned, Relay_log_name text?, Relay_log_pos bigint unsigned?, Master_log_name text?,
      Master_log_pos bigint unsigned?, Sql_delay int?, Number_of_workers int unsigned?, Id int unsigned?,
      Channel_name varchar(64), Privilege_checks_username varchar(32)?,
      Privilege_checks_hostname varchar(255)?, Require_row_format tinyint(1),
      Require_table_primary_key_check enum('STREAM','ON','OFF','GENERATE'),
      Assign_gtids_to_anonymous_transactions_type enum('OFF','LOCAL','UUID'),
      Assign_gtids_to_anonymous_transactions_value text?`,
    ({ configuration: c, applier }) => [
      14,
      applier.relayLogFile,
      applier.relayLogPos,
      applier.sourceLogFile,
      applier.execSourceLogPos,
      c.sourceDelay,
      0,
      1,
      c.channel,
      c.privilegeChecksUser?.user ?? null,
      c.privilegeChecksUser?.host ?? null,
      Number(c.requireRowFormat),
      c.requireTablePrimaryKeyCheck,
      ...assignment(c.assignGtidsToAnonymousTransactions),
    ],
  ),
  {
    schema: 'mysql',
    name: 'gtid_executed',
    columns: columnsOf(`
      source_uuid char(36), interval_start bigint, interval_end bigint, gtid_tag char(32)`),
    rows: ({ relay }) => (relay.flavor === 'mysql' ? gtidRows(relay.streams.binaryLog.gtidExecuted) : []),
  },
];

/** Of MySQL's text of a set: `uuid:1-3:5:tag:7, …` */
function gtidRows(set: string): ViewRow[] {
  return MysqlGtidSet.parse(set)
    .toString()
    .split(/\s*,\s*/)
    .flatMap((source) => {
      const [uuid = '', ...parts] = source.split(':');
      let tag = '';
      return parts.flatMap((part): ViewRow[] => {
        const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
        if (first !== undefined) return [[uuid, Number(first), Number(last ?? first), tag]];
        tag = part;
        return [];
      });
    });
}

import type { AdministrativeStatement } from '../../../sql/index.ts';
import type { Context } from '../context.ts';

type Value = string | number;
type Read = (context: Context) => Value;

/** Counters of statements, by the name servers give them and the kinds of statement that count. */
const COMMANDS: Readonly<Record<string, readonly AdministrativeStatement['kind'][]>> = {
  alter_instance: ['reloadTls'],
  alter_user: ['alterUser'],
  change_db: ['use'],
  change_replication_filter: ['changeFilter'],
  change_replication_source: ['changeSource'],
  create_user: ['createUser'],
  begin: ['begin'],
  commit: ['commit'],
  dealloc_sql: ['deallocate'],
  drop_user: ['dropUser'],
  execute_sql: ['executePrepared'],
  flush: ['flush'],
  grant: ['grant'],
  kill: ['kill'],
  prepare_sql: ['prepare'],
  purge: ['purge'],
  purge_before_date: ['purgeBefore'],
  rename_user: ['renameUser'],
  replica_start: ['startReplica'],
  replica_stop: ['stopReplica'],
  reset: ['resetBinaryLogs', 'resetReplica'],
  revoke: ['revoke'],
  revoke_all: ['revokeAll'],
  rollback: ['rollback'],
  select: ['select'],
  set_option: ['set'],
  show_binary_log_status: ['showBinaryLogStatus'],
  show_binlog_events: ['showBinlogEvents'],
  show_binlogs: ['showBinaryLogs'],
  show_create_user: ['showCreateUser'],
  show_grants: ['showGrants'],
  show_processlist: ['showProcesslist'],
  show_relaylog_events: ['showRelaylogEvents'],
  show_replica_status: ['showReplicaStatus', 'showAllSlavesStatus'],
  show_replicas: ['showReplicas'],
  show_status: ['showStatus'],
  show_tables: ['showTables'],
  show_variables: ['showVariables'],
  show_warnings: ['showWarnings'],
  shutdown: ['shutdown'],
};

const ran =
  (...kinds: readonly string[]): Read =>
  ({ relay }) =>
    kinds.reduce((sum, kind) => sum + (relay.counters.statements.get(kind) ?? 0), 0);

function semiSync(replica: string, source: string): Record<string, Read> {
  return {
    [`${replica}_status`]: ({ relay }) =>
      relay.streams.channels.all.some((control) => control.status().receiver.semiSync) ? 'ON' : 'OFF',
    [`${source}_clients`]: ({ relay }) => relay.streams.dumps.semiSync.clients,
    // A relay waits for nobody: what it serves is committed. Acknowledgements are counted.
    [`${source}_status`]: ({ relay }) =>
      relay.variables.boolean('rpl_semi_sync_source_enabled') ? 'ON' : 'OFF',
    [`${source}_yes_tx`]: ({ relay }) => relay.streams.dumps.semiSync.acknowledged,
  };
}

/** What SHOW STATUS shows. Session values where the session has its own. */
const values: Readonly<Record<string, Read>> = {
  Aborted_clients: ({ relay }) => relay.counters.abortedClients,
  Aborted_connects: ({ relay }) => relay.counters.abortedConnects,
  Binlog_cache_disk_use: () => 0,
  Binlog_cache_use: () => 0,
  Bytes_received: ({ relay }) => relay.counters.bytesReceived,
  Bytes_sent: ({ relay }) => relay.counters.bytesSent,
  ...Object.fromEntries(
    Object.entries(COMMANDS).map(([name, kinds]) => [`Com_${name}`, ran(...kinds)] as const),
  ),
  Compression: () => 'OFF',
  Connections: ({ relay }) => relay.counters.connections,
  Current_tls_ca: ({ relay }) => relay.tls.active.ca,
  Current_tls_capath: () => '',
  Current_tls_cert: ({ relay }) => relay.tls.active.cert,
  Current_tls_cipher: ({ relay }) => relay.tls.active.cipher,
  Current_tls_ciphersuites: ({ relay }) => relay.tls.active.ciphersuites,
  Current_tls_crl: ({ relay }) => relay.tls.active.crl,
  Current_tls_crlpath: () => '',
  Current_tls_key: ({ relay }) => relay.tls.active.key,
  Current_tls_version: ({ relay }) => relay.tls.active.version,
  Flush_commands: ran('flush'),
  Max_used_connections: ({ relay }) => relay.counters.maxUsedConnections,
  Open_tables: () => 0,
  Opened_tables: () => 0,
  Queries: ({ relay }) => relay.counters.questions,
  Questions: ({ relay }) => relay.counters.questions,
  Replica_open_temp_tables: () => 0,
  ...semiSync('Rpl_semi_sync_replica', 'Rpl_semi_sync_source'),
  // Names of MySQL up to 8.0.25, and of MariaDB.
  ...semiSync('Rpl_semi_sync_slave', 'Rpl_semi_sync_master'),
  Slave_connections: ({ relay }) => relay.streams.dumps.replicas.length,
  Slaves_connected: ({ relay }) => relay.streams.dumps.replicas.length,
  Slaves_running: ({ relay }) =>
    relay.streams.channels.all.filter((control) => control.status().receiver.state === 'ON').length,
  Slow_queries: () => 0,
  Ssl_accept_renegotiates: () => 0,
  Ssl_accepts: ({ relay }) => relay.counters.sslAccepts,
  Ssl_callback_cache_hits: () => 0,
  Ssl_cipher: ({ session }) => session.applicant.tls?.cipher ?? '',
  Ssl_cipher_list: ({ session }) => session.applicant.tls?.cipher ?? '',
  Ssl_client_connects: () => 0,
  Ssl_connect_renegotiates: () => 0,
  Ssl_ctx_verify_depth: () => '18446744073709551615',
  Ssl_ctx_verify_mode: () => 5,
  Ssl_default_timeout: ({ session }) => (session.applicant.tls === undefined ? 0 : 7200),
  Ssl_finished_accepts: ({ relay }) => relay.counters.sslAccepts,
  Ssl_finished_connects: () => 0,
  Ssl_server_not_after: ({ relay }) => relay.tls.active.notAfter,
  Ssl_server_not_before: ({ relay }) => relay.tls.active.notBefore,
  Ssl_session_cache_hits: () => 0,
  Ssl_session_cache_misses: () => 0,
  Ssl_session_cache_mode: () => 'SERVER',
  Ssl_session_cache_overflows: () => 0,
  Ssl_session_cache_size: () => 128,
  Ssl_session_cache_timeout: () => 300,
  Ssl_session_cache_timeouts: () => 0,
  Ssl_sessions_reused: ({ session }) => (session.applicant.tls?.sessionReused === true ? 1 : 0),
  Ssl_used_session_cache_entries: () => 0,
  Ssl_verify_depth: ({ session }) => (session.applicant.tls === undefined ? 0 : '18446744073709551615'),
  Ssl_verify_mode: ({ session }) => (session.applicant.tls === undefined ? 0 : 5),
  Ssl_version: ({ session }) => session.applicant.tls?.protocol ?? '',
  Table_locks_immediate: () => 0,
  Table_locks_waited: () => 0,
  Threads_cached: () => 0,
  Threads_connected: ({ relay }) => relay.sessions.size,
  Threads_created: ({ relay }) => relay.counters.connections,
  Threads_running: ({ relay }) =>
    [...relay.sessions.values()].filter(({ state }) => state.command !== 'Sleep').length,
  Tls_library_version: () => 'OpenSSL',
  Uptime: ({ relay }) => Math.floor((relay.now() - relay.startedAt) / 1000),
  Uptime_since_flush_status: ({ relay }) => Math.floor((relay.now() - relay.startedAt) / 1000),
};

/** MariaDB tells of its default connection here; 0 and OFF where there is none. */
function defaultConnection({ relay }: Context): Record<string, Value> {
  if (relay.flavor !== 'mariadb') return {};
  const control = relay.streams.channels.get('');
  const status = control?.status();
  const runs = status?.receiver.state === 'ON' && status.applier.state === 'ON';
  return {
    Slave_heartbeat_period: (control?.configuration.sourceHeartbeatPeriod ?? 0).toFixed(3),
    Slave_open_temp_tables: 0,
    Slave_received_heartbeats: status?.receiver.receivedHeartbeats ?? 0,
    Slave_retried_transactions: status?.applier.transactionsRetried ?? 0,
    Slave_running: runs ? 'ON' : 'OFF',
  };
}

/** Name and value of each, sorted by name. */
export function statusValues(context: Context): (readonly [name: string, value: string])[] {
  const ofConnection = Object.entries(defaultConnection(context)).map(
    ([name, value]) => [name, () => value] as const,
  );
  return [...Object.entries(values), ...ofConnection]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, read]) => [name, String(read(context))] as const);
}

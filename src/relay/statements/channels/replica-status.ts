import { ServerError } from '../../../errors/index.ts';
import { type ShowStatement, syntaxError } from '../../../sql/index.ts';
import type { ChannelConfiguration } from '../../channel/configuration.ts';
import type { ChannelStatus, LastError, TransactionTimes } from '../../channel/status.ts';
import type { ChannelControl } from '../../streams.ts';
import {
  type Answer,
  type ResultColumn,
  type ResultKind,
  type ResultRow,
  type ResultValue,
  rows,
} from '../answer.ts';
import { type Context, demand, type Relay } from '../context.ts';
import { datetime } from '../evaluate.ts';
import { namedChannel } from './implied-channel.ts';

interface Subject {
  readonly relay: Relay;
  readonly configuration: ChannelConfiguration;
  readonly status: ChannelStatus;
}

interface StatusColumn {
  readonly name: string;
  readonly kind: ResultKind;
  readonly value: (subject: Subject) => ResultValue;
}

const text = (name: string, value: StatusColumn['value']): StatusColumn => ({ name, kind: 'text', value });
const number = (name: string, value: StatusColumn['value']): StatusColumn => ({
  name,
  kind: 'unsigned',
  value,
});

const yesNo = (yes: boolean): string => (yes ? 'Yes' : 'No');
const list = (values: readonly (string | number)[]): string => values.join(',');
const running = { ON: 'Yes', OFF: 'No', CONNECTING: 'Connecting' } as const;

/** `241121 05:40:09` */
function shortTime({ at }: LastError): string {
  return at === undefined
    ? ''
    : new Date(at).toISOString().slice(2, 19).replaceAll('-', '').replace('T', ' ');
}

/** MySQL 9.7's columns in their order; the older vocabulary is the same with other words. */
const columns: readonly StatusColumn[] = [
  text('Replica_IO_State', ({ status }) => status.receiver.stage),
  text('Source_Host', ({ configuration }) => configuration.sourceHost),
  text('Source_User', ({ configuration }) => configuration.sourceUser),
  number('Source_Port', ({ configuration }) => configuration.sourcePort),
  number('Connect_Retry', ({ configuration }) => configuration.sourceConnectRetry),
  text('Source_Log_File', ({ status }) => status.receiver.sourceLogFile),
  number('Read_Source_Log_Pos', ({ status }) => status.receiver.readSourceLogPos),
  text('Relay_Log_File', ({ status }) => status.applier.relayLogFile),
  number('Relay_Log_Pos', ({ status }) => status.applier.relayLogPos),
  text('Relay_Source_Log_File', ({ status }) => status.applier.sourceLogFile),
  text('Replica_IO_Running', ({ status }) => running[status.receiver.state]),
  text('Replica_SQL_Running', ({ status }) => yesNo(status.applier.state === 'ON')),
  text('Replicate_Do_DB', ({ configuration }) => list(configuration.filters.doDb)),
  text('Replicate_Ignore_DB', ({ configuration }) => list(configuration.filters.ignoreDb)),
  text('Replicate_Do_Table', ({ configuration }) => list(configuration.filters.doTable)),
  text('Replicate_Ignore_Table', ({ configuration }) => list(configuration.filters.ignoreTable)),
  text('Replicate_Wild_Do_Table', ({ configuration }) => list(configuration.filters.wildDoTable)),
  text('Replicate_Wild_Ignore_Table', ({ configuration }) => list(configuration.filters.wildIgnoreTable)),
  number('Last_Errno', ({ status }) => status.applier.lastError.number),
  text('Last_Error', ({ status }) => status.applier.lastError.message),
  number('Skip_Counter', () => 0),
  number('Exec_Source_Log_Pos', ({ status }) => status.applier.execSourceLogPos),
  number('Relay_Log_Space', ({ status }) => status.relayLogSpace),
  text('Until_Condition', ({ status, relay }) => {
    const { condition } = status.applier.until;
    return condition === 'Master' && relay.flavor === 'mysql' ? 'Source' : condition;
  }),
  text('Until_Log_File', ({ status }) => status.applier.until.file),
  number('Until_Log_Pos', ({ status }) => status.applier.until.position),
  text('Source_SSL_Allowed', ({ configuration }) => yesNo(configuration.sourceSsl)),
  text('Source_SSL_CA_File', ({ configuration }) => configuration.sourceSslCa),
  text('Source_SSL_CA_Path', ({ configuration }) => configuration.sourceSslCapath),
  text('Source_SSL_Cert', ({ configuration }) => configuration.sourceSslCert),
  text('Source_SSL_Cipher', ({ configuration }) => configuration.sourceSslCipher),
  text('Source_SSL_Key', ({ configuration }) => configuration.sourceSslKey),
  number('Seconds_Behind_Source', ({ status }) => status.applier.secondsBehindSource),
  text('Source_SSL_Verify_Server_Cert', ({ configuration }) =>
    yesNo(configuration.sourceSslVerifyServerCert),
  ),
  number('Last_IO_Errno', ({ status }) => status.receiver.lastError.number),
  text('Last_IO_Error', ({ status }) => status.receiver.lastError.message),
  number('Last_SQL_Errno', ({ status }) => status.applier.lastError.number),
  text('Last_SQL_Error', ({ status }) => status.applier.lastError.message),
  text('Replicate_Ignore_Server_Ids', ({ configuration }) => list(configuration.ignoreServerIds)),
  number('Source_Server_Id', ({ status }) => status.receiver.sourceServerId),
  text('Source_UUID', ({ status }) => status.receiver.sourceUuid),
  text('Source_Info_File', () => 'mysql.slave_master_info'),
  number('SQL_Delay', ({ configuration }) => configuration.sourceDelay),
  number('SQL_Remaining_Delay', ({ status }) => status.applier.remainingDelay),
  text('Replica_SQL_Running_State', ({ status }) => status.applier.stage),
  number('Source_Retry_Count', ({ configuration }) => configuration.sourceRetryCount),
  text('Source_Bind', ({ configuration }) => configuration.sourceBind),
  text('Last_IO_Error_Timestamp', ({ status }) => shortTime(status.receiver.lastError)),
  text('Last_SQL_Error_Timestamp', ({ status }) => shortTime(status.applier.lastError)),
  text('Source_SSL_Crl', ({ configuration }) => configuration.sourceSslCrl),
  text('Source_SSL_Crlpath', ({ configuration }) => configuration.sourceSslCrlpath),
  text('Retrieved_Gtid_Set', ({ status }) => status.receiver.retrievedGtidSet),
  text('Executed_Gtid_Set', ({ status }) => status.applier.executedGtidSet),
  number('Auto_Position', ({ configuration }) => Number(configuration.positioning !== 'position')),
  text('Replicate_Rewrite_DB', ({ configuration }) =>
    configuration.filters.rewriteDb.map(([from, to]) => `(${from},${to})`).join(','),
  ),
  text('Channel_Name', ({ configuration }) => configuration.channel),
  text('Source_TLS_Version', ({ configuration }) => configuration.sourceTlsVersion),
  text('Source_public_key_path', ({ configuration }) => configuration.sourcePublicKeyPath),
  number('Get_Source_public_key', ({ configuration }) => Number(configuration.getSourcePublicKey)),
  text('Network_Namespace', ({ configuration }) => configuration.networkNamespace),
];

/** The names of MySQL up to 8.3, and of MariaDB. */
function legacyName(name: string): string {
  if (name === 'Get_Source_public_key') return 'Get_master_public_key';
  return name.replace(/^Replica_/, 'Slave_').replace('Source', 'Master');
}

const legacy: readonly StatusColumn[] = columns.map((column) => ({
  ...column,
  name: legacyName(column.name),
}));

/** As MariaDB lists numbers: each once. */
const ids = (values: readonly number[]): string => [...new Set(values)].toSorted((a, b) => a - b).join(', ');

/** When the source wrote a transaction, in seconds since 1970; null: there was none. */
const secondsOf = ({ immediateCommit }: TransactionTimes): number | null =>
  immediateCommit === 0 ? null : Math.floor(immediateCommit / 1_000_000);

const moment = (seconds: number | null): string | null =>
  seconds === null ? null : datetime(seconds * 1000);

function timeDifference({ status: { receiver, applier } }: Subject): number | null {
  const received = secondsOf(receiver.lastQueued);
  const applied = secondsOf(applier.lastProcessed);
  return received === null || applied === null ? null : received - applied;
}

const usingGtid = ({ configuration: { positioning } }: Subject): string =>
  positioning === 'position' ? 'No' : positioning === 'current_pos' ? 'Current_Pos' : 'Slave_Pos';

const mariadbTail: readonly StatusColumn[] = [
  text('Using_Gtid', usingGtid),
  text('Gtid_IO_Pos', ({ status }) => status.receiver.gtidIoPos),
  text('Replicate_Do_Domain_Ids', ({ configuration }) => ids(configuration.doDomainIds)),
  text('Replicate_Ignore_Domain_Ids', ({ configuration }) => ids(configuration.ignoreDomainIds)),
  text('Parallel_Mode', ({ relay }) => relay.variables.text('slave_parallel_mode')),
];

const named = (name: string): StatusColumn => legacy.find((column) => column.name === name)!;

/** MariaDB 11.8's SHOW SLAVE STATUS. */
const mariadb: readonly StatusColumn[] = [
  ...legacy.slice(0, legacy.indexOf(named('Replicate_Ignore_Server_Ids'))),
  text('Replicate_Ignore_Server_Ids', ({ configuration }) => ids(configuration.ignoreServerIds)),
  named('Master_Server_Id'),
  named('Master_SSL_Crl'),
  named('Master_SSL_Crlpath'),
  ...mariadbTail,
  named('SQL_Delay'),
  named('SQL_Remaining_Delay'),
  named('Slave_SQL_Running_State'),
  number('Slave_DDL_Groups', () => 0),
  number('Slave_Non_Transactional_Groups', () => 0),
  number('Slave_Transactional_Groups', ({ status }) => status.applier.transactionsApplied),
  named('Replicate_Rewrite_DB'),
];

/** MariaDB 11.8's SHOW ALL SLAVES STATUS. */
const allSlaves: readonly StatusColumn[] = [
  text('Connection_name', ({ configuration }) => configuration.channel),
  text('Slave_SQL_State', ({ status }) => status.applier.stage),
  ...mariadb,
  number('Retried_transactions', ({ status }) => status.applier.transactionsRetried),
  number(
    'Max_relay_log_size',
    ({ relay: { variables } }) =>
      variables.number('max_relay_log_size') || variables.number('max_binlog_size'),
  ),
  number('Executed_log_entries', ({ status }) => status.applier.transactionsApplied),
  number('Slave_received_heartbeats', ({ status }) => status.receiver.receivedHeartbeats),
  text('Slave_heartbeat_period', ({ configuration }) => configuration.sourceHeartbeatPeriod.toFixed(3)),
  text('Gtid_Slave_Pos', ({ status }) => status.applier.gtidSlavePos),
  text('Master_last_event_time', ({ status }) => moment(secondsOf(status.receiver.lastQueued))),
  text('Slave_last_event_time', ({ status }) => moment(secondsOf(status.applier.lastProcessed))),
  number('Master_Slave_time_diff', timeDifference),
];

/** information_schema.SLAVE_STATUS of MariaDB: the same, to whoever may see it. */
export function slaveStatusRows(context: Context): ResultRow[] {
  const { relay } = context;
  if (relay.flavor !== 'mariadb') return [];
  demand(context, 'SUPER, REPLICATION CLIENT', 'SUPER', 'REPLICATION CLIENT');
  return rowsOf(relay.streams.channels.all, allSlaves, relay);
}

export const slaveStatusColumns: readonly ResultColumn[] = allSlaves;

/** Whether the channel was told of a source. One that was not is there to be set up, and no status shows it. */
export const hasSource = ({ configuration }: ChannelControl): boolean => configuration.sourceHost !== '';

const rowsOf = (
  channels: readonly ChannelControl[],
  shape: readonly StatusColumn[],
  relay: Relay,
): ResultRow[] =>
  channels.filter(hasSource).map((control) => {
    const subject = { relay, configuration: control.configuration, status: control.status() };
    return shape.map(({ value }) => value(subject));
  });

/** The channel of that name, which MySQL writes small. @throws ServerError 3074 */
export function channelNamed(relay: Relay, name: string): ChannelControl {
  const channel = relay.streams.channels.get(name);
  const shown = relay.flavor === 'mysql' ? name.toLowerCase() : name;
  if (channel === undefined)
    throw new ServerError(3074, 'HY000', `Replica channel '${shown}' does not exist.`);
  return channel;
}

export function showReplicaStatus(
  statement: Extract<ShowStatement, { kind: 'showReplicaStatus' | 'showAllSlavesStatus' }>,
  context: Context,
): Answer {
  demand(context, 'SUPER, REPLICATION CLIENT', 'SUPER', 'REPLICATION CLIENT');
  const { relay } = context;
  // Exporters that try every form in turn are to end with one of MySQL's.
  if (statement.kind === 'showAllSlavesStatus' && relay.flavor === 'mysql')
    throw syntaxError('ALL SLAVES STATUS', 1);
  const channel =
    statement.kind === 'showReplicaStatus' ? namedChannel(context, statement.channel) : undefined;
  const shape = shapeOf(statement, relay);
  // The default channel is there even where it was never set up.
  const isUnset = channel === '' && relay.streams.channels.get('') === undefined;
  const named = channel === undefined || isUnset ? [] : [channelNamed(relay, channel)];
  const channels = channel === undefined ? relay.streams.channels.all : named;
  return rows(shape as readonly ResultColumn[], rowsOf(channels, shape, relay));
}

function shapeOf(
  statement: Extract<ShowStatement, { kind: 'showReplicaStatus' | 'showAllSlavesStatus' }>,
  { flavor }: Relay,
): readonly StatusColumn[] {
  if (statement.kind === 'showAllSlavesStatus') return allSlaves;
  if (flavor === 'mariadb') return mariadb;
  return statement.words === 'replica' ? columns : legacy;
}

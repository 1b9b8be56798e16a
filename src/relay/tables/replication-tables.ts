import {
  type ApplierStatus,
  type LastError,
  NO_ERROR,
  NO_TRANSACTION,
  type ReceiverStatus,
  type TransactionTimes,
  type WorkerStatus,
} from '../channel/status.ts';
import { threadId, workerThreadId } from '../statements/channel-threads.ts';
import type { ViewSource } from '../statements/context.ts';
import type { ChannelControl } from '../streams.ts';
import { columnsOf, type View, type ViewRow } from '../views/view.ts';

type ReplicationView = View<ViewSource>;

const NEVER = '0000-00-00 00:00:00.000000';

/** Microseconds since 1970, as a timestamp(6); 0: never. */
function micros(time: number): string {
  if (time === 0) return NEVER;
  const seconds = new Date(Math.floor(time / 1000)).toISOString().slice(0, 19).replace('T', ' ');
  return `${seconds}.${String(time % 1_000_000).padStart(6, '0')}`;
}

const millis = (time: number | undefined): string => (time === undefined ? NEVER : micros(time * 1000));
const yesNo = (yes: boolean): string => (yes ? 'YES' : 'NO');
const oneZero = (yes: boolean): string => (yes ? '1' : '0');
const failure = ({ number, message, at }: LastError): ViewRow => [number, message, millis(at)];

/** A finished transaction: its name and four times. */
const finished = ({
  transaction,
  originalCommit,
  immediateCommit,
  start,
  end,
}: TransactionTimes): ViewRow => [
  transaction,
  micros(originalCommit),
  micros(immediateCommit),
  micros(start),
  micros(end),
];

/** One under way has no end. */
const underWay = (times: TransactionTimes): ViewRow => finished(times).slice(0, 4);

/** How often a transaction was tried again, and why for the last time. */
function transient(retry: WorkerStatus['retry']): ViewRow {
  if (retry === undefined) return [0, 0, '', NEVER];
  return [retry.tries, retry.errno, retry.message, millis(retry.at)];
}

/** What a server shows of a channel that has not been started yet, as worker 0. */
const IDLE_WORKER: WorkerStatus = {
  lastError: NO_ERROR,
  lastApplied: NO_TRANSACTION,
  applying: NO_TRANSACTION,
  lastRetry: undefined,
  retry: undefined,
};

const workerColumns = ({ lastError, lastApplied, applying, lastRetry, retry }: WorkerStatus): ViewRow => [
  ...failure(lastError),
  ...finished(lastApplied),
  ...underWay(applying),
  ...transient(lastRetry),
  ...transient(retry),
];

/** A view with rows for every channel. */
function perChannel(
  name: string,
  columns: string,
  rows: (
    control: ChannelControl,
    receiver: ReceiverStatus,
    applier: ApplierStatus,
    relay: ViewSource['relay'],
  ) => readonly ViewRow[],
): ReplicationView {
  return {
    schema: 'performance_schema',
    name,
    columns: columnsOf(columns),
    rows: ({ relay }) =>
      relay.streams.channels.all.flatMap((control) => {
        const { receiver, applier } = control.status();
        return rows(control, receiver, applier, relay);
      }),
  };
}

/** A table that only group replication would fill. */
function empty(name: string, columns: string): ReplicationView {
  return { schema: 'performance_schema', name, columns: columnsOf(columns), rows: () => [] };
}

const FILTERS = [
  ['REPLICATE_DO_DB', 'doDb'],
  ['REPLICATE_IGNORE_DB', 'ignoreDb'],
  ['REPLICATE_DO_TABLE', 'doTable'],
  ['REPLICATE_IGNORE_TABLE', 'ignoreTable'],
  ['REPLICATE_WILD_DO_TABLE', 'wildDoTable'],
  ['REPLICATE_WILD_IGNORE_TABLE', 'wildIgnoreTable'],
] as const;

/** performance_schema.replication_…, with MySQL 9.7's columns. */
export const replicationTables: readonly ReplicationView[] = [
  perChannel(
    'replication_connection_configuration',
    `
      CHANNEL_NAME char(64), HOST char(255), PORT int, USER char(32), NETWORK_INTERFACE char(60),
      AUTO_POSITION enum('1','0'), SSL_ALLOWED enum('YES','NO','IGNORED'), SSL_CA_FILE varchar(512),
      SSL_CA_PATH varchar(512), SSL_CERTIFICATE varchar(512), SSL_CIPHER varchar(512),
      SSL_KEY varchar(512), SSL_VERIFY_SERVER_CERTIFICATE enum('YES','NO'), SSL_CRL_FILE varchar(255),
      SSL_CRL_PATH varchar(255), CONNECTION_RETRY_INTERVAL int, CONNECTION_RETRY_COUNT bigint unsigned,
      HEARTBEAT_INTERVAL double(10,3), TLS_VERSION varchar(255), PUBLIC_KEY_PATH varchar(512),
      GET_PUBLIC_KEY enum('YES','NO'), NETWORK_NAMESPACE varchar(64), COMPRESSION_ALGORITHM char(64),
      ZSTD_COMPRESSION_LEVEL int, TLS_CIPHERSUITES text?, SOURCE_CONNECTION_AUTO_FAILOVER enum('1','0'),
      GTID_ONLY enum('1','0')`,
    ({ configuration: c }) => [
      [
        c.channel,
        c.sourceHost,
        c.sourcePort,
        c.sourceUser,
        c.sourceBind,
        oneZero(c.positioning !== 'position'),
        yesNo(c.sourceSsl),
        c.sourceSslCa,
        c.sourceSslCapath,
        c.sourceSslCert,
        c.sourceSslCipher,
        c.sourceSslKey,
        yesNo(c.sourceSslVerifyServerCert),
        c.sourceSslCrl,
        c.sourceSslCrlpath,
        c.sourceConnectRetry,
        c.sourceRetryCount,
        c.sourceHeartbeatPeriod,
        c.sourceTlsVersion,
        c.sourcePublicKeyPath,
        yesNo(c.getSourcePublicKey),
        c.networkNamespace,
        c.sourceCompressionAlgorithms,
        c.sourceZstdCompressionLevel,
        c.sourceTlsCiphersuites,
        oneZero(c.sourceConnectionAutoFailover),
        oneZero(c.gtidOnly),
      ],
    ],
  ),
  perChannel(
    'replication_connection_status',
    `
      CHANNEL_NAME char(64), GROUP_NAME char(36), SOURCE_UUID char(36), THREAD_ID bigint unsigned?,
      SERVICE_STATE enum('ON','OFF','CONNECTING'), COUNT_RECEIVED_HEARTBEATS bigint unsigned,
      LAST_HEARTBEAT_TIMESTAMP timestamp(6), RECEIVED_TRANSACTION_SET longtext, LAST_ERROR_NUMBER int,
      LAST_ERROR_MESSAGE varchar(1024), LAST_ERROR_TIMESTAMP timestamp(6),
      LAST_QUEUED_TRANSACTION char(90)?, LAST_QUEUED_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP timestamp(6),
      LAST_QUEUED_TRANSACTION_IMMEDIATE_COMMIT_TIMESTAMP timestamp(6),
      LAST_QUEUED_TRANSACTION_START_QUEUE_TIMESTAMP timestamp(6),
      LAST_QUEUED_TRANSACTION_END_QUEUE_TIMESTAMP timestamp(6), QUEUEING_TRANSACTION char(90)?,
      QUEUEING_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP timestamp(6),
      QUEUEING_TRANSACTION_IMMEDIATE_COMMIT_TIMESTAMP timestamp(6),
      QUEUEING_TRANSACTION_START_QUEUE_TIMESTAMP timestamp(6)`,
    (control, receiver, _applier, relay) => [
      [
        control.configuration.channel,
        '',
        receiver.sourceUuid,
        threadId(relay, control, 'receiver'),
        receiver.state,
        receiver.receivedHeartbeats,
        millis(receiver.lastHeartbeatAt),
        receiver.retrievedGtidSet,
        ...failure(receiver.lastError),
        ...finished(receiver.lastQueued),
        ...underWay(receiver.queueing),
      ],
    ],
  ),
  perChannel(
    'replication_applier_configuration',
    `
      CHANNEL_NAME char(64), DESIRED_DELAY int, PRIVILEGE_CHECKS_USER text?,
      REQUIRE_ROW_FORMAT enum('YES','NO'),
      REQUIRE_TABLE_PRIMARY_KEY_CHECK enum('STREAM','ON','OFF','GENERATE'),
      ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS_TYPE enum('OFF','LOCAL','UUID'),
      ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS_VALUE text?`,
    ({ configuration: c }) => {
      const assign = c.assignGtidsToAnonymousTransactions;
      const user = c.privilegeChecksUser;
      const isUuid = assign !== 'OFF' && assign !== 'LOCAL';
      return [
        [
          c.channel,
          c.sourceDelay,
          user === undefined ? null : `'${user.user}'@'${user.host}'`,
          yesNo(c.requireRowFormat),
          c.requireTablePrimaryKeyCheck,
          isUuid ? 'UUID' : assign,
          isUuid ? assign : null,
        ],
      ];
    },
  ),
  perChannel(
    'replication_applier_status',
    `
      CHANNEL_NAME char(64), SERVICE_STATE enum('ON','OFF'), REMAINING_DELAY int unsigned?,
      COUNT_TRANSACTIONS_RETRIES bigint unsigned`,
    ({ configuration }, _receiver, applier) => [
      [configuration.channel, applier.state, applier.remainingDelay, applier.transactionsRetried],
    ],
  ),
  perChannel(
    'replication_applier_status_by_coordinator',
    `
      CHANNEL_NAME char(64), THREAD_ID bigint unsigned?, SERVICE_STATE enum('ON','OFF'),
      LAST_ERROR_NUMBER int, LAST_ERROR_MESSAGE varchar(1024), LAST_ERROR_TIMESTAMP timestamp(6),
      LAST_PROCESSED_TRANSACTION char(90)?,
      LAST_PROCESSED_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP timestamp(6),
      LAST_PROCESSED_TRANSACTION_IMMEDIATE_COMMIT_TIMESTAMP timestamp(6),
      LAST_PROCESSED_TRANSACTION_START_BUFFER_TIMESTAMP timestamp(6),
      LAST_PROCESSED_TRANSACTION_END_BUFFER_TIMESTAMP timestamp(6), PROCESSING_TRANSACTION char(90)?,
      PROCESSING_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP timestamp(6),
      PROCESSING_TRANSACTION_IMMEDIATE_COMMIT_TIMESTAMP timestamp(6),
      PROCESSING_TRANSACTION_START_BUFFER_TIMESTAMP timestamp(6)`,
    (control, _receiver, { state, startedAt, coordinator }, relay) =>
      startedAt === 0
        ? []
        : [
            [
              control.configuration.channel,
              threadId(relay, control, 'applier'),
              state,
              ...failure(coordinator.lastError),
              ...finished(coordinator.lastProcessed),
              ...underWay(coordinator.processing),
            ],
          ],
  ),
  perChannel(
    'replication_applier_status_by_worker',
    `
      CHANNEL_NAME char(64), WORKER_ID bigint unsigned, THREAD_ID bigint unsigned?,
      SERVICE_STATE enum('ON','OFF'), LAST_ERROR_NUMBER int, LAST_ERROR_MESSAGE varchar(1024),
      LAST_ERROR_TIMESTAMP timestamp(6), LAST_APPLIED_TRANSACTION char(90)?,
      LAST_APPLIED_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP timestamp(6),
      LAST_APPLIED_TRANSACTION_IMMEDIATE_COMMIT_TIMESTAMP timestamp(6),
      LAST_APPLIED_TRANSACTION_START_APPLY_TIMESTAMP timestamp(6),
      LAST_APPLIED_TRANSACTION_END_APPLY_TIMESTAMP timestamp(6), APPLYING_TRANSACTION char(90)?,
      APPLYING_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP timestamp(6),
      APPLYING_TRANSACTION_IMMEDIATE_COMMIT_TIMESTAMP timestamp(6),
      APPLYING_TRANSACTION_START_APPLY_TIMESTAMP timestamp(6),
      LAST_APPLIED_TRANSACTION_RETRIES_COUNT bigint unsigned,
      LAST_APPLIED_TRANSACTION_LAST_TRANSIENT_ERROR_NUMBER int,
      LAST_APPLIED_TRANSACTION_LAST_TRANSIENT_ERROR_MESSAGE varchar(1024)?,
      LAST_APPLIED_TRANSACTION_LAST_TRANSIENT_ERROR_TIMESTAMP timestamp(6),
      APPLYING_TRANSACTION_RETRIES_COUNT bigint unsigned,
      APPLYING_TRANSACTION_LAST_TRANSIENT_ERROR_NUMBER int,
      APPLYING_TRANSACTION_LAST_TRANSIENT_ERROR_MESSAGE varchar(1024)?,
      APPLYING_TRANSACTION_LAST_TRANSIENT_ERROR_TIMESTAMP timestamp(6)`,
    (control, _receiver, { state, workers }, relay) => {
      const { channel } = control.configuration;
      if (workers.length === 0) return [[channel, 0, null, state, ...workerColumns(IDLE_WORKER)]];
      return workers.map((worker, index) => [
        channel,
        index + 1,
        state === 'OFF' ? null : workerThreadId(relay, control, index + 1),
        state,
        ...workerColumns(worker),
      ]);
    },
  ),
  perChannel(
    'replication_applier_filters',
    `
      CHANNEL_NAME char(64), FILTER_NAME char(64), FILTER_RULE longtext,
      CONFIGURED_BY enum('STARTUP_OPTIONS','CHANGE_REPLICATION_FILTER','STARTUP_OPTIONS_FOR_CHANNEL','CHANGE_REPLICATION_FILTER_FOR_CHANNEL'),
      ACTIVE_SINCE timestamp(6), COUNTER bigint unsigned`,
    ({ configuration: { channel, filters } }) => {
      const rules = FILTERS.map(([name, key]) => [name, filters[key].join(',')] as const);
      const rewritten = filters.rewriteDb.map(([from, to]) => `(${from},${to})`).join(',');
      return [...rules, ['REPLICATE_REWRITE_DB', rewritten] as const]
        .filter(([, rule]) => rule !== '')
        .map(([name, rule]) => [channel, name, rule, 'CHANGE_REPLICATION_FILTER_FOR_CHANNEL', NEVER, 0]);
    },
  ),
  // No server has it: where the rows of a channel go. An empty URL means rowlock_target.
  perChannel(
    'replication_applier_target',
    `
      CHANNEL_NAME char(64), TARGET_URL text, TARGET_USER char(32), ON_CONFLICT enum('stop','skip','overwrite'),
      SERVICE_STATE enum('ON','OFF'), COUNT_CONFLICTS bigint unsigned, LAST_CONFLICT_NUMBER int,
      LAST_CONFLICT_MESSAGE varchar(1024), LAST_CONFLICT_TIMESTAMP timestamp(6)`,
    ({ configuration: { channel, target } }, _receiver, applier) => [
      [
        channel,
        target.url,
        target.user,
        target.onConflict,
        applier.state,
        applier.conflicts,
        ...failure(applier.lastConflict),
      ],
    ],
  ),
  empty(
    'replication_applier_global_filters',
    `
      FILTER_NAME char(64), FILTER_RULE longtext,
      CONFIGURED_BY enum('STARTUP_OPTIONS','CHANGE_REPLICATION_FILTER'), ACTIVE_SINCE timestamp(6)`,
  ),
  {
    schema: 'performance_schema',
    name: 'replication_asynchronous_connection_failover',
    columns: columnsOf(`
      CHANNEL_NAME char(64), HOST char(255), PORT int, NETWORK_NAMESPACE char(64)?, WEIGHT int unsigned,
      MANAGED_NAME char(64)`),
    rows: ({ relay }) =>
      relay.failover.all.map(({ channel, host, port, networkNamespace, weight }) => [
        channel,
        host,
        port,
        networkNamespace,
        weight,
        '',
      ]),
  },
  empty(
    'replication_asynchronous_connection_failover_managed',
    `
      CHANNEL_NAME char(64), MANAGED_NAME char(64), MANAGED_TYPE char(64), CONFIGURATION json?`,
  ),
  empty(
    'replication_group_members',
    `
      CHANNEL_NAME char(64), MEMBER_ID char(36), MEMBER_HOST char(255), MEMBER_PORT int?,
      MEMBER_STATE char(64), MEMBER_ROLE char(64), MEMBER_VERSION char(64),
      MEMBER_COMMUNICATION_STACK char(64)`,
  ),
  empty(
    'replication_group_member_stats',
    `
      CHANNEL_NAME char(64), VIEW_ID char(60), MEMBER_ID char(36),
      COUNT_TRANSACTIONS_IN_QUEUE bigint unsigned, COUNT_TRANSACTIONS_CHECKED bigint unsigned,
      COUNT_CONFLICTS_DETECTED bigint unsigned, COUNT_TRANSACTIONS_ROWS_VALIDATING bigint unsigned,
      TRANSACTIONS_COMMITTED_ALL_MEMBERS longtext, LAST_CONFLICT_FREE_TRANSACTION text,
      COUNT_TRANSACTIONS_REMOTE_IN_APPLIER_QUEUE bigint unsigned,
      COUNT_TRANSACTIONS_REMOTE_APPLIED bigint unsigned,
      COUNT_TRANSACTIONS_LOCAL_PROPOSED bigint unsigned, COUNT_TRANSACTIONS_LOCAL_ROLLBACK bigint unsigned`,
  ),
];

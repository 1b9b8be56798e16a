import { threadId } from '../statements/channels/channel-threads.ts';
import type { ViewSource } from '../statements/context.ts';
import { columnsOf, type View } from '../views/view.ts';
import { channelView } from './channel-view.ts';
import { failure, finished, millis, oneZero, underWay, yesNo } from './replication-cells.ts';

/** performance_schema.replication_connection_… and …_failover: the receiving halves of channels, with MySQL 9.7's columns. */
export const connectionTables: readonly View<ViewSource>[] = [
  channelView(
    'performance_schema',
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
      c.sourceHeartbeatPeriod.toFixed(3),
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
  ),
  channelView(
    'performance_schema',
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
    ({ control, configuration, receiver, relay }) => [
      configuration.channel,
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
];

import { threadId, workerThreadId } from '../statements/channels/channel-threads.ts';
import type { ViewSource } from '../statements/context.ts';
import type { View } from '../views/view.ts';
import { channelRowsView, channelView } from './channel-view.ts';
import {
  assignment,
  failure,
  finished,
  IDLE_WORKER,
  NEVER,
  underWay,
  workerCells,
  yesNo,
} from './replication-cells.ts';

const FILTERS = [
  ['REPLICATE_DO_DB', 'doDb'],
  ['REPLICATE_IGNORE_DB', 'ignoreDb'],
  ['REPLICATE_DO_TABLE', 'doTable'],
  ['REPLICATE_IGNORE_TABLE', 'ignoreTable'],
  ['REPLICATE_WILD_DO_TABLE', 'wildDoTable'],
  ['REPLICATE_WILD_IGNORE_TABLE', 'wildIgnoreTable'],
] as const;

/** performance_schema.replication_applier_…: the applying halves of channels, with MySQL 9.7's columns. */
export const applierTables: readonly View<ViewSource>[] = [
  channelView(
    'performance_schema',
    'replication_applier_configuration',
    `
      CHANNEL_NAME char(64), DESIRED_DELAY int, PRIVILEGE_CHECKS_USER text?,
      REQUIRE_ROW_FORMAT enum('YES','NO'),
      REQUIRE_TABLE_PRIMARY_KEY_CHECK enum('STREAM','ON','OFF','GENERATE'),
      ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS_TYPE enum('OFF','LOCAL','UUID'),
      ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS_VALUE text?`,
    ({ configuration: c }) => {
      const user = c.privilegeChecksUser;
      return [
        c.channel,
        c.sourceDelay,
        user === undefined ? null : `'${user.user}'@'${user.host}'`,
        yesNo(c.requireRowFormat),
        c.requireTablePrimaryKeyCheck,
        ...assignment(c.assignGtidsToAnonymousTransactions),
      ];
    },
  ),
  channelView(
    'performance_schema',
    'replication_applier_status',
    `
      CHANNEL_NAME char(64), SERVICE_STATE enum('ON','OFF'), REMAINING_DELAY int unsigned?,
      COUNT_TRANSACTIONS_RETRIES bigint unsigned`,
    ({ configuration, applier }) => [
      configuration.channel,
      applier.state,
      applier.remainingDelay,
      applier.transactionsRetried,
    ],
  ),
  channelRowsView(
    'performance_schema',
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
    ({ control, configuration, applier: { state, startedAt, coordinator }, relay }) =>
      startedAt === 0
        ? []
        : [
            [
              configuration.channel,
              threadId(relay, control, 'applier'),
              state,
              ...failure(coordinator.lastError),
              ...finished(coordinator.lastProcessed),
              ...underWay(coordinator.processing),
            ],
          ],
  ),
  channelRowsView(
    'performance_schema',
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
    ({ control, configuration: { channel }, applier: { state, workers }, relay }) => {
      if (workers.length === 0) return [[channel, 0, null, state, ...workerCells(IDLE_WORKER)]];
      return workers.map((worker, index) => [
        channel,
        index + 1,
        state === 'OFF' ? null : workerThreadId(relay, control, index + 1),
        state,
        ...workerCells(worker),
      ]);
    },
  ),
  channelRowsView(
    'performance_schema',
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
  channelView(
    'performance_schema',
    'replication_applier_target',
    `
      CHANNEL_NAME char(64), TARGET_URL text, TARGET_USER char(32), ON_CONFLICT enum('stop','skip','overwrite'),
      SERVICE_STATE enum('ON','OFF'), COUNT_CONFLICTS bigint unsigned, LAST_CONFLICT_NUMBER int,
      LAST_CONFLICT_MESSAGE varchar(1024), LAST_CONFLICT_TIMESTAMP timestamp(6)`,
    ({ configuration: { channel, target }, applier }) => [
      channel,
      target.url,
      target.user,
      target.onConflict,
      applier.state,
      applier.conflicts,
      ...failure(applier.lastConflict),
    ],
  ),
];

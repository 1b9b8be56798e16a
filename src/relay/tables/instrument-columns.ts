/** The columns in which performance_schema counts and times one kind of event. */
const timed = (what: string, count: string = what): string =>
  [`COUNT_${count}`, ...['SUM', 'MIN', 'AVG', 'MAX'].map((of) => `${of}_TIMER_${what}`)]
    .map((name) => `${name} bigint unsigned`)
    .join(', ');

/** Of a statement that runs or ran. */
const STATEMENTS = `
    THREAD_ID bigint unsigned, EVENT_ID bigint unsigned, END_EVENT_ID bigint unsigned?, EVENT_NAME varchar(128),
    SOURCE varchar(64)?, TIMER_START bigint unsigned?, TIMER_END bigint unsigned?, TIMER_WAIT bigint unsigned?,
    LOCK_TIME bigint unsigned, SQL_TEXT longtext?, DIGEST varchar(64)?, DIGEST_TEXT longtext?, CURRENT_SCHEMA
    varchar(64)?, OBJECT_TYPE varchar(64)?, OBJECT_SCHEMA varchar(64)?, OBJECT_NAME varchar(64)?,
    OBJECT_INSTANCE_BEGIN bigint unsigned?, MYSQL_ERRNO int?, RETURNED_SQLSTATE varchar(5)?, MESSAGE_TEXT
    varchar(128)?, ERRORS bigint unsigned, WARNINGS bigint unsigned, ROWS_AFFECTED bigint unsigned, ROWS_SENT
    bigint unsigned, ROWS_EXAMINED bigint unsigned, CREATED_TMP_DISK_TABLES bigint unsigned, CREATED_TMP_TABLES
    bigint unsigned, SELECT_FULL_JOIN bigint unsigned, SELECT_FULL_RANGE_JOIN bigint unsigned, SELECT_RANGE
    bigint unsigned, SELECT_RANGE_CHECK bigint unsigned, SELECT_SCAN bigint unsigned, SORT_MERGE_PASSES bigint
    unsigned, SORT_RANGE bigint unsigned, SORT_ROWS bigint unsigned, SORT_SCAN bigint unsigned, NO_INDEX_USED
    bigint unsigned, NO_GOOD_INDEX_USED bigint unsigned, NESTING_EVENT_ID bigint unsigned?, NESTING_EVENT_TYPE
    enum('TRANSACTION','STATEMENT','STAGE','WAIT')?, NESTING_EVENT_LEVEL int?, STATEMENT_ID bigint unsigned?,
    CPU_TIME bigint unsigned, MAX_CONTROLLED_MEMORY bigint unsigned, MAX_TOTAL_MEMORY bigint unsigned,
    EXECUTION_ENGINE enum('PRIMARY','SECONDARY')?`;

/** By schema and name, with MySQL 9.7's columns: what performance_schema counts, locks or hides, and a relay has nothing of. */
export const INSTRUMENTS: Readonly<Record<string, string>> = {
  'performance_schema.binary_log_transaction_compression_stats': `
    LOG_TYPE enum('BINARY','RELAY'), COMPRESSION_TYPE varchar(64), TRANSACTION_COUNTER bigint unsigned,
    COMPRESSED_BYTES_COUNTER bigint unsigned, UNCOMPRESSED_BYTES_COUNTER bigint unsigned, COMPRESSION_PERCENTAGE
    smallint, FIRST_TRANSACTION_ID text?, FIRST_TRANSACTION_COMPRESSED_BYTES bigint unsigned,
    FIRST_TRANSACTION_UNCOMPRESSED_BYTES bigint unsigned, FIRST_TRANSACTION_TIMESTAMP timestamp(6)?,
    LAST_TRANSACTION_ID text?, LAST_TRANSACTION_COMPRESSED_BYTES bigint unsigned,
    LAST_TRANSACTION_UNCOMPRESSED_BYTES bigint unsigned, LAST_TRANSACTION_TIMESTAMP timestamp(6)?`,
  'performance_schema.data_lock_waits': `
    ENGINE varchar(32), REQUESTING_ENGINE_LOCK_ID varchar(128), REQUESTING_ENGINE_TRANSACTION_ID bigint
    unsigned?, REQUESTING_THREAD_ID bigint unsigned?, REQUESTING_EVENT_ID bigint unsigned?,
    REQUESTING_OBJECT_INSTANCE_BEGIN bigint unsigned, BLOCKING_ENGINE_LOCK_ID varchar(128),
    BLOCKING_ENGINE_TRANSACTION_ID bigint unsigned?, BLOCKING_THREAD_ID bigint unsigned?, BLOCKING_EVENT_ID
    bigint unsigned?, BLOCKING_OBJECT_INSTANCE_BEGIN bigint unsigned`,
  'performance_schema.data_locks': `
    ENGINE varchar(32), ENGINE_LOCK_ID varchar(128), ENGINE_TRANSACTION_ID bigint unsigned?, THREAD_ID bigint
    unsigned?, EVENT_ID bigint unsigned?, OBJECT_SCHEMA varchar(64)?, OBJECT_NAME varchar(64)?, PARTITION_NAME
    varchar(64)?, SUBPARTITION_NAME varchar(64)?, INDEX_NAME varchar(64)?, OBJECT_INSTANCE_BEGIN bigint
    unsigned, LOCK_TYPE varchar(32), LOCK_MODE varchar(32), LOCK_STATUS varchar(32), LOCK_DATA varchar(8192)?`,
  'performance_schema.error_log': `
    LOGGED timestamp(6), THREAD_ID bigint unsigned?, PRIO enum('System','Error','Warning','Note'), ERROR_CODE
    varchar(10)?, SUBSYSTEM varchar(7)?, DATA text`,
  'performance_schema.events_errors_summary_global_by_error': `
    ERROR_NUMBER int?, ERROR_NAME varchar(64)?, SQL_STATE varchar(5)?, SUM_ERROR_RAISED bigint unsigned,
    SUM_ERROR_HANDLED bigint unsigned, FIRST_SEEN timestamp?, LAST_SEEN timestamp?`,
  'performance_schema.events_stages_current': `
    THREAD_ID bigint unsigned, EVENT_ID bigint unsigned, END_EVENT_ID bigint unsigned?, EVENT_NAME varchar(128),
    SOURCE varchar(64)?, TIMER_START bigint unsigned?, TIMER_END bigint unsigned?, TIMER_WAIT bigint unsigned?,
    WORK_COMPLETED bigint unsigned?, WORK_ESTIMATED bigint unsigned?, NESTING_EVENT_ID bigint unsigned?,
    NESTING_EVENT_TYPE enum('TRANSACTION','STATEMENT','STAGE','WAIT')?`,
  'performance_schema.events_transactions_current': `
    THREAD_ID bigint unsigned, EVENT_ID bigint unsigned, END_EVENT_ID bigint unsigned?, EVENT_NAME varchar(128),
    STATE enum('ACTIVE','COMMITTED','ROLLED BACK')?, TRX_ID bigint unsigned?, GTID varchar(90)?, XID_FORMAT_ID int?,
    XID_GTRID varchar(130)?, XID_BQUAL varchar(130)?, XA_STATE varchar(64)?, SOURCE varchar(64)?, TIMER_START bigint
    unsigned?, TIMER_END bigint unsigned?, TIMER_WAIT bigint unsigned?, ACCESS_MODE enum('READ ONLY','READ WRITE')?,
    ISOLATION_LEVEL varchar(64)?, AUTOCOMMIT enum('YES','NO'), NUMBER_OF_SAVEPOINTS bigint unsigned?,
    NUMBER_OF_ROLLBACK_TO_SAVEPOINT bigint unsigned?, NUMBER_OF_RELEASE_SAVEPOINT bigint unsigned?,
    OBJECT_INSTANCE_BEGIN bigint unsigned?, NESTING_EVENT_ID bigint unsigned?, NESTING_EVENT_TYPE
    enum('TRANSACTION','STATEMENT','STAGE','WAIT')?`,
  'performance_schema.events_waits_current': `
    THREAD_ID bigint unsigned, EVENT_ID bigint unsigned, END_EVENT_ID bigint unsigned?, EVENT_NAME varchar(128),
    SOURCE varchar(64)?, TIMER_START bigint unsigned?, TIMER_END bigint unsigned?, TIMER_WAIT bigint unsigned?,
    SPINS int unsigned?, OBJECT_SCHEMA varchar(64)?, OBJECT_NAME varchar(512)?, INDEX_NAME varchar(64)?, OBJECT_TYPE
    varchar(64)?, OBJECT_INSTANCE_BEGIN bigint unsigned, NESTING_EVENT_ID bigint unsigned?, NESTING_EVENT_TYPE
    enum('TRANSACTION','STATEMENT','STAGE','WAIT')?, OPERATION varchar(32), NUMBER_OF_BYTES bigint?, FLAGS int
    unsigned?`,
  'performance_schema.setup_actors': `
    HOST char(255), USER char(32), ROLE char(32), ENABLED enum('YES','NO'), HISTORY enum('YES','NO')`,
  'performance_schema.events_statements_current': STATEMENTS,
  'performance_schema.events_statements_history': STATEMENTS,
  'performance_schema.events_statements_history_long': STATEMENTS,
  'performance_schema.events_statements_summary_by_digest': `
    SCHEMA_NAME varchar(64)?, DIGEST varchar(64)?, DIGEST_TEXT longtext?, ${timed('WAIT', 'STAR')}, SUM_LOCK_TIME
    bigint unsigned, SUM_ERRORS bigint unsigned, SUM_WARNINGS bigint unsigned, SUM_ROWS_AFFECTED bigint unsigned,
    SUM_ROWS_SENT bigint unsigned, SUM_ROWS_EXAMINED bigint unsigned, SUM_CREATED_TMP_DISK_TABLES bigint unsigned,
    SUM_CREATED_TMP_TABLES bigint unsigned, SUM_SELECT_FULL_JOIN bigint unsigned, SUM_SELECT_FULL_RANGE_JOIN
    bigint unsigned, SUM_SELECT_RANGE bigint unsigned, SUM_SELECT_RANGE_CHECK bigint unsigned, SUM_SELECT_SCAN
    bigint unsigned, SUM_SORT_MERGE_PASSES bigint unsigned, SUM_SORT_RANGE bigint unsigned, SUM_SORT_ROWS bigint
    unsigned, SUM_SORT_SCAN bigint unsigned, SUM_NO_INDEX_USED bigint unsigned, SUM_NO_GOOD_INDEX_USED bigint
    unsigned, SUM_CPU_TIME bigint unsigned, MAX_CONTROLLED_MEMORY bigint unsigned, MAX_TOTAL_MEMORY bigint
    unsigned, COUNT_SECONDARY bigint unsigned, FIRST_SEEN timestamp(6), LAST_SEEN timestamp(6), QUANTILE_95 bigint
    unsigned, QUANTILE_99 bigint unsigned, QUANTILE_999 bigint unsigned, QUERY_SAMPLE_TEXT longtext?,
    QUERY_SAMPLE_SEEN timestamp(6), QUERY_SAMPLE_TIMER_WAIT bigint unsigned`,
  'performance_schema.events_waits_summary_global_by_event_name': `
    EVENT_NAME varchar(128), ${timed('WAIT', 'STAR')}`,
  'performance_schema.file_summary_by_event_name': `
    EVENT_NAME varchar(128), ${timed('WAIT', 'STAR')}, ${timed('READ')}, SUM_NUMBER_OF_BYTES_READ bigint,
    ${timed('WRITE')}, SUM_NUMBER_OF_BYTES_WRITE bigint, ${timed('MISC')}`,
  'performance_schema.file_summary_by_instance': `
    FILE_NAME varchar(512), EVENT_NAME varchar(128), OBJECT_INSTANCE_BEGIN bigint unsigned,
    ${timed('WAIT', 'STAR')}, ${timed('READ')}, SUM_NUMBER_OF_BYTES_READ bigint, ${timed('WRITE')},
    SUM_NUMBER_OF_BYTES_WRITE bigint, ${timed('MISC')}`,
  'performance_schema.host_cache': `
    IP varchar(64), HOST varchar(255)?, HOST_VALIDATED enum('YES','NO'), SUM_CONNECT_ERRORS bigint,
    COUNT_HOST_BLOCKED_ERRORS bigint, COUNT_NAMEINFO_TRANSIENT_ERRORS bigint, COUNT_NAMEINFO_PERMANENT_ERRORS
    bigint, COUNT_FORMAT_ERRORS bigint, COUNT_ADDRINFO_TRANSIENT_ERRORS bigint, COUNT_ADDRINFO_PERMANENT_ERRORS
    bigint, COUNT_FCRDNS_ERRORS bigint, COUNT_HOST_ACL_ERRORS bigint, COUNT_NO_AUTH_PLUGIN_ERRORS bigint,
    COUNT_AUTH_PLUGIN_ERRORS bigint, COUNT_HANDSHAKE_ERRORS bigint, COUNT_PROXY_USER_ERRORS bigint,
    COUNT_PROXY_USER_ACL_ERRORS bigint, COUNT_AUTHENTICATION_ERRORS bigint, COUNT_SSL_ERRORS bigint,
    COUNT_MAX_USER_CONNECTIONS_ERRORS bigint, COUNT_MAX_USER_CONNECTIONS_PER_HOUR_ERRORS bigint,
    COUNT_DEFAULT_DATABASE_ERRORS bigint, COUNT_INIT_CONNECT_ERRORS bigint, COUNT_LOCAL_ERRORS bigint,
    COUNT_ACCOUNT_LOCKED_ERRORS bigint, COUNT_TEMPORARY_ACCOUNT_LOCKED_ERRORS bigint, COUNT_UNKNOWN_ERRORS
    bigint, FIRST_SEEN timestamp, LAST_SEEN timestamp, FIRST_ERROR_SEEN timestamp?, LAST_ERROR_SEEN timestamp?`,
  'performance_schema.keyring_keys': `
    KEY_ID varchar(255), KEY_OWNER varchar(255)?, BACKEND_KEY_ID varchar(255)?`,
  'performance_schema.memory_summary_global_by_event_name': `
    EVENT_NAME varchar(128), COUNT_ALLOC bigint unsigned, COUNT_FREE bigint unsigned, SUM_NUMBER_OF_BYTES_ALLOC
    bigint unsigned, SUM_NUMBER_OF_BYTES_FREE bigint unsigned, LOW_COUNT_USED bigint, CURRENT_COUNT_USED bigint,
    HIGH_COUNT_USED bigint, LOW_NUMBER_OF_BYTES_USED bigint, CURRENT_NUMBER_OF_BYTES_USED bigint,
    HIGH_NUMBER_OF_BYTES_USED bigint`,
  'performance_schema.metadata_locks': `
    OBJECT_TYPE varchar(64), OBJECT_SCHEMA varchar(64)?, OBJECT_NAME varchar(64)?, COLUMN_NAME varchar(64)?,
    OBJECT_INSTANCE_BEGIN bigint unsigned, LOCK_TYPE varchar(32), LOCK_DURATION varchar(32), LOCK_STATUS
    varchar(32), SOURCE varchar(64)?, OWNER_THREAD_ID bigint unsigned?, OWNER_EVENT_ID bigint unsigned?`,
  'performance_schema.prepared_statements_instances': `
    OBJECT_INSTANCE_BEGIN bigint unsigned, STATEMENT_ID bigint unsigned, STATEMENT_NAME varchar(64)?, SQL_TEXT
    longtext, OWNER_THREAD_ID bigint unsigned, OWNER_EVENT_ID bigint unsigned, OWNER_OBJECT_TYPE
    enum('EVENT','FUNCTION','PROCEDURE','TABLE','TRIGGER')?, OWNER_OBJECT_SCHEMA varchar(64)?, OWNER_OBJECT_NAME
    varchar(64)?, EXECUTION_ENGINE enum('PRIMARY','SECONDARY')?, TIMER_PREPARE bigint unsigned, COUNT_REPREPARE
    bigint unsigned, ${timed('EXECUTE')}, SUM_LOCK_TIME bigint unsigned, SUM_ERRORS bigint unsigned, SUM_WARNINGS
    bigint unsigned, SUM_ROWS_AFFECTED bigint unsigned, SUM_ROWS_SENT bigint unsigned, SUM_ROWS_EXAMINED bigint
    unsigned, SUM_CREATED_TMP_DISK_TABLES bigint unsigned, SUM_CREATED_TMP_TABLES bigint unsigned,
    SUM_SELECT_FULL_JOIN bigint unsigned, SUM_SELECT_FULL_RANGE_JOIN bigint unsigned, SUM_SELECT_RANGE bigint
    unsigned, SUM_SELECT_RANGE_CHECK bigint unsigned, SUM_SELECT_SCAN bigint unsigned, SUM_SORT_MERGE_PASSES
    bigint unsigned, SUM_SORT_RANGE bigint unsigned, SUM_SORT_ROWS bigint unsigned, SUM_SORT_SCAN bigint unsigned,
    SUM_NO_INDEX_USED bigint unsigned, SUM_NO_GOOD_INDEX_USED bigint unsigned, SUM_CPU_TIME bigint unsigned,
    MAX_CONTROLLED_MEMORY bigint unsigned, MAX_TOTAL_MEMORY bigint unsigned, COUNT_SECONDARY bigint unsigned`,
  'performance_schema.setup_consumers': `
    NAME varchar(64), ENABLED enum('YES','NO')`,
  'performance_schema.setup_instruments': `
    NAME varchar(128), ENABLED enum('YES','NO'), TIMED enum('YES','NO')?, PROPERTIES set, FLAGS set?, VOLATILITY
    int, DOCUMENTATION longtext?`,
  'performance_schema.socket_instances': `
    EVENT_NAME varchar(128), OBJECT_INSTANCE_BEGIN bigint unsigned, THREAD_ID bigint unsigned?, SOCKET_ID int,
    IP varchar(64), PORT int, STATE enum('IDLE','ACTIVE')`,
  'performance_schema.table_io_waits_summary_by_index_usage': `
    OBJECT_TYPE varchar(64)?, OBJECT_SCHEMA varchar(64)?, OBJECT_NAME varchar(64)?, INDEX_NAME varchar(64)?,
    ${timed('WAIT', 'STAR')}, ${timed('READ')}, ${timed('WRITE')}, ${timed('FETCH')}, ${timed('INSERT')},
    ${timed('UPDATE')}, ${timed('DELETE')}`,
  'performance_schema.table_io_waits_summary_by_table': `
    OBJECT_TYPE varchar(64)?, OBJECT_SCHEMA varchar(64)?, OBJECT_NAME varchar(64)?, ${timed('WAIT', 'STAR')},
    ${timed('READ')}, ${timed('WRITE')}, ${timed('FETCH')}, ${timed('INSERT')}, ${timed('UPDATE')},
    ${timed('DELETE')}`,
  'performance_schema.table_lock_waits_summary_by_table': `
    OBJECT_TYPE varchar(64)?, OBJECT_SCHEMA varchar(64)?, OBJECT_NAME varchar(64)?, ${timed('WAIT', 'STAR')},
    ${timed('READ')}, ${timed('WRITE')}, ${timed('READ_NORMAL')}, ${timed('READ_WITH_SHARED_LOCKS')},
    ${timed('READ_HIGH_PRIORITY')}, ${timed('READ_NO_INSERT')}, ${timed('READ_EXTERNAL')},
    ${timed('WRITE_ALLOW_WRITE')}, ${timed('WRITE_CONCURRENT_INSERT')}, ${timed('WRITE_LOW_PRIORITY')},
    ${timed('WRITE_NORMAL')}, ${timed('WRITE_EXTERNAL')}`,
};

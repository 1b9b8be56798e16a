/** By schema and name, with MySQL 9.7's columns: InnoDB's, those of roles, plugins and logs in tables. A relay has none of them. */
export const ENGINE: Readonly<Record<string, string>> = {
  'information_schema.ADMINISTRABLE_ROLE_AUTHORIZATIONS': `
    USER varchar(97)?, HOST varchar(256)?, GRANTEE varchar(97)?, GRANTEE_HOST varchar(256)?, ROLE_NAME
    varchar(255)?, ROLE_HOST varchar(256)?, IS_GRANTABLE varchar(3), IS_DEFAULT varchar(3)?, IS_MANDATORY
    varchar(3)`,
  'information_schema.APPLICABLE_ROLES': `
    USER varchar(97)?, HOST varchar(256)?, GRANTEE varchar(97)?, GRANTEE_HOST varchar(256)?, ROLE_NAME
    varchar(255)?, ROLE_HOST varchar(256)?, IS_GRANTABLE varchar(3), IS_DEFAULT varchar(3)?, IS_MANDATORY
    varchar(3)`,
  'information_schema.ENABLED_ROLES': `
    ROLE_NAME varchar(255)?, ROLE_HOST varchar(255)?, IS_DEFAULT varchar(3)?, IS_MANDATORY varchar(3)`,
  'information_schema.FILES': `
    FILE_ID bigint?, FILE_NAME text?, FILE_TYPE varchar(256)?, TABLESPACE_NAME varchar(268), TABLE_CATALOG
    varchar(0), TABLE_SCHEMA varbinary(0)?, TABLE_NAME varbinary(0)?, LOGFILE_GROUP_NAME varchar(256)?,
    LOGFILE_GROUP_NUMBER bigint?, ENGINE varchar(64), FULLTEXT_KEYS varbinary(0)?, DELETED_ROWS varbinary(0)?,
    UPDATE_COUNT varbinary(0)?, FREE_EXTENTS bigint?, TOTAL_EXTENTS bigint?, EXTENT_SIZE bigint?, INITIAL_SIZE
    bigint?, MAXIMUM_SIZE bigint?, AUTOEXTEND_SIZE bigint?, CREATION_TIME varbinary(0)?, LAST_UPDATE_TIME
    varbinary(0)?, LAST_ACCESS_TIME varbinary(0)?, RECOVER_TIME varbinary(0)?, TRANSACTION_COUNTER
    varbinary(0)?, VERSION bigint?, ROW_FORMAT varchar(256)?, TABLE_ROWS varbinary(0)?, AVG_ROW_LENGTH
    varbinary(0)?, DATA_LENGTH varbinary(0)?, MAX_DATA_LENGTH varbinary(0)?, INDEX_LENGTH varbinary(0)?,
    DATA_FREE bigint?, CREATE_TIME varbinary(0)?, UPDATE_TIME varbinary(0)?, CHECK_TIME varbinary(0)?, CHECKSUM
    varbinary(0)?, STATUS varchar(256)?, EXTRA varchar(256)?`,
  'information_schema.INNODB_BUFFER_POOL_STATS': `
    POOL_ID bigint unsigned, POOL_SIZE bigint unsigned, FREE_BUFFERS bigint unsigned, DATABASE_PAGES bigint
    unsigned, OLD_DATABASE_PAGES bigint unsigned, MODIFIED_DATABASE_PAGES bigint unsigned, PENDING_DECOMPRESS
    bigint unsigned, PENDING_READS bigint unsigned, PENDING_FLUSH_LRU bigint unsigned, PENDING_FLUSH_LIST bigint
    unsigned, PAGES_MADE_YOUNG bigint unsigned, PAGES_NOT_MADE_YOUNG bigint unsigned, PAGES_MADE_YOUNG_RATE
    float(12,0), PAGES_MADE_NOT_YOUNG_RATE float(12,0), NUMBER_PAGES_READ bigint unsigned, NUMBER_PAGES_CREATED
    bigint unsigned, NUMBER_PAGES_WRITTEN bigint unsigned, PAGES_READ_RATE float(12,0), PAGES_CREATE_RATE
    float(12,0), PAGES_WRITTEN_RATE float(12,0), NUMBER_PAGES_GET bigint unsigned, HIT_RATE bigint unsigned,
    YOUNG_MAKE_PER_THOUSAND_GETS bigint unsigned, NOT_YOUNG_MAKE_PER_THOUSAND_GETS bigint unsigned,
    NUMBER_PAGES_READ_AHEAD bigint unsigned, NUMBER_READ_AHEAD_EVICTED bigint unsigned, READ_AHEAD_RATE
    float(12,0), READ_AHEAD_EVICTED_RATE float(12,0), LRU_IO_TOTAL bigint unsigned, LRU_IO_CURRENT bigint
    unsigned, UNCOMPRESS_TOTAL bigint unsigned, UNCOMPRESS_CURRENT bigint unsigned`,
  'information_schema.INNODB_CMP': `
    page_size int, compress_ops int, compress_ops_ok int, compress_time int, uncompress_ops int, uncompress_time
    int`,
  'information_schema.INNODB_CMPMEM': `
    page_size int, buffer_pool_instance int, pages_used int, pages_free int, relocation_ops bigint,
    relocation_time int`,
  'information_schema.INNODB_METRICS': `
    NAME varchar(193), SUBSYSTEM varchar(193), COUNT bigint, MAX_COUNT bigint?, MIN_COUNT bigint?, AVG_COUNT
    float(12,0)?, COUNT_RESET bigint, MAX_COUNT_RESET bigint?, MIN_COUNT_RESET bigint?, AVG_COUNT_RESET
    float(12,0)?, TIME_ENABLED datetime?, TIME_DISABLED datetime?, TIME_ELAPSED bigint?, TIME_RESET datetime?,
    STATUS varchar(193), TYPE varchar(193), COMMENT varchar(193)`,
  'information_schema.INNODB_TABLESPACES': `
    SPACE int unsigned, NAME varchar(655), FLAG int unsigned, ROW_FORMAT varchar(22)?, PAGE_SIZE int unsigned,
    ZIP_PAGE_SIZE int unsigned, SPACE_TYPE varchar(10)?, FS_BLOCK_SIZE int unsigned, FILE_SIZE bigint unsigned,
    ALLOCATED_SIZE bigint unsigned, AUTOEXTEND_SIZE bigint unsigned, SERVER_VERSION varchar(10)?, SPACE_VERSION
    int unsigned, ENCRYPTION varchar(1)?, STATE varchar(10)?`,
  'information_schema.INNODB_TRX': `
    trx_id bigint unsigned, trx_state varchar(13), trx_started datetime, trx_requested_lock_id varchar(126)?,
    trx_wait_started datetime?, trx_weight bigint unsigned, trx_mysql_thread_id bigint unsigned, trx_query
    varchar(1024)?, trx_operation_state varchar(64)?, trx_tables_in_use bigint unsigned, trx_tables_locked
    bigint unsigned, trx_lock_structs bigint unsigned, trx_lock_memory_bytes bigint unsigned, trx_rows_locked
    bigint unsigned, trx_rows_modified bigint unsigned, trx_concurrency_tickets bigint unsigned,
    trx_isolation_level varchar(16), trx_unique_checks int, trx_foreign_key_checks int,
    trx_last_foreign_key_error varchar(256)?, trx_adaptive_hash_latched int, trx_adaptive_hash_timeout bigint
    unsigned, trx_is_read_only int, trx_autocommit_non_locking int, trx_schedule_weight bigint unsigned?`,
  'information_schema.OPTIMIZER_TRACE': `
    QUERY varchar(65535), TRACE varchar(65535), MISSING_BYTES_BEYOND_MAX_MEM_SIZE int, INSUFFICIENT_PRIVILEGES
    tinyint(1)`,
  'information_schema.PROFILING': `
    QUERY_ID int, SEQ int, STATE varchar(30), DURATION decimal(905,0), CPU_USER decimal(905,0)?, CPU_SYSTEM
    decimal(905,0)?, CONTEXT_VOLUNTARY int?, CONTEXT_INVOLUNTARY int?, BLOCK_OPS_IN int?, BLOCK_OPS_OUT int?,
    MESSAGES_SENT int?, MESSAGES_RECEIVED int?, PAGE_FAULTS_MAJOR int?, PAGE_FAULTS_MINOR int?, SWAPS int?,
    SOURCE_FUNCTION varchar(30)?, SOURCE_FILE varchar(20)?, SOURCE_LINE int?`,
  'information_schema.RESOURCE_GROUPS': `
    RESOURCE_GROUP_NAME varchar(64), RESOURCE_GROUP_TYPE enum('SYSTEM','USER'), RESOURCE_GROUP_ENABLED
    tinyint(1), VCPU_IDS blob?, THREAD_PRIORITY int`,
  'information_schema.ROLE_TABLE_GRANTS': `
    GRANTOR varchar(97)?, GRANTOR_HOST varchar(256)?, GRANTEE char(32), GRANTEE_HOST char(255), TABLE_CATALOG
    varchar(3), TABLE_SCHEMA char(64), TABLE_NAME char(64), PRIVILEGE_TYPE set, IS_GRANTABLE varchar(3)`,
  'information_schema.ST_GEOMETRY_COLUMNS': `
    TABLE_CATALOG varchar(64), TABLE_SCHEMA varchar(64), TABLE_NAME varchar(64), COLUMN_NAME varchar(64)?,
    SRS_NAME varchar(80)?, SRS_ID int unsigned?, GEOMETRY_TYPE_NAME longtext?`,
  'mysql.component': `
    component_id int unsigned, component_group_id int unsigned, component_urn text`,
  'mysql.default_roles': `
    HOST char(255), USER char(32), DEFAULT_ROLE_HOST char(255), DEFAULT_ROLE_USER char(32)`,
  'mysql.func': `
    name char(64), ret tinyint, dl char(128), type enum('function','aggregate')`,
  'mysql.general_log': `
    event_time timestamp(6), user_host mediumtext, thread_id bigint unsigned, server_id int unsigned,
    command_type varchar(64), argument mediumblob`,
  'mysql.password_history': `
    Host char(255), User char(32), Password_timestamp timestamp(6), Password text?`,
  'mysql.plugin': `
    name varchar(64), dl varchar(128)`,
  'mysql.role_edges': `
    FROM_HOST char(255), FROM_USER char(32), TO_HOST char(255), TO_USER char(32), WITH_ADMIN_OPTION
    enum('N','Y')`,
  'mysql.servers': `
    Server_name char(64), Host char(255), Db char(64), Username char(64), Password char(64), Port int, Socket
    char(64), Wrapper char(64), Owner char(64)`,
  'mysql.slave_worker_info': `
    Id int unsigned, Relay_log_name text, Relay_log_pos bigint unsigned, Master_log_name text, Master_log_pos
    bigint unsigned, Checkpoint_relay_log_name text, Checkpoint_relay_log_pos bigint unsigned,
    Checkpoint_master_log_name text, Checkpoint_master_log_pos bigint unsigned, Checkpoint_seqno int unsigned,
    Checkpoint_group_size int unsigned, Checkpoint_group_bitmap blob, Channel_name varchar(64)`,
  'mysql.slow_log': `
    start_time timestamp(6), user_host mediumtext, query_time time(6), lock_time time(6), rows_sent int,
    rows_examined int, db varchar(512), last_insert_id int, insert_id int, server_id int unsigned, sql_text
    mediumblob, thread_id bigint unsigned`,
};

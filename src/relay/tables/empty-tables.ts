import type { ViewSource } from '../statements/context.ts';
import { columnsOf, type View } from '../views/view.ts';
import { ENGINE } from './engine-columns.ts';
import { INSTRUMENTS } from './instrument-columns.ts';

/** By schema and name, with MySQL 9.7's columns: what a relay has none of, and programs look for. */
const EMPTY: Readonly<Record<string, string>> = {
  'information_schema.CHECK_CONSTRAINTS': `
    CONSTRAINT_CATALOG varchar(64), CONSTRAINT_SCHEMA varchar(64), CONSTRAINT_NAME varchar(64), CHECK_CLAUSE longtext`,
  'information_schema.COLUMN_PRIVILEGES': `
    GRANTEE varchar(292), TABLE_CATALOG varchar(512), TABLE_SCHEMA varchar(64), TABLE_NAME varchar(64), COLUMN_NAME
    varchar(64), PRIVILEGE_TYPE varchar(64), IS_GRANTABLE varchar(3)`,
  'information_schema.EVENTS': `
    EVENT_CATALOG varchar(64), EVENT_SCHEMA varchar(64), EVENT_NAME varchar(64), DEFINER varchar(288), TIME_ZONE
    varchar(64), EVENT_BODY varchar(3), EVENT_DEFINITION longtext, EVENT_TYPE varchar(9), EXECUTE_AT datetime?,
    INTERVAL_VALUE varchar(256)?, INTERVAL_FIELD varchar(18)?, SQL_MODE set, STARTS datetime?, ENDS datetime?, STATUS
    varchar(21), ON_COMPLETION varchar(12), CREATED timestamp, LAST_ALTERED timestamp, LAST_EXECUTED datetime?,
    EVENT_COMMENT varchar(2048), ORIGINATOR int unsigned, CHARACTER_SET_CLIENT varchar(64), COLLATION_CONNECTION
    varchar(64), DATABASE_COLLATION varchar(64)`,
  'information_schema.PARAMETERS': `
    SPECIFIC_CATALOG varchar(64), SPECIFIC_SCHEMA varchar(64), SPECIFIC_NAME varchar(64), ORDINAL_POSITION bigint
    unsigned, PARAMETER_MODE varchar(5)?, PARAMETER_NAME varchar(64)?, DATA_TYPE longtext?, CHARACTER_MAXIMUM_LENGTH
    bigint?, CHARACTER_OCTET_LENGTH bigint?, NUMERIC_PRECISION int unsigned?, NUMERIC_SCALE bigint?,
    DATETIME_PRECISION int unsigned?, CHARACTER_SET_NAME varchar(64)?, COLLATION_NAME varchar(64)?, DTD_IDENTIFIER
    mediumtext, ROUTINE_TYPE enum('FUNCTION','PROCEDURE','LIBRARY')`,
  'information_schema.PARTITIONS': `
    TABLE_CATALOG varchar(64), TABLE_SCHEMA varchar(64), TABLE_NAME varchar(64), PARTITION_NAME varchar(64)?,
    SUBPARTITION_NAME varchar(64)?, PARTITION_ORDINAL_POSITION int unsigned?, SUBPARTITION_ORDINAL_POSITION int
    unsigned?, SECONDARY_LOAD varchar(1)?, PARTITION_METHOD varchar(13)?, SUBPARTITION_METHOD varchar(13)?,
    PARTITION_EXPRESSION varchar(2048)?, SUBPARTITION_EXPRESSION varchar(2048)?, PARTITION_DESCRIPTION text?,
    TABLE_ROWS bigint unsigned?, AVG_ROW_LENGTH bigint unsigned?, DATA_LENGTH bigint unsigned?, MAX_DATA_LENGTH bigint
    unsigned?, INDEX_LENGTH bigint unsigned?, DATA_FREE bigint unsigned?, CREATE_TIME timestamp, UPDATE_TIME
    datetime?, CHECK_TIME datetime?, CHECKSUM bigint?, PARTITION_COMMENT text, NODEGROUP varchar(256)?,
    TABLESPACE_NAME varchar(268)?`,
  'information_schema.REFERENTIAL_CONSTRAINTS': `
    CONSTRAINT_CATALOG varchar(64), CONSTRAINT_SCHEMA varchar(64), CONSTRAINT_NAME varchar(64)?,
    UNIQUE_CONSTRAINT_CATALOG varchar(64), UNIQUE_CONSTRAINT_SCHEMA varchar(64), UNIQUE_CONSTRAINT_NAME varchar(64)?,
    MATCH_OPTION enum('NONE','PARTIAL','FULL'), UPDATE_RULE enum('NO ACTION','RESTRICT','CASCADE','SET NULL','SET
    DEFAULT'), DELETE_RULE enum('NO ACTION','RESTRICT','CASCADE','SET NULL','SET DEFAULT'), TABLE_NAME varchar(64),
    REFERENCED_TABLE_NAME varchar(64)`,
  'information_schema.ROUTINES': `
    SPECIFIC_NAME varchar(64), ROUTINE_CATALOG varchar(64), ROUTINE_SCHEMA varchar(64), ROUTINE_NAME varchar(64),
    ROUTINE_TYPE enum('FUNCTION','PROCEDURE','LIBRARY'), DATA_TYPE longtext?, CHARACTER_MAXIMUM_LENGTH bigint?,
    CHARACTER_OCTET_LENGTH bigint?, NUMERIC_PRECISION int unsigned?, NUMERIC_SCALE int unsigned?, DATETIME_PRECISION
    int unsigned?, CHARACTER_SET_NAME varchar(64)?, COLLATION_NAME varchar(64)?, DTD_IDENTIFIER longtext?,
    ROUTINE_BODY varchar(8), ROUTINE_DEFINITION longtext?, EXTERNAL_NAME varbinary(0)?, EXTERNAL_LANGUAGE varchar(64),
    PARAMETER_STYLE varchar(3), IS_DETERMINISTIC varchar(3), SQL_DATA_ACCESS enum('CONTAINS SQL','NO SQL','READS SQL
    DATA','MODIFIES SQL DATA'), SQL_PATH varbinary(0)?, SECURITY_TYPE enum('DEFAULT','INVOKER','DEFINER'), CREATED
    timestamp, LAST_ALTERED timestamp, SQL_MODE set, ROUTINE_COMMENT text, DEFINER varchar(288), CHARACTER_SET_CLIENT
    varchar(64), COLLATION_CONNECTION varchar(64), DATABASE_COLLATION varchar(64)`,
  'information_schema.TRIGGERS': `
    TRIGGER_CATALOG varchar(64), TRIGGER_SCHEMA varchar(64), TRIGGER_NAME varchar(64), EVENT_MANIPULATION
    enum('INSERT','UPDATE','DELETE'), EVENT_OBJECT_CATALOG varchar(64), EVENT_OBJECT_SCHEMA varchar(64),
    EVENT_OBJECT_TABLE varchar(64), ACTION_ORDER int unsigned, ACTION_CONDITION varbinary(0)?, ACTION_STATEMENT
    longtext, ACTION_ORIENTATION varchar(3), ACTION_TIMING enum('BEFORE','AFTER'), ACTION_REFERENCE_OLD_TABLE
    varbinary(0)?, ACTION_REFERENCE_NEW_TABLE varbinary(0)?, ACTION_REFERENCE_OLD_ROW varchar(3),
    ACTION_REFERENCE_NEW_ROW varchar(3), CREATED timestamp(2), SQL_MODE set, DEFINER varchar(288),
    CHARACTER_SET_CLIENT varchar(64), COLLATION_CONNECTION varchar(64), DATABASE_COLLATION varchar(64)`,
  'information_schema.VIEWS': `
    TABLE_CATALOG varchar(64), TABLE_SCHEMA varchar(64), TABLE_NAME varchar(64), VIEW_DEFINITION longtext?,
    CHECK_OPTION enum('NONE','LOCAL','CASCADED')?, IS_UPDATABLE enum('NO','YES')?, DEFINER varchar(288)?,
    SECURITY_TYPE varchar(7)?, CHARACTER_SET_CLIENT varchar(64), COLLATION_CONNECTION varchar(64)`,
  'mysql.columns_priv': `
    Host char(255), Db char(64), User char(32), Table_name char(64), Column_name char(64), Timestamp timestamp,
    Column_priv set`,
  'mysql.procs_priv': `
    Host char(255), Db char(64), User char(32), Routine_name char(64), Routine_type
    enum('FUNCTION','PROCEDURE','LIBRARY'), Grantor varchar(288), Proc_priv set, Timestamp timestamp`,
  'mysql.proxies_priv': `
    Host char(255), User char(32), Proxied_host char(255), Proxied_user char(32), With_grant tinyint(1), Grantor
    varchar(288), Timestamp timestamp`,
  // Group replication and its managed sources.
  'performance_schema.replication_applier_global_filters': `
    FILTER_NAME char(64), FILTER_RULE longtext,
    CONFIGURED_BY enum('STARTUP_OPTIONS','CHANGE_REPLICATION_FILTER'), ACTIVE_SINCE timestamp(6)`,
  'performance_schema.replication_asynchronous_connection_failover_managed': `
    CHANNEL_NAME char(64), MANAGED_NAME char(64), MANAGED_TYPE char(64), CONFIGURATION json?`,
  'performance_schema.replication_group_members': `
    CHANNEL_NAME char(64), MEMBER_ID char(36), MEMBER_HOST char(255), MEMBER_PORT int?,
    MEMBER_STATE char(64), MEMBER_ROLE char(64), MEMBER_VERSION char(64),
    MEMBER_COMMUNICATION_STACK char(64)`,
  'performance_schema.replication_group_member_stats': `
    CHANNEL_NAME char(64), VIEW_ID char(60), MEMBER_ID char(36),
    COUNT_TRANSACTIONS_IN_QUEUE bigint unsigned, COUNT_TRANSACTIONS_CHECKED bigint unsigned,
    COUNT_CONFLICTS_DETECTED bigint unsigned, COUNT_TRANSACTIONS_ROWS_VALIDATING bigint unsigned,
    TRANSACTIONS_COMMITTED_ALL_MEMBERS longtext, LAST_CONFLICT_FREE_TRANSACTION text,
    COUNT_TRANSACTIONS_REMOTE_IN_APPLIER_QUEUE bigint unsigned,
    COUNT_TRANSACTIONS_REMOTE_APPLIED bigint unsigned,
    COUNT_TRANSACTIONS_LOCAL_PROPOSED bigint unsigned, COUNT_TRANSACTIONS_LOCAL_ROLLBACK bigint unsigned`,
};

/**
 * A relay is in no group, no programs are stored in it, no columns are granted, what a log says of constraints is not kept, and there is no engine to be
 * measured: whoever asks reads that there is nothing.
 */
export const emptyTables: readonly View<ViewSource>[] = Object.entries({
  ...EMPTY,
  ...ENGINE,
  ...INSTRUMENTS,
}).map(([path, columns]) => {
  const [schema = '', name = ''] = path.split('.');
  return { schema, name, columns: columnsOf(columns), rows: () => [] };
});

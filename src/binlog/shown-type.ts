import { EventType } from './event-type.ts';
import type { Flavor } from './server-version.ts';

type Names = Readonly<Record<number, string>>;

const names: Names = {
  [EventType.START_EVENT_V3]: 'Start_v3',
  [EventType.QUERY_EVENT]: 'Query',
  [EventType.STOP_EVENT]: 'Stop',
  [EventType.ROTATE_EVENT]: 'Rotate',
  [EventType.INTVAR_EVENT]: 'Intvar',
  [EventType.LOAD_EVENT]: 'Load',
  [EventType.APPEND_BLOCK_EVENT]: 'Append_block',
  [EventType.DELETE_FILE_EVENT]: 'Delete_file',
  [EventType.RAND_EVENT]: 'RAND',
  [EventType.USER_VAR_EVENT]: 'User var',
  [EventType.FORMAT_DESCRIPTION_EVENT]: 'Format_desc',
  [EventType.XID_EVENT]: 'Xid',
  [EventType.BEGIN_LOAD_QUERY_EVENT]: 'Begin_load_query',
  [EventType.EXECUTE_LOAD_QUERY_EVENT]: 'Execute_load_query',
  [EventType.TABLE_MAP_EVENT]: 'Table_map',
  [EventType.WRITE_ROWS_EVENT_V1]: 'Write_rows_v1',
  [EventType.UPDATE_ROWS_EVENT_V1]: 'Update_rows_v1',
  [EventType.DELETE_ROWS_EVENT_V1]: 'Delete_rows_v1',
  [EventType.INCIDENT_EVENT]: 'Incident',
  [EventType.HEARTBEAT_LOG_EVENT]: 'Heartbeat',
  [EventType.WRITE_ROWS_EVENT]: 'Write_rows',
  [EventType.UPDATE_ROWS_EVENT]: 'Update_rows',
  [EventType.DELETE_ROWS_EVENT]: 'Delete_rows',
  [EventType.TRANSACTION_CONTEXT_EVENT]: 'Transaction_context',
  [EventType.VIEW_CHANGE_EVENT]: 'View_change',
  [EventType.XA_PREPARE_LOG_EVENT]: 'XA_prepare',
  [EventType.ANNOTATE_ROWS_EVENT]: 'Annotate_rows',
  [EventType.BINLOG_CHECKPOINT_EVENT]: 'Binlog_checkpoint',
  [EventType.GTID_EVENT]: 'Gtid',
  [EventType.GTID_LIST_EVENT]: 'Gtid_list',
  [EventType.START_ENCRYPTION_EVENT]: 'Start_encryption',
  [EventType.QUERY_COMPRESSED_EVENT]: 'Query_compressed',
  [EventType.WRITE_ROWS_COMPRESSED_EVENT_V1]: 'Write_rows_compressed_v1',
  [EventType.UPDATE_ROWS_COMPRESSED_EVENT_V1]: 'Update_rows_compressed_v1',
  [EventType.DELETE_ROWS_COMPRESSED_EVENT_V1]: 'Delete_rows_compressed_v1',
  [EventType.WRITE_ROWS_COMPRESSED_EVENT]: 'Write_rows_compressed',
  [EventType.UPDATE_ROWS_COMPRESSED_EVENT]: 'Update_rows_compressed',
  [EventType.DELETE_ROWS_COMPRESSED_EVENT]: 'Delete_rows_compressed',
};

/** What the two families call otherwise, or one of them knows alone. */
const ownNames: Readonly<Record<Flavor, Names>> = {
  mysql: {
    [EventType.IGNORABLE_LOG_EVENT]: 'Ignorable',
    [EventType.ROWS_QUERY_LOG_EVENT]: 'Rows_query',
    [EventType.GTID_LOG_EVENT]: 'Gtid',
    [EventType.ANONYMOUS_GTID_LOG_EVENT]: 'Anonymous_Gtid',
    [EventType.PREVIOUS_GTIDS_LOG_EVENT]: 'Previous_gtids',
    [EventType.PARTIAL_UPDATE_ROWS_EVENT]: 'Update_rows_partial',
    [EventType.TRANSACTION_PAYLOAD_EVENT]: 'Transaction_payload',
    [EventType.HEARTBEAT_LOG_EVENT_V2]: 'Heartbeat',
    [EventType.GTID_TAGGED_LOG_EVENT]: 'Gtid_tagged_log_event',
  },
  mariadb: {
    [EventType.CREATE_FILE_EVENT]: 'Create_file',
    [EventType.EXEC_LOAD_EVENT]: 'Exec_load',
    [EventType.NEW_LOAD_EVENT]: 'New_load',
    [EventType.PRE_GA_WRITE_ROWS_EVENT]: 'Write_rows_event_old',
    [EventType.PRE_GA_UPDATE_ROWS_EVENT]: 'Update_rows_event_old',
    [EventType.PRE_GA_DELETE_ROWS_EVENT]: 'Delete_rows_event_old',
    [EventType.IGNORABLE_LOG_EVENT]: 'Ignorable log event',
    [EventType.ROWS_QUERY_LOG_EVENT]: 'MySQL Rows_query',
    [EventType.GTID_LOG_EVENT]: 'MySQL Gtid',
    [EventType.ANONYMOUS_GTID_LOG_EVENT]: 'MySQL Anonymous_Gtid',
    [EventType.PREVIOUS_GTIDS_LOG_EVENT]: 'MySQL Previous_gtids',
    [EventType.PARTIAL_UPDATE_ROWS_EVENT]: 'MySQL Update_rows_partial',
    [EventType.TRANSACTION_PAYLOAD_EVENT]: 'MySQL Transaction_payload',
    [EventType.HEARTBEAT_LOG_EVENT_V2]: 'MySQL Heartbeat',
  },
};

/** What a server of a family calls a type of events: in SHOW BINLOG EVENTS, and in the text of mariadb-binlog. */
export function shownEventType(type: number, flavor: Flavor): string {
  return ownNames[flavor][type] ?? names[type] ?? 'Unknown';
}

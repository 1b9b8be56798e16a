import { EventFlag, EventType } from '../binlog/index.ts';
import type { GuardEvent } from './event.ts';
import { queryInput } from './strict-query.ts';
import type { Input } from './strict-transitions.ts';
import type { Violation } from './verdict.ts';

/** What an event is by its type alone. */
const types = new Map<number, Input | Violation>();
const list = (outcome: Input | Violation, ...codes: readonly number[]): void => {
  for (const code of codes) types.set(code, outcome);
};
list('gtid', EventType.GTID_LOG_EVENT, EventType.ANONYMOUS_GTID_LOG_EVENT, EventType.GTID_TAGGED_LOG_EVENT);
list('end', EventType.XID_EVENT, EventType.XA_PREPARE_LOG_EVENT);
list(
  'rows',
  EventType.TABLE_MAP_EVENT,
  EventType.WRITE_ROWS_EVENT_V1,
  EventType.UPDATE_ROWS_EVENT_V1,
  EventType.DELETE_ROWS_EVENT_V1,
  EventType.WRITE_ROWS_EVENT,
  EventType.UPDATE_ROWS_EVENT,
  EventType.DELETE_ROWS_EVENT,
  EventType.PARTIAL_UPDATE_ROWS_EVENT,
  EventType.WRITE_ROWS_COMPRESSED_EVENT_V1,
  EventType.UPDATE_ROWS_COMPRESSED_EVENT_V1,
  EventType.DELETE_ROWS_COMPRESSED_EVENT_V1,
  EventType.WRITE_ROWS_COMPRESSED_EVENT,
  EventType.UPDATE_ROWS_COMPRESSED_EVENT,
  EventType.DELETE_ROWS_COMPRESSED_EVENT,
  EventType.PARTIAL_ROW_DATA_EVENT,
);
list('note', EventType.ROWS_QUERY_LOG_EVENT, EventType.ANNOTATE_ROWS_EVENT, EventType.VIEW_CHANGE_EVENT);
list('userVariable', EventType.USER_VAR_EVENT);
list('sessionValue', EventType.INTVAR_EVENT, EventType.RAND_EVENT);
list('payload', EventType.TRANSACTION_PAYLOAD_EVENT);
list('incident', EventType.INCIDENT_EVENT);
list(
  'loadData',
  EventType.LOAD_EVENT,
  EventType.CREATE_FILE_EVENT,
  EventType.APPEND_BLOCK_EVENT,
  EventType.EXEC_LOAD_EVENT,
  EventType.DELETE_FILE_EVENT,
  EventType.NEW_LOAD_EVENT,
  EventType.BEGIN_LOAD_QUERY_EVENT,
  EventType.EXECUTE_LOAD_QUERY_EVENT,
);
list(
  'control',
  EventType.FORMAT_DESCRIPTION_EVENT,
  EventType.ROTATE_EVENT,
  EventType.STOP_EVENT,
  EventType.HEARTBEAT_LOG_EVENT,
  EventType.HEARTBEAT_LOG_EVENT_V2,
  EventType.PREVIOUS_GTIDS_LOG_EVENT,
  EventType.TRANSACTION_CONTEXT_EVENT,
  EventType.BINLOG_CHECKPOINT_EVENT,
  EventType.GTID_LIST_EVENT,
  EventType.START_ENCRYPTION_EVENT,
);

/** What an event is to the rule, or why it may stand nowhere. */
export function inputOf(event: GuardEvent): Input | Violation {
  const { type } = event;
  if (type === EventType.QUERY_EVENT || type === EventType.QUERY_COMPRESSED_EVENT) {
    return event.query === undefined ? 'undecodableQuery' : queryInput(event.query);
  }
  if (type === EventType.GTID_EVENT) return event.standalone === true ? 'mariadbStandalone' : 'mariadbGtid';
  const known = types.get(type);
  if (known !== undefined) return known;
  return (event.flags & EventFlag.IGNORABLE) !== 0 ? 'control' : 'unsupportedEvent';
}

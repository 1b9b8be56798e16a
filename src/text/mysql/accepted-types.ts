import { EventFlag, EventType, type RawEvent } from '../../binlog/index.ts';

/** Types that MySQL 9.7's tool reads. It ends at any other, unless its flag says that it may be passed over. */
const readByOriginal: ReadonlySet<number> = new Set([
  EventType.QUERY_EVENT,
  EventType.STOP_EVENT,
  EventType.ROTATE_EVENT,
  EventType.INTVAR_EVENT,
  EventType.APPEND_BLOCK_EVENT,
  EventType.DELETE_FILE_EVENT,
  EventType.RAND_EVENT,
  EventType.USER_VAR_EVENT,
  EventType.FORMAT_DESCRIPTION_EVENT,
  EventType.XID_EVENT,
  EventType.BEGIN_LOAD_QUERY_EVENT,
  EventType.EXECUTE_LOAD_QUERY_EVENT,
  EventType.TABLE_MAP_EVENT,
  EventType.INCIDENT_EVENT,
  EventType.ROWS_QUERY_LOG_EVENT,
  EventType.WRITE_ROWS_EVENT,
  EventType.UPDATE_ROWS_EVENT,
  EventType.DELETE_ROWS_EVENT,
  EventType.GTID_LOG_EVENT,
  EventType.ANONYMOUS_GTID_LOG_EVENT,
  EventType.PREVIOUS_GTIDS_LOG_EVENT,
  EventType.TRANSACTION_CONTEXT_EVENT,
  EventType.VIEW_CHANGE_EVENT,
  EventType.XA_PREPARE_LOG_EVENT,
  EventType.PARTIAL_UPDATE_ROWS_EVENT,
  EventType.TRANSACTION_PAYLOAD_EVENT,
  EventType.GTID_TAGGED_LOG_EVENT,
]);

/** Rows as servers before MySQL 5.6 wrote them, which the original once knew. */
const readByUs: ReadonlySet<number> = new Set([
  EventType.WRITE_ROWS_EVENT_V1,
  EventType.UPDATE_ROWS_EVENT_V1,
  EventType.DELETE_ROWS_EVENT_V1,
]);

/** By type: to look into a set takes longer. */
const accepts = {
  exact: Array.from({ length: 256 }, (_, type) => readByOriginal.has(type)),
  better: Array.from({ length: 256 }, (_, type) => readByOriginal.has(type) || readByUs.has(type)),
} as const;

export function acceptsType(type: number, compat: 'better' | 'exact'): boolean {
  return accepts[compat][type]!;
}

/** Whether nobody knows the event, and its flag says that it may be passed over. */
export function isPassedOver(event: RawEvent, compat: 'better' | 'exact'): boolean {
  return event.hasFlag(EventFlag.IGNORABLE) && !acceptsType(event.type, compat);
}

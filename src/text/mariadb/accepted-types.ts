import { EventFlag, EventType, isKnownType, type LogState, type RawEvent } from '../../binlog/index.ts';

/** Events of MySQL that a relay log of a replica of MySQL has: the original passes over them whatever their flags say. */
const passedOver: ReadonlySet<number> = new Set([
  EventType.GTID_LOG_EVENT,
  EventType.ANONYMOUS_GTID_LOG_EVENT,
  EventType.PREVIOUS_GTIDS_LOG_EVENT,
  EventType.TRANSACTION_CONTEXT_EVENT,
  EventType.VIEW_CHANGE_EVENT,
  EventType.HEARTBEAT_LOG_EVENT_V2,
]);

/** Types that we can decode and the original refuses. */
const refused: ReadonlySet<number> = new Set([
  EventType.PRE_GA_WRITE_ROWS_EVENT,
  EventType.PRE_GA_UPDATE_ROWS_EVENT,
  EventType.PRE_GA_DELETE_ROWS_EVENT,
  EventType.HEARTBEAT_LOG_EVENT,
  EventType.IGNORABLE_LOG_EVENT,
  EventType.ROWS_QUERY_LOG_EVENT,
]);

const incompatible = (name: string, setting: string): string =>
  `Found incompatible MySQL 8.0 ${name} event. You can avoid this event by specifying '${setting}' in the MySQL server`;

/** Events of MySQL that cannot be passed over, as they change data. */
const incompatibles: Readonly<Record<number, string>> = {
  [EventType.PARTIAL_UPDATE_ROWS_EVENT]: incompatible(
    'PARTIAL_UPDATE_ROWS_EVENT',
    'binlog-row-value-options=""',
  ),
  [EventType.TRANSACTION_PAYLOAD_EVENT]: incompatible(
    'TRANSACTION_PAYLOAD_EVENT',
    'binlog_transaction_compression=0',
  ),
};

/** The last type that mariadb-binlog 11.8 knows, and takes events to have before a format description. */
const LAST_TYPE = EventType.DELETE_ROWS_COMPRESSED_EVENT;

/** Whether the format description in force has a place for the type: the original reads no others. */
function isListed(type: number, { format }: LogState): boolean {
  return type <= (format?.postHeaderLengths.length ?? LAST_TYPE);
}

/** Whether an event is only named. A server that sends an encrypted log in clear marks the beginning of the encryption so. */
export function isPassedOver(event: RawEvent, log: LogState): boolean {
  if (!isListed(event.type, log) || event.type === EventType.SLAVE_EVENT) return false;
  return event.hasFlag(EventFlag.IGNORABLE) || passedOver.has(event.type);
}

/** Whether the original reads events of this type. */
export function acceptsType(type: number, log: LogState): boolean {
  return isListed(type, log) && isKnownType(type) && !refused.has(type);
}

/** What the original says of MySQL's events that it cannot make anything of; undefined of all others. */
export function incompatibility(event: RawEvent): string | undefined {
  return event.hasFlag(EventFlag.IGNORABLE) ? undefined : incompatibles[event.type];
}

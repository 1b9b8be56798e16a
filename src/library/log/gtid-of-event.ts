import { type EventBody, EventType } from '../../binlog/index.ts';
import { formatMariadbGtid, formatMysqlGtid, formatUuid } from '../../gtid/index.ts';

const gtidTypes: ReadonlySet<number> = new Set([
  EventType.GTID_LOG_EVENT,
  EventType.GTID_TAGGED_LOG_EVENT,
  EventType.ANONYMOUS_GTID_LOG_EVENT,
  EventType.GTID_EVENT,
]);

/** Whether an event of this type begins a transaction and may name it. */
export function isGtidEvent(type: number): boolean {
  return gtidTypes.has(type);
}

/** The GTID that an event gives to the transaction after it; undefined for an anonymous one. */
export function gtidText(body: EventBody, serverId: number): string | undefined {
  if (body.kind === 'gtid') {
    return body.gno === 0n
      ? undefined
      : formatMysqlGtid({ uuid: formatUuid(body.uuid), tag: '', gno: body.gno });
  }
  if (body.kind === 'gtidTagged') {
    return formatMysqlGtid({ uuid: formatUuid(body.uuid), tag: body.tag, gno: body.gno });
  }
  if (body.kind === 'mariadbGtid') {
    return formatMariadbGtid({ domainId: body.domainId, serverId, seqNo: body.sequence });
  }
  return undefined;
}

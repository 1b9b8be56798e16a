import { decodeBody, EventType, LogState, type RawEvent } from '../binlog/index.ts';
import { formatMariadbGtid, formatMysqlGtid, formatUuid } from '../gtid/index.ts';
import type { TransactionGtid } from './executed-gtids.ts';

const gtidTypes: ReadonlySet<number> = new Set([
  EventType.GTID_LOG_EVENT,
  EventType.GTID_TAGGED_LOG_EVENT,
  EventType.ANONYMOUS_GTID_LOG_EVENT,
  EventType.GTID_EVENT,
]);

/** Whether an event of this type opens a transaction and may name it. */
export function isGtidEvent(type: number): boolean {
  return gtidTypes.has(type);
}

/** GTID events are laid out the same in every log. */
const anyLog = new LogState();

/** The GTID that an event gives to its transaction; undefined for an anonymous one and for every other event. */
export function transactionGtid(event: RawEvent): TransactionGtid | undefined {
  if (!gtidTypes.has(event.type)) return undefined;
  const body = decodeBody(event, anyLog);
  if (body.kind === 'gtid') {
    return body.gno === 0n
      ? undefined
      : { flavor: 'mysql', uuid: formatUuid(body.uuid), tag: '', gno: body.gno };
  }
  if (body.kind === 'gtidTagged') {
    return { flavor: 'mysql', uuid: formatUuid(body.uuid), tag: body.tag, gno: body.gno };
  }
  if (body.kind === 'mariadbGtid') {
    return {
      flavor: 'mariadb',
      domainId: body.domainId,
      serverId: event.serverId,
      seqNo: body.sequence,
    };
  }
  return undefined;
}

/** `uuid:tag:number` or `domain-server-sequence`. */
export function gtidText(gtid: TransactionGtid): string {
  return gtid.flavor === 'mysql' ? formatMysqlGtid(gtid) : formatMariadbGtid(gtid);
}

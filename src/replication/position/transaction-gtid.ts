import { decodeBody, EventType, LogState, type RawEvent } from '../../binlog/index.ts';
import {
  formatMariadbGtid,
  formatMysqlGtid,
  formatUuidKey,
  type UuidKey,
  uuidKey,
} from '../../gtid/index.ts';

/** The name of a transaction of MySQL. */
export interface MysqlTransactionGtid {
  readonly flavor: 'mysql';
  readonly uuid: string;
  readonly tag: string;
  readonly gno: bigint;
  /** The UUID's bytes, see `uuidKey`: present where the name came from an event. */
  readonly key?: UuidKey;
}

/** A name from an event: its UUID stays bytes until somebody wants to read it. */
class ReadGtid implements MysqlTransactionGtid {
  readonly flavor = 'mysql' as const;
  readonly key: UuidKey;
  readonly tag: string;
  readonly gno: bigint;

  constructor(key: UuidKey, tag: string, gno: bigint) {
    this.key = key;
    this.tag = tag;
    this.gno = gno;
  }

  get uuid(): string {
    return uuidText(this.key);
  }
}

/** The name of a transaction of MariaDB. */
export interface MariadbTransactionGtid {
  readonly flavor: 'mariadb';
  readonly domainId: number;
  readonly serverId: number;
  readonly seqNo: bigint;
}

/** The name of a transaction, of either family. */
export type TransactionGtid = MysqlTransactionGtid | MariadbTransactionGtid;

let lastKey: UuidKey = '';
let lastUuid = '';

/** Transactions mostly come from one server. */
function uuidText(key: UuidKey): string {
  if (key !== lastKey) {
    lastUuid = formatUuidKey(key);
    lastKey = key;
  }
  return lastUuid;
}

/** Flags 1, UUID 16, number 8; nothing behind them is needed here. */
const UUID_AT = 1;
const GNO_AT = 17;
const MYSQL_BYTES = 25;
/** Sequence number 8, domain 4, flags 1. */
const DOMAIN_AT = 8;
const MARIADB_BYTES = 13;

const anyLog = new LogState();

/** The GTID that an event gives to its transaction; undefined for an anonymous one and for every other event. */
export function transactionGtid(event: RawEvent): TransactionGtid | undefined {
  const { type, bytes, bodyStart, bodyEnd } = event;
  const size = bodyEnd - bodyStart;
  if (type === EventType.GTID_LOG_EVENT && size >= MYSQL_BYTES) {
    const gno = bytes.readBigInt64LE(bodyStart + GNO_AT);
    return new ReadGtid(uuidKey(bytes, bodyStart + UUID_AT), '', gno);
  }
  if (type === EventType.GTID_EVENT && size >= MARIADB_BYTES) {
    const seqNo = bytes.readBigUInt64LE(bodyStart);
    const domainId = bytes.readUInt32LE(bodyStart + DOMAIN_AT);
    return { flavor: 'mariadb', domainId, serverId: event.serverId, seqNo };
  }
  if (type !== EventType.GTID_TAGGED_LOG_EVENT) return undefined;
  const body = decodeBody(event, anyLog);
  return body.kind === 'gtidTagged' ? new ReadGtid(uuidKey(body.uuid), body.tag, body.gno) : undefined;
}

/** Whether two names are of one transaction. */
export function isSameGtid(one: TransactionGtid, other: TransactionGtid): boolean {
  if (one.flavor === 'mysql') {
    return (
      other.flavor === 'mysql' && one.gno === other.gno && one.tag === other.tag && one.uuid === other.uuid
    );
  }
  return (
    other.flavor === 'mariadb' &&
    one.seqNo === other.seqNo &&
    one.domainId === other.domainId &&
    one.serverId === other.serverId
  );
}

/** `uuid:tag:number` or `domain-server-sequence`. */
export function gtidText(gtid: TransactionGtid): string {
  return gtid.flavor === 'mysql' ? formatMysqlGtid(gtid) : formatMariadbGtid(gtid);
}

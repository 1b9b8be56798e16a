import {
  type EventBody,
  EventType,
  encodeEvent,
  GtidFlag,
  LogState,
  MariadbGtidFlag,
  UNDEFINED_SERVER_VERSION,
} from '../../binlog/index.ts';
import { parseUuid } from '../../gtid/index.ts';
import type { TransactionGtid } from '../../replication/index.ts';

const anyLog = new LogState();
/** GTID_LOG_EVENT with everything up to the server's version. */
const GTID_FIELDS = 4;

/**
 * An empty transaction, as a server logs it: GTID, BEGIN, COMMIT. MariaDB's GTID is a BEGIN itself. Its GTID counts as executed, and
 * nothing else happens.
 *
 * @param now milliseconds since 1970
 */
export function emptyTransaction(gtid: TransactionGtid, serverId: number, now: number): readonly Buffer[] {
  if (gtid.flavor === 'mariadb') return emptyMariadb(gtid, now);
  return emptyMysql(gtid, serverId, now);
}

function make(type: number, body: EventBody, serverId: number, now: number): Buffer {
  return encodeEvent(
    { timestamp: Math.floor(now / 1000), serverId, logPos: 0, flags: 0, type },
    body,
    anyLog,
    {
      checksum: true,
    },
  );
}

function plainStatement(text: string, serverId: number, now: number): Buffer {
  const body: EventBody = {
    kind: 'query',
    threadId: 0,
    executionSeconds: 0,
    errorCode: 0,
    status: { bytes: Buffer.alloc(0) },
    schema: Buffer.alloc(0),
    statement: Buffer.from(text),
    block: undefined,
  };
  return make(EventType.QUERY_EVENT, body, serverId, now);
}

function emptyMysql(
  gtid: Extract<TransactionGtid, { flavor: 'mysql' }>,
  serverId: number,
  now: number,
): readonly Buffer[] {
  const statements = ['BEGIN', 'COMMIT'].map((text) => plainStatement(text, serverId, now));
  const begin = (transactionLength: number): Buffer => {
    const body = {
      // An empty one has it too.
      flags: GtidFlag.MAY_HAVE_SBR,
      uuid: parseUuid(gtid.uuid),
      gno: gtid.gno,
      lastCommitted: 0n,
      sequenceNumber: 0n,
      immediateCommitTimestamp: BigInt(now) * 1000n,
      originalCommitTimestamp: BigInt(now) * 1000n,
      transactionLength: BigInt(transactionLength),
      immediateServerVersion: UNDEFINED_SERVER_VERSION,
      originalServerVersion: UNDEFINED_SERVER_VERSION,
      commitGroupTicket: 0n,
      rest: Buffer.alloc(0),
    };
    if (gtid.tag === '') {
      return make(EventType.GTID_LOG_EVENT, { kind: 'gtid', fields: GTID_FIELDS, ...body }, serverId, now);
    }
    const tagged = { kind: 'gtidTagged', tag: gtid.tag, lastNonIgnorableField: 0, ...body } as const;
    return make(EventType.GTID_TAGGED_LOG_EVENT, { ...tagged, hasCommitGroupTicket: false }, serverId, now);
  };
  // The length is part of itself; both forms write any of this size in as many bytes.
  const rest = statements.reduce((sum, { length }) => sum + length, 0);
  return [begin(begin(rest).length + rest), ...statements];
}

/** The rest of a GTID event that has nothing but number, domain and flags. */
const MARIADB_GTID_REST = 6;

/** The server of the GTID is the header's. */
function emptyMariadb(
  { domainId, serverId, seqNo }: Extract<TransactionGtid, { flavor: 'mariadb' }>,
  now: number,
): readonly Buffer[] {
  const gtid: EventBody = {
    kind: 'mariadbGtid',
    sequence: seqNo,
    domainId,
    flags: MariadbGtidFlag.TRANSACTIONAL,
    commitId: undefined,
    xid: undefined,
    extraFlags: undefined,
    extraEngines: undefined,
    startAlterSequence: undefined,
    threadId: undefined,
    rest: Buffer.alloc(MARIADB_GTID_REST),
  };
  return [make(EventType.GTID_EVENT, gtid, serverId, now), plainStatement('COMMIT', serverId, now)];
}

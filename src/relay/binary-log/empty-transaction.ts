import { type EventBody, EventType, encodeEvent, LogState } from '../../binlog/index.ts';
import { type MysqlGtid, parseUuid } from '../../gtid/index.ts';

const anyLog = new LogState();
/** GTID_LOG_EVENT with everything up to the server's version. */
const GTID_FIELDS = 4;
/** FLAG_MAY_HAVE_SBR: an empty one has it too. */
const MAY_HAVE_STATEMENTS = 1;
/** UNDEFINED_SERVER_VERSION */
const NO_VERSION = 999_999;

/**
 * An empty transaction of MySQL, as a server logs it: GTID, BEGIN, COMMIT. Its GTID counts as executed, and nothing else happens.
 *
 * @param now milliseconds since 1970
 */
export function emptyTransaction(gtid: MysqlGtid, serverId: number, now: number): readonly Buffer[] {
  const make = (type: number, body: EventBody): Buffer =>
    encodeEvent({ timestamp: Math.floor(now / 1000), serverId, logPos: 0, flags: 0, type }, body, anyLog, {
      checksum: true,
    });
  const statements = ['BEGIN', 'COMMIT'].map((text) =>
    make(EventType.QUERY_EVENT, {
      kind: 'query',
      threadId: 0,
      executionSeconds: 0,
      errorCode: 0,
      status: { bytes: Buffer.alloc(0) },
      schema: Buffer.alloc(0),
      statement: Buffer.from(text),
      block: undefined,
    }),
  );
  const begin = (transactionLength: number): Buffer => {
    const body = {
      flags: MAY_HAVE_STATEMENTS,
      uuid: parseUuid(gtid.uuid),
      gno: gtid.gno,
      lastCommitted: 0n,
      sequenceNumber: 0n,
      immediateCommitTimestamp: BigInt(now) * 1000n,
      originalCommitTimestamp: BigInt(now) * 1000n,
      transactionLength: BigInt(transactionLength),
      immediateServerVersion: NO_VERSION,
      originalServerVersion: NO_VERSION,
      commitGroupTicket: 0n,
      rest: Buffer.alloc(0),
    };
    if (gtid.tag === '') {
      return make(EventType.GTID_LOG_EVENT, { kind: 'gtid', fields: GTID_FIELDS, ...body });
    }
    return make(EventType.GTID_TAGGED_LOG_EVENT, {
      kind: 'gtidTagged',
      tag: gtid.tag,
      lastNonIgnorableField: 0,
      hasCommitGroupTicket: false,
      ...body,
    });
  };
  // The length is part of itself; both forms write any of this size in as many bytes.
  const rest = statements.reduce((sum, { length }) => sum + length, 0);
  return [begin(begin(rest).length + rest), ...statements];
}

import { EventType } from '../../src/binlog/index.ts';
import { crc32 } from '../../src/bytes/index.ts';
import type { Session } from '../../src/connection/index.ts';
import { MysqlGtidSet, parseUuid } from '../../src/gtid/index.ts';
import { StreamEvents } from '../../src/relay/dump/stream-events.ts';
import type { DumpOrder, Dumps } from '../../src/relay/streams.ts';
import { LogEvents } from '../../src/store/index.ts';
import type { Loopback } from '../connection/loopback.ts';
import { fixedUuid, listenForReplicas } from './dump-server.ts';

const FILE = 'forged.000001';
const HEADER_BYTES = 19;
export const SOURCE_UUID = fixedUuid('forged');

/** An event as it stands in a log, without its place: type and body. */
export interface Forged {
  readonly type: number;
  readonly body: Buffer;
}

/** Bytes of an event whose end stands at `end` of its file. */
export function eventBytes({ type, body }: Forged, start: number, checksum = true): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(HEADER_BYTES), body, Buffer.alloc(checksum ? 4 : 0)]);
  bytes.writeUInt32LE(1_700_000_000, 0);
  bytes[4] = type;
  bytes.writeUInt32LE(77, 5);
  bytes.writeUInt32LE(bytes.length, 9);
  bytes.writeUInt32LE(checksum ? start + bytes.length : 0, 13);
  if (checksum) sign(bytes);
  return bytes;
}

/** Puts the right checksum behind an event that was changed. */
export function sign(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(crc32(bytes, 0, bytes.length - 4), bytes.length - 4);
  return bytes;
}

export function gtid(number: number): Forged {
  const body = Buffer.alloc(42);
  body[0] = 1;
  parseUuid(SOURCE_UUID).copy(body, 1);
  body.writeBigInt64LE(BigInt(number), 17);
  body[25] = 2;
  body.writeBigInt64LE(BigInt(number - 1), 26);
  body.writeBigInt64LE(BigInt(number), 34);
  return { type: EventType.GTID_LOG_EVENT, body };
}

export function query(statement: string, schema = 'd'): Forged {
  const fixed = Buffer.alloc(13);
  fixed[8] = schema.length;
  return {
    type: EventType.QUERY_EVENT,
    body: Buffer.concat([fixed, Buffer.from(`${schema}\0${statement}`)]),
  };
}

export const xid: Forged = { type: EventType.XID_EVENT, body: Buffer.alloc(8, 1) };

/** A whole transaction in one event, its events not compressed. */
export function payload(...events: readonly Forged[]): Forged {
  const inner = Buffer.concat(events.map((event) => eventBytes(event, 0, false)));
  const size = Buffer.alloc(3);
  size[0] = 0xfc;
  size.writeUInt16LE(inner.length, 1);
  const head = Buffer.from([2, 3, 0xfc, 255, 0, 1, 3, ...size, 3, 3, ...size, 0]);
  return { type: EventType.TRANSACTION_PAYLOAD_EVENT, body: Buffer.concat([head, inner]) };
}

/** What a source that is honest would send as its transaction of this number: a definition of a table. */
export const honest = (number: number): readonly Forged[] => [
  gtid(number),
  query(`CREATE TABLE t${number} (a INT)`),
];

/** What is sent of one transaction: its events as bytes that stand behind each other from `start` on. */
export type Sending = (start: number, session: Session) => readonly Buffer[] | Promise<readonly Buffer[]>;

/** Sends events as they are. */
export const plainly =
  (events: readonly Forged[]): Sending =>
  (start) => {
    let at = start;
    return events.map((event) => {
      const bytes = eventBytes(event, at);
      at += bytes.length;
      return bytes;
    });
  };

/** What a source sends in its dump number `dump`, from 1; transactions in order, by their numbers in the GTID set. */
export type Script = (dump: number) => readonly Sending[];

/** A source that says what it is told, one file, and then waits. */
export function listenAsForger(script: Script): Promise<Loopback> {
  const make = new StreamEvents(77, true);
  const log = new LogEvents({
    flavor: 'mysql',
    serverId: 77,
    serverVersion: '9.7.4',
    relayLog: false,
    now: () => 1_700_000_000_000,
  });
  let dump = 0;
  const serve = async (session: Session, order: DumpOrder, signal: AbortSignal): Promise<void> => {
    dump += 1;
    const has =
      order.from.kind === 'mysqlGtids' && order.from.encodedSet.length > 0
        ? MysqlGtidSet.fromBytes(order.from.encodedSet)
        : MysqlGtidSet.empty();
    session.beginDump(false);
    await session.event(make.fakeRotate(FILE, 4));
    const format = log.formatDescription(4, true, false);
    await session.event(format);
    const previous = log.previousGtids(4 + format.length, MysqlGtidSet.empty().toBytes());
    await session.event(previous);
    let at = 4 + format.length + previous.length;
    let passedOver = false;
    for (const [index, send] of script(dump).entries()) {
      const events = await send(at, session);
      at += events.reduce((sum, { length }) => sum + length, 0);
      if (has.has({ uuid: SOURCE_UUID, tag: '', gno: BigInt(index + 1) })) {
        passedOver = true;
        continue;
      }
      if (passedOver) await session.event(make.heartbeat(FILE, at - sizeOf(events), false));
      passedOver = false;
      for (const bytes of events) await session.event(bytes);
    }
    await session.flushEvents();
    while (!signal.aborted && (await session.heard())) if (session.incoming() !== undefined) break;
  };
  const dumps: Dumps = {
    replicas: [],
    semiSync: { clients: 0, acknowledged: 0 },
    register: () => undefined,
    serve,
    finish: async () => undefined,
  };
  return listenForReplicas({
    dumps,
    serverId: 77,
    serverUuid: SOURCE_UUID,
    flavor: 'mysql',
    serverVersion: '9.7.4',
  });
}

const sizeOf = (events: readonly Buffer[]): number => events.reduce((sum, { length }) => sum + length, 0);

import { decodeBody, EventFramer, LogState, RawEvent } from '../../src/binlog/index.ts';

/** Places in a log that options can name. */
export interface Landmarks {
  /** Where events start. */
  readonly positions: readonly number[];
  /** Seconds since 1970 of events. */
  readonly times: readonly number[];
  readonly serverIds: readonly number[];
  /** As the server writes them: `uuid:n`, `uuid:tag:n`, or `domain-server-sequence`. */
  readonly gtids: readonly string[];
}

const HEADER_BYTES = 19;
const MAGIC_BYTES = 4;
const GTID_LOG_EVENT = 33;
const GTID_TAGGED_LOG_EVENT = 42;
const MARIADB_GTID_EVENT = 162;

function uuid(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function taggedGtid(bytes: Buffer): string[] {
  const framer = new EventFramer();
  framer.adopt(bytes);
  const event = new RawEvent();
  if (!framer.next(event)) return [];
  const body = decodeBody(event, new LogState());
  return body.kind === 'gtidTagged' ? [`${uuid(body.uuid)}:${body.tag}:${body.gno}`] : [];
}

/** Read the events' headers of a log that a server closed, and its GTIDs. */
export function landmarksOf(log: Buffer): Landmarks {
  const found = {
    positions: [] as number[],
    times: new Set<number>(),
    serverIds: new Set<number>(),
    gtids: [] as string[],
  };
  for (let at = MAGIC_BYTES; at + HEADER_BYTES <= log.length; ) {
    const [time, type, serverId, size] = [
      log.readUInt32LE(at),
      log[at + 4],
      log.readUInt32LE(at + 5),
      log.readUInt32LE(at + 9),
    ];
    if (size < HEADER_BYTES || at + size > log.length) break;
    const body = at + HEADER_BYTES;
    found.positions.push(at);
    found.times.add(time);
    found.serverIds.add(serverId);
    if (type === GTID_LOG_EVENT)
      found.gtids.push(`${uuid(log.subarray(body + 1, body + 17))}:${log.readBigInt64LE(body + 17)}`);
    if (type === GTID_TAGGED_LOG_EVENT) found.gtids.push(...taggedGtid(log.subarray(at, at + size)));
    if (type === MARIADB_GTID_EVENT)
      found.gtids.push(`${log.readUInt32LE(body + 8)}-${serverId}-${log.readBigUInt64LE(body)}`);
    at += size;
  }
  return { ...found, times: [...found.times], serverIds: [...found.serverIds] };
}

import { type Connection, type ConnectOptions, connect, type DumpRequest } from '../connection/index.ts';
import { ServerError } from '../errors/index.ts';
import { MysqlGtidSet } from '../gtid/index.ts';
import { DumpFlag } from '../wire/index.ts';
import { announceMariadbPosition } from './announce.ts';
import {
  announceReader,
  knowsHeartbeatV2,
  type ReaderIdentity,
  type ReaderWishes,
  type SourceFacts,
} from './announce-reader.ts';
import { DumpEvents } from './dump-events.ts';
import { type Begin, findBegin } from './position/find-begin.ts';
import type { StartPoint } from './position/source-position.ts';

/** A dump that was asked for: who answers, where it begins, and its events with their heartbeats. */
export interface OpenSource {
  readonly facts: SourceFacts;
  readonly begin: Begin;
  readonly events: DumpEvents;
  /** Ends it at once; whoever waits for events gets `reason`. */
  readonly destroy: (reason?: Error) => void;
}

/** What it takes to ask for a dump, the same for every attempt. */
export interface OpenSettings extends ReaderWishes {
  /** How to connect; a function where it takes more than options. */
  readonly connection: ConnectOptions | ((signal: AbortSignal) => Promise<Connection>);
  readonly identity: ReaderIdentity;
  /** Longest silence while announcing, in milliseconds; 0 waits for ever. */
  readonly netTimeoutMs: number;
  /** Whether to go by GTID where there is one. `position`: only where there is no other way. */
  readonly by: 'gtid' | 'position';
  /** Let the source end the dump at the end of its log. */
  readonly stopAtEnd: boolean;
  /** MariaDB: ask for the statements behind rows. */
  readonly annotations: boolean;
  /** MariaDB: refuse to begin in a hole of the source's log. */
  readonly gtidStrictMode: boolean;
  /** MariaDB: a transaction that came from another source already is skipped. */
  readonly gtidIgnoreDuplicates: boolean;
}

/** What the source sees in its list of sessions. */
const ATTRIBUTES = { program_name: 'rowlock', _client_role: 'binary_log_listener' } as const;

/** Connects, announces, and asks for the dump. */
export async function openSource(
  start: StartPoint,
  settings: OpenSettings,
  signal: AbortSignal,
): Promise<OpenSource> {
  const connection = await connectTo(settings, signal);
  try {
    connection.setReadTimeout(settings.netTimeoutMs);
    const facts = await announceReader(connection, settings.identity, settings);
    const begin = await findBegin(connection, facts, start, settings.by);
    if (facts.flavor === 'mariadb' && begin.by === 'gtid') {
      await announceMariadbStart(connection, begin.gtids ?? '', settings);
    }
    // From here on, whoever waits for events measures the silence: a paused socket is silent too.
    connection.setReadTimeout(0);
    const stream = connection.dump(dumpRequest(begin, facts, settings));
    const destroy = (reason?: Error): void => connection.destroy(reason);
    return { facts, begin, events: new DumpEvents(stream, 'shown'), destroy };
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

async function connectTo({ connection }: OpenSettings, signal: AbortSignal): Promise<Connection> {
  if (typeof connection === 'function') return connection(signal);
  const attributes = { ...ATTRIBUTES, ...connection.attributes };
  return connect({ ...connection, attributes, signal });
}

async function announceMariadbStart(
  connection: Connection,
  gtids: string,
  { gtidStrictMode, gtidIgnoreDuplicates }: OpenSettings,
): Promise<void> {
  await announceMariadbPosition(connection, gtids);
  await connection.query(`SET @slave_gtid_strict_mode=${Number(gtidStrictMode)}`);
  try {
    await connection.query(`SET @slave_gtid_ignore_duplicates=${Number(gtidIgnoreDuplicates)}`);
  } catch (error) {
    // MariaDB 10.0.8 and earlier do not have it; that is no reason not to read.
    if (!(error instanceof ServerError)) throw error;
  }
}

/** COM_BINLOG_DUMP has 32 bits for a position. Beyond, the file is read from its start and what is known is passed over. */
const LAST_DUMP_POSITION = 0xffff_ffff;

function dumpRequest(begin: Begin, facts: SourceFacts, settings: OpenSettings): DumpRequest {
  const { flavor, semisync } = facts;
  const { serverId } = settings.identity;
  const flags = (settings.stopAtEnd ? DumpFlag.BINLOG_DUMP_NON_BLOCK : 0) | familyFlags(facts, settings);
  if (begin.by === 'gtid' && flavor === 'mysql') {
    const gtidSet = MysqlGtidSet.parse(begin.gtids ?? '').toBytes();
    return { kind: 'gtid', file: '', position: 4, serverId, flags, gtidSet, semisync };
  }
  const file = begin.by === 'gtid' ? '' : begin.file;
  const position = begin.by === 'gtid' || begin.position > LAST_DUMP_POSITION ? 4 : begin.position;
  return { kind: 'position', file, position, serverId, flags, semisync };
}

function familyFlags(facts: SourceFacts, { annotations }: OpenSettings): number {
  if (facts.flavor === 'mariadb') return annotations ? DumpFlag.BINLOG_SEND_ANNOTATE_ROWS_EVENT : 0;
  return knowsHeartbeatV2(facts) ? DumpFlag.USE_HEARTBEAT_EVENT_V2 : 0;
}

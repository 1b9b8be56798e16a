import {
  EventType,
  encodeEvent,
  LENGTH_AT,
  LogState,
  type RawEvent,
  ROWS_FLAGS_AT,
  RowsFlag,
  type TableMap,
} from '../../../binlog/index.ts';
import { Writer } from '../../../bytes/index.ts';
import { LimitError } from '../../../errors/index.ts';
import type { RowsOfTable } from '../../target.ts';

/** What a MariaDB source compresses (`log_bin_compress`), and what the same is called without. */
const PLAIN_TYPE: Readonly<Record<number, number>> = {
  [EventType.WRITE_ROWS_COMPRESSED_EVENT_V1]: EventType.WRITE_ROWS_EVENT_V1,
  [EventType.UPDATE_ROWS_COMPRESSED_EVENT_V1]: EventType.UPDATE_ROWS_EVENT_V1,
  [EventType.DELETE_ROWS_COMPRESSED_EVENT_V1]: EventType.DELETE_ROWS_EVENT_V1,
  [EventType.WRITE_ROWS_COMPRESSED_EVENT]: EventType.WRITE_ROWS_EVENT,
  [EventType.UPDATE_ROWS_COMPRESSED_EVENT]: EventType.UPDATE_ROWS_EVENT,
  [EventType.DELETE_ROWS_COMPRESSED_EVENT]: EventType.DELETE_ROWS_EVENT,
};

/** More than a rows event of up to 4096 columns holds besides its images. */
const ROOM = 2048;
const PLAIN_SHAPE = { compressed: false } as const;
const state = new LogState();

/**
 * Gathers rows events with their table maps into BINLOG statements.
 *
 * Every statement stands for itself: each run of rows of one table has its map before it and the end of a statement behind it, so that
 * the server keeps no tables open from one to the next. A statement of the source that changed several tables stays one, with the maps
 * of all of them in front, as the servers open tables once: its end is where changes of engines without transactions are committed,
 * and with them the GTID.
 */
export class EventBatch {
  readonly #writer = new Writer(0x1_0000);
  readonly #limit: number;
  #map: TableMap | undefined;
  #flags = 0;
  /** Where the flags of the last rows event stand; 0: there is none. */
  #flagsAt = 0;
  /** The source's statement goes on behind the last rows event. */
  #isOpen = false;
  /** Where the statement begins that the last rows event belongs to, and the tables it has maps of. */
  #statementAt = 0;
  readonly #maps = new Set<TableMap>();

  /** @param packet `max_allowed_packet` of the server, bytes */
  constructor(packet: number) {
    // Base64 makes four characters of three bytes; what stands around it is far below a kilobyte.
    this.#limit = Math.floor(((packet - 1024) * 3) / 4);
  }

  /** Bytes of events gathered. */
  get length(): number {
    return this.#writer.length;
  }

  /** Whether an event does not fit behind those that are gathered. */
  isTooMuch({ rows, mapEvent, rowsEvent }: RowsOfTable): boolean {
    const isCompressed = PLAIN_TYPE[rowsEvent.type] !== undefined;
    const added = isCompressed ? rows.images.length + ROOM : rowsEvent.length;
    return this.length > 0 && this.length + mapEvent.length + added > this.#limit;
  }

  /** Whether rows of the source's statement are still to come. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  add({ map, rows, mapEvent, rowsEvent }: RowsOfTable): void {
    const flags = rows.flags & ~RowsFlag.STMT_END;
    if (this.#isOpen || (map === this.#map && flags === this.#flags)) {
      this.#patchFlags(this.#flags);
      if (!this.#maps.has(map)) this.#putMap(mapEvent);
    } else {
      this.#statementAt = this.#writer.length;
      this.#maps.clear();
      this.#copy(mapEvent);
    }
    this.#maps.add(map);
    this.#isOpen = (rows.flags & RowsFlag.STMT_END) === 0;
    this.#map = map;
    this.#flags = flags;
    const at = this.#writer.length;
    const plain = PLAIN_TYPE[rowsEvent.type];
    if (plain === undefined) this.#copy(rowsEvent);
    else {
      const body = { ...rows, shape: { ...rows.shape, ...PLAIN_SHAPE }, block: undefined };
      this.#writer.bytes(
        encodeEvent({ ...headerOf(rowsEvent), type: plain }, body, state, { checksum: false }),
      );
    }
    this.#flagsAt = at + ROWS_FLAGS_AT;
    this.#patchFlags(flags | RowsFlag.STMT_END);
  }

  /** The statement, and begins a new one. @throws LimitError the server takes no packet of that size */
  take(): Buffer {
    const { length } = this.#writer;
    if (length > this.#limit) {
      throw new LimitError(`rows of ${length} bytes are more than the target takes in a packet`, {
        hint: 'Set max_allowed_packet of the target to 1G.',
      });
    }
    const statement = binlogStatement(this.#writer.view());
    this.clear();
    return statement;
  }

  clear(): void {
    this.#writer.reset();
    this.#map = undefined;
    this.#flagsAt = 0;
    this.#isOpen = false;
  }

  #patchFlags(flags: number): void {
    const bytes = this.#writer.view();
    bytes[this.#flagsAt] = flags & 0xff;
    bytes[this.#flagsAt + 1] = flags >> 8;
  }

  /** In front of the rows of the statement that is open. */
  #putMap(event: RawEvent): void {
    const rows = Buffer.from(this.#writer.view().subarray(this.#statementAt));
    this.#writer.length = this.#statementAt;
    this.#copy(event);
    this.#writer.bytes(rows);
  }

  /** The event without its checksum, and with a length that says so. */
  #copy(event: RawEvent): void {
    const writer = this.#writer;
    const at = writer.length;
    writer.bytes(event.bytes.subarray(event.start, event.bodyEnd));
    writer.patchU32(at + LENGTH_AT, event.bodyEnd - event.start);
  }
}

const VERB = "BINLOG '";
/** Bytes that are made characters at a time, whole groups of three: longer texts leave the processor's cache and the young heap. */
const CHUNK_BYTES = 24 * 1024;

function binlogStatement(events: Buffer): Buffer {
  const statement = Buffer.allocUnsafe(VERB.length + Math.ceil(events.length / 3) * 4 + 1);
  let at = statement.write(VERB, 'latin1');
  for (let from = 0; from < events.length; from += CHUNK_BYTES)
    at += statement.write(events.toString('base64', from, from + CHUNK_BYTES), at, 'latin1');
  statement.write("'", at, 'latin1');
  return statement;
}

function headerOf({ timestamp, type, serverId, logPos, flags }: RawEvent): {
  timestamp: number;
  type: number;
  serverId: number;
  logPos: number;
  flags: number;
} {
  return { timestamp, type, serverId, logPos, flags };
}

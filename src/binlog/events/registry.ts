import { Cursor, crc32, Writer } from '../../bytes/index.ts';
import { FormatError, RowlockError } from '../../errors/index.ts';
import { CHECKSUM_BYTES, HEADER_BYTES } from '../event-layout.ts';
import { eventTypeName } from '../event-type.ts';
import type { LogState } from '../log-state.ts';
import type { EventHeader, RawEvent } from '../raw-event.ts';
import type { EventDefinition } from './definition.ts';
import { formatDescription } from './format-description.ts';
import { transactionContext, viewChange } from './group-replication.ts';
import { gtid } from './gtid.ts';
import { gtidTagged } from './gtid-tagged.ts';
import { heartbeat, heartbeatV2 } from './heartbeat.ts';
import { appendBlock, beginLoadQuery, deleteFile, executeLoadQuery } from './load-file.ts';
import { gtidList, mariadbGtid } from './mariadb-gtid.ts';
import { partialRowData, startEncryption } from './mariadb-stream.ts';
import { annotateRows, binlogCheckpoint, ignorable, incident, rowsQuery } from './notes.ts';
import { previousGtids } from './previous-gtids.ts';
import { query } from './query.ts';
import { rotate } from './rotate.ts';
import { rows } from './rows.ts';
import { intvar, rand, userVar } from './session-values.ts';
import { stop } from './stop.ts';
import { tableMap } from './table-map.ts';
import { transactionPayload } from './transaction-payload.ts';
import { xaPrepare } from './xa-prepare.ts';
import { xid } from './xid.ts';

/** Every kind of event with a body we know. A new one is a file and a line here; the compiler names what else it needs. */
const definitions = [
  annotateRows,
  appendBlock,
  beginLoadQuery,
  binlogCheckpoint,
  deleteFile,
  executeLoadQuery,
  formatDescription,
  gtid,
  gtidList,
  gtidTagged,
  heartbeat,
  heartbeatV2,
  ignorable,
  incident,
  intvar,
  mariadbGtid,
  partialRowData,
  previousGtids,
  query,
  rand,
  rotate,
  rows,
  rowsQuery,
  startEncryption,
  stop,
  tableMap,
  transactionContext,
  transactionPayload,
  userVar,
  viewChange,
  xaPrepare,
  xid,
] as const;

/** An event type nobody here knows, or one that only servers before 5.0.3 wrote: carried as bytes, written back exactly. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly bytes: Buffer;
}

type BodyOf<Definition> = Definition extends EventDefinition<infer Body> ? Body : never;

/** Any decoded event body; `kind` tells which. */
export type EventBody = BodyOf<(typeof definitions)[number]> | Unknown;

const unknown: EventDefinition<Unknown> = {
  kind: 'unknown',
  codes: [],
  decode: (cursor) => ({ kind: 'unknown', bytes: cursor.view(cursor.remaining) }),
  encode: (body, writer) => writer.bytes(body.bytes),
};

type AnyDefinition = EventDefinition<EventBody>;

const byCode: AnyDefinition[] = Array.from({ length: 256 }, () => unknown as unknown as AnyDefinition);
for (const definition of definitions) {
  for (const code of definition.codes) byCode[code] = definition as unknown as AnyDefinition;
}

/** The fixed lengths that definitions claim, by type code, for comparison with what real servers list. */
export function knownPostHeaderLengths(): ReadonlyMap<number, number> {
  const known = new Map<number, number>();
  for (const { codes, postHeaderLength } of definitions as readonly AnyDefinition[]) {
    if (postHeaderLength !== undefined) for (const code of codes) known.set(code, postHeaderLength);
  }
  return known;
}

/** Whether a body of this type can be decoded. */
export function isKnownType(type: number): boolean {
  return byCode[type & 0xff] !== (unknown as unknown as AnyDefinition);
}

const shared = new Cursor();

/**
 * Decodes an event's body. Buffers in it are borrowed from the event. A format description or table map becomes known to the
 * caller's {@link LogState} only through `state.setFormat` and `state.tables.set`.
 *
 * @throws FormatError naming the event and its position
 */
export function decodeBody(event: RawEvent, state: LogState): EventBody {
  shared.aim(event.bytes, event.bodyStart, event.bodyEnd);
  try {
    const definition = byCode[event.type]!;
    // Where a damaged format description lists a fixed part for a type that has none, the original passes over it.
    if (state.tolerant && definition.postHeaderLength === 0 && state.flavor === 'mysql')
      shared.skip(state.postHeaderLength(event.type, 0));
    const body = definition.decode(shared, event, state);
    if (shared.remaining > 0 && !state.tolerant)
      throw new FormatError(`${shared.remaining} bytes are left over`);
    return body;
  } catch (error) {
    if (error instanceof RowlockError) throw error.at({ position: event.position, event: event.name });
    throw error;
  }
}

/** As {@link decodeBody}, of the events of a log in their order: a format description is in force from here on. */
export function decodeNext(event: RawEvent, state: LogState): EventBody {
  const body = decodeBody(event, state);
  if (body.kind === 'formatDescription') state.setFormat(body);
  return body;
}

/** Encodes a body alone. */
export function encodeBody(body: EventBody, header: EventHeader, state: LogState, writer: Writer): void {
  const definition = byCode[header.type]!;
  if (definition.kind !== body.kind) {
    throw new FormatError(`a ${body.kind} body cannot be a ${eventTypeName(header.type)}`);
  }
  definition.encode(body, writer, header, state);
}

/**
 * Encodes a whole event: header, body and, where asked, a checksum. The length is computed, `logPos` is taken as given.
 * A format description's checksum is computed as if its in-use flag were clear, as servers do.
 *
 * @param options.checksum whether it ends in one; a number is taken as the checksum, right or wrong
 */
export function encodeEvent(
  header: EventHeader,
  body: EventBody,
  state: LogState,
  options: { checksum: boolean | number },
): Buffer {
  const writer = new Writer(256);
  writer.u32(header.timestamp);
  writer.u8(header.type);
  writer.u32(header.serverId);
  writer.u32(0);
  writer.u32(header.logPos);
  writer.u16(header.flags);
  encodeBody(body, header, state, writer);
  const { checksum } = options;
  const length = writer.length + (checksum === false ? 0 : CHECKSUM_BYTES);
  writer.patchU32(HEADER_BYTES - 10, length);
  if (typeof checksum === 'number') writer.u32(checksum);
  else if (checksum) {
    const bytes = writer.view();
    const flagsLow = bytes[17]!;
    if (body.kind === 'formatDescription') bytes[17] = flagsLow & ~1;
    const sum = crc32(bytes);
    bytes[17] = flagsLow;
    writer.u32(sum);
  }
  return writer.take();
}

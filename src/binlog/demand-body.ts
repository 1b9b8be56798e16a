import { FormatError } from '../errors/index.ts';
import { EventType } from './event-type.ts';
import { decodeBody } from './events/registry.ts';
import { LogState } from './log-state.ts';
import type { RawEvent } from './raw-event.ts';

/** Fixed parts of rows and table maps since MySQL 5.1; those of version 2 have a length of their extra data besides. */
const ROWS_V1 = 6;
const ROWS_V2 = 10;

/** What the body of an event of the type has at least, in bytes. */
const least = new Uint8Array(256);
const demand = (bytes: number, ...types: readonly number[]): void => {
  for (const type of types) least[type] = bytes;
};
demand(
  ROWS_V1,
  EventType.TABLE_MAP_EVENT,
  EventType.WRITE_ROWS_EVENT_V1,
  EventType.UPDATE_ROWS_EVENT_V1,
  EventType.DELETE_ROWS_EVENT_V1,
  EventType.WRITE_ROWS_COMPRESSED_EVENT_V1,
  EventType.UPDATE_ROWS_COMPRESSED_EVENT_V1,
  EventType.DELETE_ROWS_COMPRESSED_EVENT_V1,
);
demand(
  ROWS_V2,
  EventType.WRITE_ROWS_EVENT,
  EventType.UPDATE_ROWS_EVENT,
  EventType.DELETE_ROWS_EVENT,
  EventType.PARTIAL_UPDATE_ROWS_EVENT,
  EventType.WRITE_ROWS_COMPRESSED_EVENT,
  EventType.UPDATE_ROWS_COMPRESSED_EVENT,
  EventType.DELETE_ROWS_COMPRESSED_EVENT,
);
demand(8, EventType.XID_EVENT);
demand(1, EventType.ROWS_QUERY_LOG_EVENT);

/** So seldom that they are read. */
const read: ReadonlySet<number> = new Set([EventType.INCIDENT_EVENT, EventType.XA_PREPARE_LOG_EVENT]);

const anyLog = new LogState();
// What later servers add is no harm.
anyLog.tolerant = true;

/**
 * Refuses an event that is cut off, which every server would only find when it applies it (MySQL 9.7: error 13121). Rows themselves are not
 * looked at, nor events that whoever reads them decodes anyway.
 *
 * @throws FormatError
 */
export function demandBody(event: RawEvent): void {
  const { type, bodyStart, bodyEnd, position } = event;
  const has = bodyEnd - bodyStart;
  if (has < least[type]!) {
    const message = `truncated ${event.name} event: its body has ${has} bytes, and at least ${least[type]!} belong there`;
    throw new FormatError(message, { context: { position } });
  }
  if (read.has(type)) decodeBody(event, anyLog);
}

import {
  decodeNext,
  EventType,
  type Flavor,
  HEADER_BYTES,
  LogState,
  type RawEvent,
  rowsShape,
} from '../../../binlog/index.ts';
import { ChannelError } from '../channel-error.ts';
import { fatalErrno, otherFamily } from './receiver-failure.ts';

/** Fixed part of a Query event, in bytes, since MySQL 5.0. */
const QUERY_BYTES = 13;
/** What begins with the number of a table, 6 bytes since MySQL 5.1.4: maps, and rows of every kind. */
const WITH_TABLE_NUMBER: readonly number[] = Object.values(EventType).filter(
  (type) => type === EventType.TABLE_MAP_EVENT || rowsShape(type) !== undefined,
);

/**
 * Demands that events are laid out, and statements read, as in the relay's own binary log. Events are copied there, and replicas read them by that
 * log's format description: by another one, what was judged would be another statement.
 *
 * @param event a format description
 * @param file of the source's log
 * @throws ChannelError
 */
export function demandOwnFormat(event: RawEvent, flavor: Flavor, file: string): void {
  const state = new LogState();
  const format = decodeNext(event, state);
  if (format.kind !== 'formatDescription') return;
  if (state.flavor !== flavor) throw otherFamily(flavor, format.serverVersion);
  const isOwn =
    format.headerLength === HEADER_BYTES &&
    state.postHeaderLength(EventType.QUERY_EVENT, QUERY_BYTES) === QUERY_BYTES &&
    WITH_TABLE_NUMBER.every((type) => state.tableIdBytes(type) === 6);
  if (isOwn) return;
  throw new ChannelError(
    fatalErrno(flavor),
    `Fatal error: the format description in ${file}, position ${event.position}, lays events out as no server since MySQL 5.1.4 does, and ` +
      'replicas of this relay would read them as something else. If an old server wrote that file, begin behind it.',
  );
}

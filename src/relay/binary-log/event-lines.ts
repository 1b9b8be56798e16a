import {
  decodeBody,
  decodeNext,
  EventType,
  type Flavor,
  isKnownType,
  LogState,
  loadZstd,
  PayloadReader,
  RawEvent,
  shownEventType,
} from '../../binlog/index.ts';
import { ServerError } from '../../errors/index.ts';
import type { LogFollower, LogPlace } from '../../store/index.ts';
import type { EventLimit, EventLine } from '../streams.ts';
import { eventInfo } from './event-info.ts';

/** ER_ERROR_WHEN_EXECUTING_COMMAND */
function cannotShow(what: string, why: string): ServerError {
  return new ServerError(1220, 'HY000', `Error when executing command ${what}: ${why}`);
}

/** A log whose events can be shown. */
export interface ShownLog {
  readonly files: readonly { readonly number: number; readonly name: string; readonly size: number }[];
  numberOf(name: string): number | undefined;
  follow(place: LogPlace): Promise<LogFollower>;
}

/**
 * The lines of SHOW BINLOG EVENTS and SHOW RELAYLOG EVENTS: of one file, from a position on; compressed transactions are opened.
 *
 * @throws ServerError 1220 for a file or position that is none, in the server's words
 */
export async function* eventLines(
  log: ShownLog,
  flavor: Flavor,
  file: string | undefined,
  position: number,
  limit: EventLimit,
  command = 'SHOW BINLOG EVENTS',
): AsyncIterable<EventLine> {
  const number = file === undefined ? log.files[0]?.number : log.numberOf(file);
  const shown = log.files.find((each) => each.number === number);
  if (number === undefined || shown === undefined) throw cannotShow(command, 'Could not find target log');
  await loadZstd();
  const follower = await log.follow({ number, position: 4 });
  try {
    yield* lines(follower, flavor, Math.max(4, position), limit, shown, command);
  } finally {
    follower.close();
  }
}

async function* lines(
  follower: LogFollower,
  flavor: Flavor,
  position: number,
  { offset, count }: EventLimit,
  { name, size }: { readonly name: string; readonly size: number },
  command: string,
): AsyncIterable<EventLine> {
  const event = new RawEvent();
  const innerEvent = new RawEvent();
  const state = new LogState();
  state.flavor = flavor;
  // MySQL looks for the event behind the position, MariaDB asks for one that an event has.
  const isExact = flavor === 'mariadb';
  if (isExact && position > size) {
    const asked = `Requested from pos:${position} is greater than actual file size:${size}`;
    throw cannotShow(command, `Invalid pos specified. ${asked}`);
  }
  let passed = 0;
  let given = 0;
  const line = (raw: RawEvent, outer?: RawEvent): EventLine | undefined => {
    const info = describe(raw, state, flavor);
    if (raw.position < position) return undefined;
    passed += 1;
    if (passed <= offset || given >= count) return undefined;
    given += 1;
    return {
      logName: name,
      // What was compressed stands where the compressed event ends.
      position: outer?.logPos ?? raw.position,
      eventType: shownEventType(raw.type, flavor),
      serverId: raw.serverId,
      endLogPosition: outer?.logPos ?? raw.logPos,
      info,
    };
  };
  while (given < count && !follower.atEnd) {
    if (!follower.next(event)) {
      await follower.load();
      continue;
    }
    if (isExact && event.position < position && event.position + event.length > position) {
      throw cannotShow(command, 'Wrong offset or I/O error');
    }
    const outer = line(event);
    if (outer !== undefined) yield outer;
    if (event.type !== EventType.TRANSACTION_PAYLOAD_EVENT) continue;
    const body = decodeBody(event, state);
    if (body.kind !== 'transactionPayload') continue;
    for (const inner of new PayloadReader(body, event).events(innerEvent)) {
      const opened = line(inner, event);
      if (opened !== undefined) yield opened;
    }
  }
}

function describe(event: RawEvent, state: LogState, flavor: Flavor): string {
  if (!isKnownType(event.type)) return '';
  const body = decodeNext(event, state);
  if (body.kind === 'tableMap') state.tables.set(body.tableId, body);
  return eventInfo(body, event, flavor);
}

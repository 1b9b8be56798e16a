import {
  EventFlag,
  EventType,
  type Flavor,
  HEADER_BYTES,
  isMariadbVersion,
  type KeyContainer,
  RawEvent,
  TYPE_AT,
} from '../../binlog/index.ts';
import { FormatError, isSystemError } from '../../errors/index.ts';
import { type ByteSource, fileSource, LogReader } from '../../store/index.ts';
import { type FailureText, PROBE_BYTES } from './failure-text.ts';
import { pathIn } from './path-in.ts';

/** An input that cannot be used; the lines say why. */
export class InputFailure extends Error {
  readonly lines: (text: FailureText) => string[];

  constructor(lines: (text: FailureText) => string[]) {
    super('input failure');
    this.lines = lines;
  }
}

export interface InputSurroundings {
  readonly program: string;
  readonly cwd: string;
  readonly stdin: () => ByteSource;
  /** Keys of encrypted logs, where the user gave some. */
  readonly keys: KeyContainer | undefined;
}

/** Opens a log and reads its magic. */
export function openLog(name: string, surroundings: InputSurroundings): LogReader {
  const { program, cwd, stdin, keys } = surroundings;
  let source: ByteSource;
  try {
    source = name === '-' ? stdin() : fileSource(pathIn(cwd, name));
  } catch (error) {
    throw new InputFailure((text) => text.cannotOpen(program, name, error));
  }
  const reader = new LogReader(source, { concatenated: name === '-', keys });
  try {
    reader.open();
  } catch (error) {
    reader.close();
    if (error instanceof FormatError) {
      const hints =
        error.code === 'BINLOG_MAGIC' && error.hint !== undefined ? [`hint: ${name}: ${error.hint}`] : [];
      throw new InputFailure((text) => [...text.badMagic(error), ...hints]);
    }
    if (isSystemError(error)) throw new InputFailure((text) => text.cannotRead(program, name, error));
    throw error;
  }
  return reader;
}

/** Which server's log this is, by the version in the format description at its start; undefined where there is none. */
export function flavorOf(reader: LogReader): Flavor | undefined {
  const start = reader.peek(HEADER_BYTES + 52);
  if (start.length < HEADER_BYTES + 52 || start[TYPE_AT] !== EventType.FORMAT_DESCRIPTION_EVENT)
    return undefined;
  const version = start.toString('latin1', HEADER_BYTES + 2, HEADER_BYTES + 52);
  return isMariadbVersion(version) ? 'mariadb' : 'mysql';
}

/** Where a search for the start position ended. */
interface Found {
  /** To be printed, in their order. */
  readonly descriptions: readonly RawEvent[];
  readonly isReached: boolean;
  /** What is thrown once they are printed. */
  readonly failure?: unknown;
}

/**
 * Moves to `position`, as the originals do: format descriptions before it are read, so that what follows can be decoded, and
 * returned to be printed; rotates and previous GTIDs on the way are passed over; anything else ends the search.
 *
 * MySQL's tool never goes back over the event that ended the search. It prints the last description alone (a relay log begins with its
 * own and its source's), with the position of the last event read, or of the end where it has looked for another one.
 * MariaDB's prints them all, and fails where standard input ends before the position.
 */
export function skipTo(reader: LogReader, position: number, flavor: Flavor): Found {
  const event = new RawEvent();
  const descriptions: RawEvent[] = [];
  let lastRead = 0;
  while (reader.framer.position < position) {
    if (flavor === 'mariadb' && endsSearch(reader.peek(PROBE_BYTES))) break;
    try {
      if (!reader.next(event)) {
        lastRead = reader.framer.position;
        break;
      }
    } catch (failure) {
      // MariaDB's tool has printed the descriptions by then.
      if (flavor === 'mysql' || descriptions.length === 0) throw failure;
      return { descriptions, isReached: true, failure };
    }
    lastRead = event.position;
    if (event.type === EventType.FORMAT_DESCRIPTION_EVENT) descriptions.push(event.keep());
    else if (!passedOver.has(event.type)) break;
  }
  if (flavor === 'mariadb') return { descriptions, isReached: reader.seek(position) };
  const last = descriptions.slice(-1);
  // Without a description, mysqlbinlog goes on where its search ended, before the position or not.
  if (last.length > 0) reader.seek(Math.max(position, reader.framer.position));
  for (const description of last) description.position = lastRead;
  return { descriptions: last, isReached: true };
}

/** MariaDB's tool sees by its type that an event is not to be read, and does not read it: it need not be whole, and neither need its header. */
function endsSearch(header: Buffer): boolean {
  return header.length >= PROBE_BYTES && !readOnTheWay.has(header[TYPE_AT]!);
}

const readOnTheWay: ReadonlySet<number> = new Set([
  EventType.FORMAT_DESCRIPTION_EVENT,
  EventType.ROTATE_EVENT,
  EventType.START_ENCRYPTION_EVENT,
]);

const passedOver: ReadonlySet<number> = new Set([
  EventType.ROTATE_EVENT,
  EventType.PREVIOUS_GTIDS_LOG_EVENT,
  EventType.START_ENCRYPTION_EVENT,
]);

/** Whether a server had this log open when it was copied. */
export function isInUse(event: RawEvent): boolean {
  return event.type === EventType.FORMAT_DESCRIPTION_EVENT && event.hasFlag(EventFlag.BINLOG_IN_USE);
}

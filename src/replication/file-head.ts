import { EventType, type RawEvent } from '../binlog/index.ts';
import { FormatError } from '../errors/index.ts';
import { ReplicationErrno, ReplicationError } from './replication-error.ts';

/** The servers number their logs. */
const LOG_NAME = /^[^\p{Cc}\uFFFD]+\.\d+$/u;
const ROTATE_FIXED_BYTES = 8;

const printable = (text: string): string => text.replaceAll(/[\p{Cc}\uFFFD]/gu, '?');

/** What a rotate says: the file that follows, and where the next event begins in it. @throws FormatError it says neither */
export function nextFile(event: RawEvent): [file: string, position: number] {
  const { bytes, bodyStart, bodyEnd } = event;
  if (bodyEnd - bodyStart < ROTATE_FIXED_BYTES) {
    const { position } = event;
    throw new FormatError(`${event.name} of ${event.length} bytes names no file`, { context: { position } });
  }
  const position = bytes.readUInt32LE(bodyStart) + bytes.readUInt32LE(bodyStart + 4) * 2 ** 32;
  return [bytes.toString('utf8', bodyStart + ROTATE_FIXED_BYTES, bodyEnd), position];
}

/** What comes is not what comes next. */
export function outOfStep(what: string, file: string, { position }: RawEvent): ReplicationError {
  return new ReplicationError(
    'REPLICATION_OUT_OF_STEP',
    ReplicationErrno.ER_REPLICA_FATAL_ERROR,
    `the source sends ${what}`,
    { context: { file, position } },
  );
}

/** The log is shorter than what was read of it, or is said to have been read. */
export function endsBefore(
  wanted: number,
  { file, position }: { readonly file: string; readonly position: number },
): ReplicationError {
  return new ReplicationError(
    'REPLICATION_NO_POSITION',
    ReplicationErrno.ER_SOURCE_FATAL_ERROR_READING_BINLOG,
    `the source's ${file} ends at ${position}, before position ${wanted}`,
    { context: { file, position }, hint: 'The log was cut, or is another one of that name. Begin anew.' },
  );
}

/** How a file begins and ends. */
const OF_FILES: ReadonlySet<number> = new Set([
  EventType.FORMAT_DESCRIPTION_EVENT,
  EventType.ROTATE_EVENT,
  EventType.STOP_EVENT,
  EventType.PREVIOUS_GTIDS_LOG_EVENT,
  EventType.GTID_LIST_EVENT,
  EventType.START_ENCRYPTION_EVENT,
]);

/**
 * Refuses inside a transaction what begins or ends a file: it would be copied with the transaction. What the source makes for the dump
 * is not copied, but a format description changes how the rest of the transaction is read.
 *
 * @throws ReplicationError
 */
export function refuseOfFile(event: RawEvent, isOfStream: boolean, file: string): void {
  if (!OF_FILES.has(event.type)) return;
  if (!isOfStream || event.type === EventType.FORMAT_DESCRIPTION_EVENT)
    throw outOfStep(`${event.name} inside a transaction`, file, event);
}

/**
 * A dump and each file in it begin with an artificial rotate and a format description: what follows cannot be read without them, and
 * belongs to the file that the rotate names.
 */
export class FileHead {
  #expected: 'rotate' | 'format' | 'events' = 'rotate';
  /** The file that the next artificial rotate must name; undefined where only the source knows. */
  #next: string | undefined;
  #file = '';
  /** When each file was made, as its format description says: another file of the same name has another time. */
  #made: { readonly file: string; readonly timestamp: number } | undefined;

  /** A dump begins, with `next` if that is known. `isSameServer`: files of the same name are the same. */
  begin(next: string | undefined, isSameServer: boolean): void {
    this.#expected = 'rotate';
    this.#next = next;
    if (!isSameServer) this.#made = undefined;
  }

  /** The file's last event came; `next`: the one that it names. */
  end(next: string | undefined): void {
    this.#expected = 'rotate';
    this.#next = next;
  }

  /** An artificial rotate came. @throws ReplicationError where it names another file than the one that follows */
  rotate(event: RawEvent, before: string): [file: string, position: number] {
    const [file, position] = nextFile(event);
    const isNamed = this.#next === undefined ? LOG_NAME.test(file) : this.#next === file;
    if (!isNamed) throw outOfStep(`a rotate to '${printable(file)}'`, before, event);
    this.#next = undefined;
    this.#file = file;
    this.#expected = 'format';
    if (file !== this.#made?.file) this.#made = undefined;
    return [file, position];
  }

  /**
   * A format description came. `isByPosition`: what follows is taken to follow what was read of the file before.
   *
   * @throws ReplicationError where it heads no file, or another one of the same name: it was begun anew (RESET BINARY LOGS)
   */
  format(event: RawEvent, isByPosition: boolean): void {
    const file = this.#file;
    if (this.#expected === 'rotate') throw outOfStep(`${event.name}, not a rotate`, file, event);
    this.#expected = 'events';
    const made = this.#made;
    this.#made = { file, timestamp: event.timestamp };
    if (!isByPosition || made === undefined) return;
    if (made.timestamp === event.timestamp || event.timestamp === 0) return;
    const dates = [made.timestamp, event.timestamp].map((time) => new Date(time * 1000).toISOString());
    throw new ReplicationError(
      'REPLICATION_SOURCE_CHANGED',
      ReplicationErrno.ER_REPLICA_FATAL_ERROR,
      `${file} is another file of the same name: it was begun at ${dates[1]}, the one read before at ${dates[0]}`,
      { context: { file }, hint: 'The source was reset or restored. Begin anew.' },
    );
  }

  /** @throws ReplicationError where an event of the log comes before its head */
  check(event: RawEvent): void {
    if (this.#expected === 'events' || event.type === EventType.FORMAT_DESCRIPTION_EVENT) return;
    throw outOfStep(`${event.name}, not the head of a file`, this.#file, event);
  }
}

import type { RawEvent } from '../../binlog/index.ts';
import { ReplicationErrno, ReplicationError } from '../replication-error.ts';

/** Headers carry the low 32 bits of a position. */
const HEADER_RANGE = 2 ** 32;

/**
 * How far positions may move without an event that covers the way. `exact`: not at all. `forward`: MariaDB leaves out events that
 * were not asked for. `between`: by GTID, whole transactions are passed over.
 */
export type Gaps = 'exact' | 'forward' | 'between';

/** Where a stream stands in its source's log, true beyond 4 GiB. */
export class LogPosition {
  file = '';
  /** Where the next event begins. */
  position = 0;
  gaps: Gaps = 'exact';

  /** The next event begins here: what an artificial rotate says. */
  begin(file: string, position: number): void {
    this.file = file;
    this.position = position;
  }

  /**
   * Moves behind an event of the log and returns where it begins.
   *
   * @param isBetween whether no transaction is open
   * @throws ReplicationError where it does not continue the one before
   */
  pass(event: RawEvent, isBetween: boolean): number {
    const { position } = this;
    // MariaDB 11 gives the events inside a transaction no position: they follow each other.
    const end = this.#widen(
      event.logPos === 0 ? position + event.length : event.logPos,
      position + event.length,
    );
    const start = end - event.length;
    const distance = start - position;
    if (this.file === '' || (distance !== 0 && !this.#mayPassOver(distance, isBetween))) {
      throw this.#outOfStep(`${event.name} of ${event.length} bytes ends at ${event.logPos}`);
    }
    this.position = end;
    return start;
  }

  /** Whether an event is exactly what comes next. */
  continues(event: RawEvent): boolean {
    return (this.position + event.length) % HEADER_RANGE === event.logPos;
  }

  /** Moves behind transactions that the source passed over; `low`: the low 32 bits of where it is now. */
  moveTo(low: number): void {
    this.position = this.#widen(low, this.position);
  }

  /**
   * Holds a heartbeat against what was received.
   *
   * @param at the whole position, or its low 32 bits
   * @throws ReplicationError where the source is somewhere else than we are
   */
  heartbeat(file: string, at: number, isWhole: boolean): void {
    const position = isWhole ? at : this.#widen(at, this.position);
    const distance = position - this.position;
    const fits =
      distance === 0 || (distance > 0 && this.gaps === 'between') || this.#mayPassOver(distance, true);
    if (file !== this.file || !fits) {
      throw new ReplicationError(
        'REPLICATION_HEARTBEAT',
        ReplicationErrno.ER_REPLICA_HEARTBEAT_FAILURE,
        `heartbeat is not compatible with what was received: it says ${file}:${at}, the stream is at ${this.file}:${this.position}`,
        { context: { file: this.file, position: this.position } },
      );
    }
    this.position = position;
  }

  /** Longer ways are covered by a heartbeat, or by a list of GTIDs: what seems to lie far ahead lies behind. */
  #mayPassOver(distance: number, isBetween: boolean): boolean {
    if (distance < 0 || distance >= HEADER_RANGE / 2) return false;
    return this.gaps === 'forward' || (this.gaps === 'between' && isBetween);
  }

  /** The first position from `from` on with these low 32 bits. */
  #widen(low: number, from: number): number {
    const ahead = (low - from) % HEADER_RANGE;
    return from + (ahead < 0 ? ahead + HEADER_RANGE : ahead);
  }

  #outOfStep(what: string): ReplicationError {
    const { file, position } = this;
    return new ReplicationError(
      'REPLICATION_OUT_OF_STEP',
      ReplicationErrno.ER_REPLICA_FATAL_ERROR,
      `${what}, where the event at ${position} was expected`,
      { context: { file, position } },
    );
  }
}

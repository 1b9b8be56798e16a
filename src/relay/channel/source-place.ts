import { EventFlag, EventType, type RawEvent } from '../../binlog/index.ts';

const RANGE = 2 ** 32;

/** A place in the files of a source's log. */
export interface SourceFilePlace {
  readonly file: string;
  readonly position: number;
}

const NUMBERED = /^(.*)\.(\d+)$/;

/** Whether `a` stands before `b`, as far as the names of their files tell. What has no file is before everything that has. */
export function isBehind(a: SourceFilePlace, b: SourceFilePlace): boolean {
  if (a.file === '') return b.file !== '';
  if (a.file === b.file) return a.position < b.position;
  const [, base, number] = NUMBERED.exec(a.file) ?? [];
  const [, otherBase, otherNumber] = NUMBERED.exec(b.file) ?? [];
  return base !== undefined && base === otherBase && Number(number) < Number(otherNumber);
}

/** Where in its source's log a relay log stands, from the events in it. */
export class SourcePlace {
  file: string;
  /** End of the last event. */
  position: number;

  constructor(file = '', position = 4) {
    this.file = file;
    this.position = position;
  }

  /** Takes the next event of a relay log. */
  visit(event: RawEvent): void {
    if (event.type === EventType.ROTATE_EVENT) {
      // Our own, at the end of a relay log, names a relay log.
      if (!event.hasFlag(EventFlag.RELAY_LOG)) this.#rotate(event);
      return;
    }
    if (event.hasFlag(EventFlag.RELAY_LOG) || event.type === EventType.PREVIOUS_GTIDS_LOG_EVENT) return;
    const { logPos, length } = event;
    if (event.type === EventType.FORMAT_DESCRIPTION_EVENT) {
      // Sent again in the middle of a file it has no place.
      if (logPos > 0 && this.position < logPos) this.position = logPos;
      return;
    }
    // MariaDB 11 gives the events inside a transaction no position: they follow each other.
    const end = logPos === 0 ? this.position + length : this.#widen(logPos, this.position);
    this.position = end;
  }

  /** Where the next event begins. The head of a file, and what the source passed over, are not in the relay log. */
  beginOf({ logPos, length }: RawEvent): number {
    return logPos === 0
      ? this.position
      : Math.max(this.position, this.#widen(logPos, this.position) - length);
  }

  #rotate({ bytes, bodyStart, bodyEnd }: RawEvent): void {
    this.position = bytes.readUInt32LE(bodyStart) + bytes.readUInt32LE(bodyStart + 4) * RANGE;
    this.file = bytes.toString('utf8', bodyStart + 8, bodyEnd);
  }

  /** Headers carry the low 32 bits. */
  #widen(low: number, from: number): number {
    const ahead = (low - from) % RANGE;
    return from + (ahead < 0 ? ahead + RANGE : ahead);
  }
}

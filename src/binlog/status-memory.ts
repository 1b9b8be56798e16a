import { Cursor } from '../bytes/index.ts';
import { microsecondsAt, readStatusVariables, type StatusVariables } from './status-variables.ts';

/** Longer blocks are read each time: to compare them takes as long. */
const MOST_BYTES = 256;
const MICROSECONDS_BYTES = 3;
/** Blocks that are remembered at most. */
const PLACES = 64;
/** So many bytes decide on the place of a block: options and sql_mode, in which sessions differ, come first. */
const FIRST_BYTES = 14;

/** A block that was read. */
interface Known {
  readonly bytes: Buffer;
  readonly status: StatusVariables;
  /** Where the microseconds stand; behind the end where there are none. */
  readonly timeAt: number;
}

function remember(block: Uint8Array): Known {
  const bytes = Buffer.from(block);
  const timeAt = microsecondsAt(bytes);
  const status = readStatusVariables(new Cursor(bytes), bytes.length);
  return { bytes, status, timeAt: timeAt < 0 ? bytes.length : timeAt };
}

/** Whether the bytes at `start` are those of the block but for the time. */
function isSame({ bytes: known, timeAt }: Known, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < known.length; i += 1) {
    if (bytes[start + i] !== known[i] && (i < timeAt || i >= timeAt + MICROSECONDS_BYTES)) return false;
  }
  return true;
}

/** Reads status variables, and not again where statements have the same but for their time: those of few sessions mostly do. */
export class StatusMemory {
  readonly #places: (Known | undefined)[] = Array.from({ length: PLACES });

  /** The next `length` bytes. @throws FormatError where a value is cut off */
  read(cursor: Cursor, length: number): StatusVariables {
    if (length < FIRST_BYTES || length > MOST_BYTES || length > cursor.remaining)
      return readStatusVariables(cursor, length);
    const { bytes, position } = cursor;
    let place = length;
    for (let i = 0; i < FIRST_BYTES; i += 1) place ^= bytes[position + i]!;
    place &= PLACES - 1;
    const known = this.#places[place];
    if (known === undefined || known.bytes.length !== length || !isSame(known, bytes, position)) {
      const status = readStatusVariables(cursor, length);
      this.#places[place] = remember(status.bytes);
      return status;
    }
    const { status, timeAt } = known;
    const block = cursor.view(length);
    if (timeAt >= length) return { ...status, bytes: block };
    const at = position + timeAt;
    return {
      ...status,
      bytes: block,
      microseconds: bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16),
    };
  }
}

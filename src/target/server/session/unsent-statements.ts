import type { Outcome } from '../../../connection/index.ts';
import { type ErrorContext, LimitError, type ServerError } from '../../../errors/index.ts';
import type { ConflictError } from '../../conflict.ts';

/** Makes of a server's error what it means. */
export type Explain = (error: ServerError) => Error;

/** Of a statement that waited too long for its turn: nothing is wrong, and its transaction is done again. */
export const lateTurn: Explain = (error) => error;

/** Which rows of a statement that succeeded were not as the source had them, one error each. */
export type CountConflicts = (outcome: Outcome) => readonly ConflictError[];

/** Several statements that are sent as one. */
export interface Command {
  /** Each statement with a semicolon before it. */
  readonly bytes: Buffer;
  readonly statements: number;
  /** What a failure of its statements means, by their number. */
  readonly explain: readonly (Explain | undefined)[];
  /** Where each of them comes from in the source's log; undefined: nobody said. */
  readonly places: readonly (ErrorContext | undefined)[];
  /** Conflicts of its statements, by their number; undefined: nobody counts. */
  readonly conflicts: readonly (CountConflicts | undefined)[] | undefined;
}

/** What goes with a statement. */
export interface StatementMeaning {
  readonly explain?: Explain | undefined;
  readonly conflicts?: CountConflicts | undefined;
  /** It asks what the statement before it did, and comes in one command with that. */
  readonly isTied?: boolean;
}

interface Part {
  readonly statement: string | Buffer;
  /** With its semicolon. */
  readonly bytes: number;
  readonly isTied: boolean;
  readonly place: ErrorContext | undefined;
  readonly explain: Explain | undefined;
  readonly conflicts: CountConflicts | undefined;
}

const SEPARATOR = 0x3b;

/** Statements that wait to be sent, and may be taken back until they are. */
export class UnsentStatements {
  /** Of what is added from now on: one transaction of the target may be several of the source. */
  place: ErrorContext | undefined;
  #parts: Part[] = [];
  #bytes = 0;

  /** Their bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many: a place for {@link insert} and {@link truncate}. */
  get length(): number {
    return this.#parts.length;
  }

  add(statement: string | Buffer, { explain, conflicts, isTied = false }: StatementMeaning = {}): void {
    const bytes = Buffer.byteLength(statement) + 1;
    this.#parts.push({ statement, bytes, isTied, place: this.place, explain, conflicts });
    this.#bytes += bytes;
  }

  /** Puts a statement before those that were added since. */
  insert(at: number, statement: string): void {
    const bytes = Buffer.byteLength(statement) + 1;
    const { place } = this;
    const part = { statement, bytes, isTied: false, place, explain: undefined, conflicts: undefined };
    this.#parts.splice(at, 0, part);
    this.#bytes += bytes;
  }

  /** Takes back what was added since. */
  truncate(at: number): void {
    for (const { bytes } of this.#parts.splice(at)) this.#bytes -= bytes;
  }

  /**
   * The first of them, as many as a command of `most` bytes holds, and begins anew behind those.
   *
   * @throws LimitError one is longer by itself
   */
  take(most: number = Number.POSITIVE_INFINITY): Command {
    const parts = this.#parts.splice(0, this.#bytes <= most ? this.#parts.length : this.#fitting(most));
    const bytes = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + part.bytes, 0));
    let at = 0;
    for (const { statement } of parts) {
      bytes[at] = SEPARATOR;
      at += 1;
      at += typeof statement === 'string' ? bytes.write(statement, at) : statement.copy(bytes, at);
    }
    this.#bytes -= at;
    return {
      bytes,
      statements: parts.length,
      explain: parts.map(({ explain }) => explain),
      places: parts.map(({ place }) => place),
      conflicts: parts.some(({ conflicts }) => conflicts !== undefined)
        ? parts.map(({ conflicts }) => conflicts)
        : undefined,
    };
  }

  /** How many of them a command of `most` bytes holds. */
  #fitting(most: number): number {
    let length = 0;
    let fitting = 0;
    for (const [index, { bytes }] of this.#parts.entries()) {
      length += bytes;
      if (length > most) break;
      if (this.#parts[index + 1]?.isTied !== true) fitting = index + 1;
    }
    if (fitting > 0) return fitting;
    throw new LimitError(`a statement of ${length} bytes is more than the target takes in a packet`, {
      hint: 'Set max_allowed_packet of the target to 1G.',
    });
  }
}

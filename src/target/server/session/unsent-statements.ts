import type { Outcome } from '../../../connection/index.ts';
import type { ServerError } from '../../../errors/index.ts';
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
  /** Conflicts of its statements, by their number; undefined: nobody counts. */
  readonly conflicts: readonly (CountConflicts | undefined)[] | undefined;
}

interface Part {
  readonly statement: string | Buffer;
  readonly explain: Explain | undefined;
  readonly conflicts: CountConflicts | undefined;
}

const SEPARATOR = 0x3b;

/** Statements that wait to be sent, and may be taken back until they are. */
export class UnsentStatements {
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

  add(statement: string | Buffer, explain?: Explain, conflicts?: CountConflicts): void {
    this.#parts.push({ statement, explain, conflicts });
    this.#bytes += Buffer.byteLength(statement) + 1;
  }

  /** Puts a statement before those that were added since. */
  insert(at: number, statement: string): void {
    this.#parts.splice(at, 0, { statement, explain: undefined, conflicts: undefined });
    this.#bytes += Buffer.byteLength(statement) + 1;
  }

  /** Takes back what was added since. */
  truncate(at: number): void {
    for (const { statement } of this.#parts.splice(at)) this.#bytes -= Buffer.byteLength(statement) + 1;
  }

  /** All of them, and begins anew. */
  take(): Command {
    const parts = this.#parts;
    const bytes = Buffer.allocUnsafe(this.#bytes);
    let at = 0;
    for (const { statement } of parts) {
      bytes[at] = SEPARATOR;
      at += 1;
      at += typeof statement === 'string' ? bytes.write(statement, at) : statement.copy(bytes, at);
    }
    const command = {
      bytes,
      statements: parts.length,
      explain: parts.map(({ explain }) => explain),
      conflicts: parts.some(({ conflicts }) => conflicts !== undefined)
        ? parts.map(({ conflicts }) => conflicts)
        : undefined,
    };
    this.#parts = [];
    this.#bytes = 0;
    return command;
  }
}

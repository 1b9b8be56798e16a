import type { Outcome } from '../../connection/index.ts';
import type { ServerError } from '../../errors/index.ts';
import type { ConflictError } from '../conflict.ts';

/** Makes of a server's error what it means. */
export type Explain = (error: ServerError) => Error;

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
  readonly bytes: Buffer;
  readonly explain: Explain | undefined;
  readonly conflicts: CountConflicts | undefined;
}

const SEPARATOR = Buffer.from(';');

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
    const bytes = typeof statement === 'string' ? Buffer.from(statement) : statement;
    this.#parts.push({ bytes, explain, conflicts });
    this.#bytes += bytes.length + 1;
  }

  /** Puts a statement before those that were added since. */
  insert(at: number, statement: string): void {
    const bytes = Buffer.from(statement);
    this.#parts.splice(at, 0, { bytes, explain: undefined, conflicts: undefined });
    this.#bytes += bytes.length + 1;
  }

  /** Takes back what was added since. */
  truncate(at: number): void {
    for (const { bytes } of this.#parts.splice(at)) this.#bytes -= bytes.length + 1;
  }

  /** All of them, and begins anew. */
  take(): Command {
    const command = {
      bytes: Buffer.concat(this.#parts.flatMap(({ bytes }) => [SEPARATOR, bytes])),
      statements: this.#parts.length,
      explain: this.#parts.map(({ explain }) => explain),
      conflicts: this.#parts.some(({ conflicts }) => conflicts !== undefined)
        ? this.#parts.map(({ conflicts }) => conflicts)
        : undefined,
    };
    this.truncate(0);
    return command;
  }
}

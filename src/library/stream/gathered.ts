import { savepointName } from '../../sql/index.ts';
import type { StreamChange } from './stream-change.ts';

/** A statement of a log: a definition, or a change that was logged as a statement. */
export interface LoggedStatement {
  /** The default database. */
  readonly schema: string;
  /** Decoded from the character set of the client that sent it. */
  readonly statement: string;
}

interface Savepoint {
  readonly name: string;
  readonly logged: LoggedStatement;
  readonly changes: number;
  statements: number;
}

/** What only frames a transaction. */
const frames = /^(BEGIN|COMMIT|XA (START|END)\b.*)$/s;

/**
 * Changes and statements of a transaction that is under way. What its source took back to a savepoint, or as a whole, is in the log where
 * the transaction did something that cannot be taken back: made a temporary table, say, or changed a table without transactions.
 */
export class Gathered {
  readonly changes: StreamChange[] = [];
  readonly statements: LoggedStatement[] = [];
  #savepoints: Savepoint[] = [];

  get isEmpty(): boolean {
    return this.changes.length === 0 && this.statements.length === 0;
  }

  /** The next statement of the log, those that frame the transaction among them. */
  note(logged: LoggedStatement): void {
    const { statement } = logged;
    if (statement.startsWith('SAVEPOINT ')) this.#set(nameIn(statement), logged);
    else if (statement === 'ROLLBACK') this.#takeBack(logged);
    else if (statement.startsWith('ROLLBACK TO ')) this.#takeBackTo(nameIn(statement), logged);
    else if (!frames.test(statement)) this.statements.push(logged);
  }

  /** One of the same name is not there any more. */
  #set(name: string, logged: LoggedStatement): void {
    this.#savepoints = this.#savepoints.filter((savepoint) => savepoint.name !== name);
    this.#savepoints.push({
      name,
      logged,
      changes: this.changes.length,
      statements: this.statements.length,
    });
  }

  #takeBackTo(name: string, logged: LoggedStatement): void {
    const index = this.#savepoints.findIndex((savepoint) => savepoint.name === name);
    const savepoint = this.#savepoints[index];
    if (savepoint === undefined) return;
    this.#savepoints.length = index + 1;
    this.changes.length = savepoint.changes;
    if (this.statements.length === savepoint.statements) return;
    // A statement may have changed a table without transactions: only its reader can know what is left of it.
    this.statements.splice(savepoint.statements, 0, savepoint.logged);
    this.statements.push(logged);
    savepoint.statements = this.statements.length;
  }

  #takeBack(logged: LoggedStatement): void {
    this.changes.length = 0;
    if (this.statements.length > 0) this.statements.push(logged);
  }
}

/** Names of savepoints have no case. */
const nameIn = (statement: string): string => savepointName(statement).toLowerCase();

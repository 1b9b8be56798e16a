import { setTimeout as pause } from 'node:timers/promises';
import type { Connection, Pipeline } from '../../connection/index.ts';
import { ConnectionError, type ErrorContext, RowlockError, ServerError } from '../../errors/index.ts';

/** ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK, ER_CHECKREAD (MariaDB, innodb_snapshot_isolation): somebody else was first. */
const RETRIED: ReadonlySet<number> = new Set([1205, 1213, 1020]);
/** `replica_transaction_retries`. */
const DEFAULT_RETRIES = 10;
/** Between tries MySQL's applier waits as many seconds as it has tried, at most this many (MAX_SLAVE_RETRY_PAUSE). */
const MAX_PAUSE_SECONDS = 5;
/** Commands sent ahead of their answers. Measured: beyond a few dozen nothing is gained. */
const WINDOW = 64;
/** Bytes of commands that are kept, so that their transaction can be tried again. */
const RETAINED_LIMIT = 64 * 1024 * 1024;

/** Statements with semicolons before them. */
interface Command {
  readonly bytes: Buffer;
  readonly statements: number;
  /** What a failure of its statements means, by their number. */
  readonly explain: readonly (Explain | undefined)[];
}

/** Makes of a server's error what it means. */
type Explain = (error: ServerError) => Error;

interface Sent {
  readonly command: Command;
  readonly number: number;
  readonly transaction: SentTransaction;
  readonly isLast: boolean;
}

/** A transaction of the target, as commands. */
interface SentTransaction {
  readonly context: ErrorContext;
  commands: Command[];
  bytes: number;
  firstNumber: number;
  isWhole: boolean;
  tries: number;
}

const SEPARATOR = Buffer.from(';');

/**
 * Transactions of one session, sent ahead of the answers.
 *
 * Each command is several statements and begins by asking whether the one before it succeeded: when one fails, none of those behind it
 * does anything, and they are sent again once the transaction that failed has been.
 */
export class StatementStream {
  readonly #connection: Connection;
  readonly #retries: number;
  #pipeline: Pipeline | undefined;
  #parts: { readonly bytes: Buffer; readonly explain: Explain | undefined }[] = [];
  #bytes = 0;
  #number = 0;
  readonly #sent: Sent[] = [];
  #open: SentTransaction | undefined;
  #retried = 0;

  constructor(connection: Connection, retries: number = DEFAULT_RETRIES) {
    this.#connection = connection;
    this.#retries = retries;
  }

  /** Transactions that were tried again. */
  get retried(): number {
    return this.#retried;
  }

  /** Bytes added and not sent. */
  get pending(): number {
    return this.#bytes;
  }

  /** Whether part of a transaction has been sent, and its end has not. */
  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** How many statements wait to be sent: a place for {@link insert} and {@link truncate}. */
  get length(): number {
    return this.#parts.length;
  }

  add(statement: string | Buffer, explain?: Explain): void {
    const bytes = typeof statement === 'string' ? Buffer.from(statement) : statement;
    this.#parts.push({ bytes, explain });
    this.#bytes += bytes.length + 1;
  }

  /** Puts a statement before those that were added since. */
  insert(at: number, statement: string): void {
    const bytes = Buffer.from(statement);
    this.#parts.splice(at, 0, { bytes, explain: undefined });
    this.#bytes += bytes.length + 1;
  }

  /** Takes back what was added since. */
  truncate(at: number): void {
    for (const { bytes } of this.#parts.splice(at)) this.#bytes -= bytes.length + 1;
  }

  /** Sends what was added. `isLast`: it ends the transaction. */
  async send(isLast: boolean, context: ErrorContext): Promise<void> {
    if (this.#parts.length === 0 && this.#open === undefined) return;
    const command = {
      bytes: Buffer.concat(this.#parts.flatMap(({ bytes }) => [SEPARATOR, bytes])),
      statements: this.#parts.length,
      explain: this.#parts.map(({ explain }) => explain),
    };
    this.#parts = [];
    this.#bytes = 0;
    this.#open ??= {
      context,
      commands: [],
      bytes: 0,
      firstNumber: this.#number,
      isWhole: true,
      tries: 0,
    };
    const transaction = this.#open;
    transaction.commands.push(command);
    transaction.bytes += command.bytes.length;
    if (transaction.bytes > RETAINED_LIMIT) {
      transaction.isWhole = false;
      transaction.commands = [];
    }
    if (isLast) this.#open = undefined;
    await this.#transmit(command, transaction, isLast);
    await this.#settle(WINDOW);
  }

  /** Waits until everything that was sent has succeeded. @throws ServerError, ConnectionError */
  async settled(): Promise<void> {
    await this.#settle(0);
    this.#pipeline?.end();
    this.#pipeline = undefined;
  }

  /** Forgets what is under way, whatever became of it; the session has no transaction open then, or is lost. */
  async abandon(): Promise<void> {
    this.#parts = [];
    this.#bytes = 0;
    this.#open = undefined;
    await this.#discardAnswers().catch(() => undefined);
    if (this.#pipeline?.unanswered === 0) this.#pipeline.end();
    this.#pipeline = undefined;
    this.#sent.length = 0;
    await this.#connection.query('ROLLBACK').catch(() => undefined);
  }

  async #transmit(command: Command, transaction: SentTransaction, isLast: boolean): Promise<void> {
    if (this.#pipeline === undefined) {
      // A number that no session has had: what another one left says nothing here.
      await this.#connection.query(`SET @rowlock = ${this.#number}`);
      this.#pipeline = this.#connection.pipeline();
    }
    const number = this.#number;
    this.#number += 1;
    const guard = `SET @rowlock = IF(@rowlock = ${number}, NULL, (SELECT 1 UNION ALL SELECT 2))`;
    this.#pipeline.add(
      Buffer.concat([Buffer.from(guard), command.bytes, Buffer.from(`;SET @rowlock = ${number + 1}`)]),
      command.statements + 2,
    );
    this.#sent.push({ command, number, transaction, isLast });
    await this.#pipeline.flush();
  }

  async #settle(most: number): Promise<void> {
    while (this.#sent.length > most) {
      const head = this.#sent[0]!;
      try {
        // oxlint-disable-next-line no-await-in-loop -- answers come one after the other
        await this.#pipeline!.answer();
        this.#sent.shift();
      } catch (error) {
        // oxlint-disable-next-line no-await-in-loop -- before anything else is asked
        await this.#recover(error, head);
      }
    }
  }

  async #recover(error: unknown, { transaction, command }: Sent): Promise<void> {
    if (error instanceof RowlockError) error.at(transaction.context);
    if (!(error instanceof ServerError)) throw error;
    // The guard comes before the command's own statements.
    const explain = command.explain[this.#pipeline!.answered - 1];
    const waiting = this.#sent.filter((sent) => sent.transaction !== transaction);
    const isEnded = this.#sent.some((sent) => sent.transaction === transaction && sent.isLast);
    this.#sent.shift();
    await this.#discardAnswers();
    this.#pipeline!.end();
    this.#pipeline = undefined;
    await this.#connection.query('ROLLBACK');
    transaction.tries += 1;
    const isRetried = RETRIED.has(error.errno) && transaction.isWhole && transaction.tries <= this.#retries;
    if (!isRetried) {
      this.#open = undefined;
      const explained = explain?.(error) ?? error;
      throw explained instanceof RowlockError ? explained.at(transaction.context) : explained;
    }
    this.#retried += 1;
    await pause(Math.min(transaction.tries - 1, MAX_PAUSE_SECONDS) * 1000);
    this.#number = transaction.firstNumber;
    const { commands } = transaction;
    for (const [index, command] of commands.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      await this.#transmit(command, transaction, isEnded && index === commands.length - 1);
    }
    for (const { command, transaction: next, isLast } of waiting) {
      if (next.commands[0] === command) next.firstNumber = this.#number;
      // oxlint-disable-next-line no-await-in-loop -- in order
      await this.#transmit(command, next, isLast);
    }
  }

  /** The rest of what was sent has failed too, each because the one before it did. */
  async #discardAnswers(): Promise<void> {
    const pipeline = this.#pipeline;
    while (pipeline !== undefined && pipeline.unanswered > 0) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- answers come one after the other
        await pipeline.answer();
      } catch (error) {
        if (error instanceof ConnectionError || !(error instanceof ServerError)) throw error;
      }
    }
    this.#sent.length = 0;
  }
}

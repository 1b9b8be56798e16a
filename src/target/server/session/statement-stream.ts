import { setTimeout as pause } from 'node:timers/promises';
import type { Connection, Outcome, Pipeline } from '../../../connection/index.ts';
import { type ErrorContext, RowlockError, ServerError } from '../../../errors/index.ts';
import type { ConflictError } from '../../conflict.ts';
import type { TargetRetry } from '../../target.ts';
import { guarded, numberStatement } from './command-guard.ts';
import { SHORT_LOCK_WAIT, turnSeconds } from './patience.ts';
import { Turns } from './turns.ts';
import { type Command, lateTurn, UnsentStatements } from './unsent-statements.ts';

/** ER_LOCK_WAIT_TIMEOUT */
const LOCK_WAIT_TIMEOUT = 1205;
/** And ER_LOCK_DEADLOCK, ER_CHECKREAD (MariaDB, innodb_snapshot_isolation): somebody else was first. */
const RETRIED: ReadonlySet<number> = new Set([LOCK_WAIT_TIMEOUT, 1213, 1020]);
/** `replica_transaction_retries`. */
const DEFAULT_RETRIES = 10;
/** Between tries MySQL's applier waits as many seconds as it has tried, at most this many (MAX_SLAVE_RETRY_PAUSE). */
const MAX_PAUSE_SECONDS = 5;
/** Commands sent ahead of their answers. Measured: beyond a few dozen nothing is gained. */
const WINDOW = 64;
/** Bytes of commands that are sent at once: what has been added by then, or when nothing else is left to be done. A TLS record. */
const WRITE_BYTES = 16 * 1024;
/** Bytes of commands that are kept, by all sessions of a target, so that their transactions can be tried again. */
const RETAINED_LIMIT = 64 * 1024 * 1024;
/** Transactions of no more bytes are kept in any case: they may come late to their turn. */
const SMALL_BYTES = 64 * 1024;

/** What sessions of one target share. */
export interface Retained {
  bytes: number;
}

interface Sent {
  readonly command: Command;
  /** Answers that come before those of the command's own statements. */
  readonly ahead: number;
  readonly transaction: SentTransaction;
  readonly isLast: boolean;
  /** How long locks are waited for behind it, seconds; undefined: as in it. */
  readonly lockWait: number | undefined;
}

/** Which transaction of the source it is. */
export interface SentContext {
  /** For messages. */
  readonly place: ErrorContext;
  /** Undefined: anonymous. */
  readonly gtid: string | undefined;
}

/** A transaction of the target, as commands. */
interface SentTransaction {
  readonly context: SentContext;
  commands: Command[];
  bytes: number;
  isWhole: boolean;
  tries: number;
  /** How often it came late to its turn. */
  lates: number;
  /** How long it waits for locks: that is asked for along with a command, and so once that has been answered. */
  patience: 'short' | 'asked' | 'long';
  onDone: (() => void) | undefined;
  /** Of the commands that have succeeded. */
  conflicts: ConflictError[];
}

/** What a stream tells, while nobody waits for it. */
export interface StreamEvents {
  /** A transaction has waited for a lock, and waits again: whoever is behind it lets go. */
  waits?(): Promise<void>;
  /** A transaction is about to be tried again: whoever is in its way lets go. */
  retries?(retry: TargetRetry): Promise<void>;
  /** A row was not as the source had it, and its transaction is committed. */
  conflict?(error: ConflictError): void;
  /** Nothing more comes of what was sent. */
  failed?(error: unknown): void;
}

export interface StreamSettings {
  /** How often a transaction is tried again. Default 10. */
  readonly retries?: number | undefined;
  /** Seconds that others wait for a lock, where this session is not to do so at once; default: it does. */
  readonly lockWait?: number | undefined;
  readonly events?: StreamEvents | undefined;
  readonly retained?: Retained | undefined;
}

/**
 * Transactions of one session, sent ahead of the answers.
 *
 * Each command is several statements and begins by asking whether the one before it succeeded: when one fails, none of those behind it
 * does anything, and they are sent again once the transaction that failed has been. Answers are read as they come: a server that cannot
 * give them away takes no commands any more.
 */
export class StatementStream {
  /** What is to be sent next. */
  readonly unsent: UnsentStatements = new UnsentStatements();
  readonly #connection: Connection;
  readonly #retries: number;
  readonly #lockWait: number | undefined;
  readonly #events: StreamEvents;
  readonly #retained: Retained;
  #pipeline: Pipeline | undefined;
  #number = 0;
  /** Whether the session knows {@link #number}. */
  #isNumbered = false;
  readonly #sent: Sent[] = [];
  #open: SentTransaction | undefined;
  #retried = 0;
  #lastRetry: TargetRetry | undefined;
  #reading: Promise<void> | undefined;
  /** Whoever writes to the connection, or asks it, has it to itself. */
  readonly #turns = new Turns();
  #failure: { readonly error: unknown } | undefined;
  #isAbandoned = false;
  #isRepairing = false;
  /** There while the socket is full. */
  #drained: Promise<void> | undefined;
  /** The open transaction has been taken back, and waits to be sent anew. */
  #isWithdrawn = false;
  #waiting: (() => void)[] = [];
  #writing: NodeJS.Immediate | undefined;
  /** Sends what was added. Not waited for here: whoever sends may be the one who reads. */
  readonly #write = (): void => {
    if (this.#writing !== undefined) clearImmediate(this.#writing);
    this.#writing = undefined;
    this.#drained = this.#pipeline?.flush();
  };

  constructor(connection: Connection, settings: StreamSettings = {}) {
    const { retries = DEFAULT_RETRIES, lockWait = 0, events = {}, retained = { bytes: 0 } } = settings;
    this.#connection = connection;
    this.#retries = retries;
    this.#lockWait = lockWait > SHORT_LOCK_WAIT ? lockWait : undefined;
    this.#events = events;
    this.#retained = retained;
  }

  /** Transactions that were tried again. */
  get retried(): number {
    return this.#retried;
  }

  /** The last time that one was. */
  get lastRetry(): TargetRetry | undefined {
    return this.#lastRetry;
  }

  /** Whether the open transaction, with what is to be sent next, can be done again whatever else is kept. */
  get isSmall(): boolean {
    return this.unsent.bytes + (this.#open?.bytes ?? 0) <= SMALL_BYTES;
  }

  /** Lets go of what has been added and not been written yet. */
  push(): void {
    if (this.#writing !== undefined) this.#write();
  }

  /**
   * Sends what was added, and waits while too much is unanswered.
   *
   * @param isLast it ends the transaction
   * @param onDone told when the transaction has succeeded
   */
  async send(isLast: boolean, context: SentContext, onDone?: () => void): Promise<void> {
    if (this.unsent.length === 0 && this.#open === undefined) return onDone?.();
    const command = this.unsent.take();
    const isFree = this.#turns.areFree && this.#isNumbered && !this.#isWithdrawn;
    if (isFree) this.#transmit(command, this.#enlist(command, isLast, context, onDone), isLast);
    else
      await this.#turns.take(async () => {
        const transaction = this.#enlist(command, isLast, context, onDone);
        if (!this.#isWithdrawn) {
          await this.#numbered(transaction);
          this.#transmit(command, transaction, isLast);
        } else if (isLast) await this.#resend(transaction, true);
      });
    // Answers are read meanwhile: a server that cannot give them away reads nothing more.
    if (this.#drained !== undefined) await this.#drained;
    if (this.#sent.length > WINDOW || this.#isRepairing) await this.#answered(WINDOW);
  }

  /** Which transaction a command belongs to. */
  #enlist(
    command: Command,
    isLast: boolean,
    context: SentContext,
    onDone: (() => void) | undefined,
  ): SentTransaction {
    this.#throwFailure();
    const transaction = this.#retain(command, context);
    if (isLast) {
      this.#open = undefined;
      transaction.onDone = onDone;
    }
    return transaction;
  }

  /** Waits until everything that was sent has succeeded. @throws ServerError, ConnectionError */
  async settled(): Promise<void> {
    await this.#answered(0);
    this.#endPipeline();
  }

  /** Takes the open transaction back, so that its locks are free, until its end is sent. Nothing happens where it cannot be sent again. */
  async withdraw(): Promise<void> {
    const transaction = this.#open;
    if (transaction?.isWhole !== true) return;
    // It has not begun yet where one before it waits for its turn, perhaps for the very one that is to be let through.
    if (this.#sent.some(({ command }) => command.explain.includes(lateTurn))) return;
    let isDone = false;
    while (!isDone) {
      // oxlint-disable-next-line no-await-in-loop -- more may have been sent meanwhile
      await this.#answered(0);
      // oxlint-disable-next-line no-await-in-loop -- more may have been sent meanwhile
      isDone = await this.#turns.take(async () => {
        if (this.#open !== transaction || this.#isWithdrawn || !transaction.isWhole) return true;
        if (this.#sent.length > 0) return false;
        this.#endPipeline();
        this.#isWithdrawn = true;
        await this.#connection.query('ROLLBACK');
        return true;
      });
    }
  }

  /** Forgets what is under way, whatever became of it; the session has no transaction open then, or is lost. */
  async abandon(): Promise<void> {
    this.unsent.truncate(0);
    this.#open = undefined;
    this.#isAbandoned = true;
    await this.#reading;
    if (this.#pipeline?.unanswered === 0) this.#endPipeline();
    await this.#connection.query('ROLLBACK').catch(() => undefined);
  }

  /** Keeps a command with its transaction. */
  #retain(command: Command, context: SentContext): SentTransaction {
    this.#open ??= {
      context,
      commands: [],
      bytes: 0,
      isWhole: true,
      tries: 0,
      lates: 0,
      patience: 'short',
      onDone: undefined,
      conflicts: [],
    };
    const transaction = this.#open;
    if (!transaction.isWhole) return transaction;
    transaction.commands.push(command);
    transaction.bytes += command.bytes.length;
    this.#retained.bytes += command.bytes.length;
    // What waited too short a time must be there to be sent again.
    const mayFail = this.#lockWait !== undefined && transaction.patience !== 'long';
    const isLarge = transaction.bytes > SMALL_BYTES && !mayFail;
    if (isLarge && this.#retained.bytes > RETAINED_LIMIT && !this.#isWithdrawn) {
      transaction.isWhole = false;
      this.#release(transaction);
    }
    return transaction;
  }

  #release(transaction: SentTransaction): void {
    transaction.commands = [];
    this.#retained.bytes -= transaction.bytes;
    transaction.bytes = 0;
  }

  /** Tells the session the number of the next command, and how long to wait. What another session left under that name says nothing here. */
  async #numbered(transaction: SentTransaction): Promise<void> {
    if (this.#isNumbered) return;
    const short = this.#lockWait && SHORT_LOCK_WAIT;
    const lock = transaction.patience === 'short' ? short : this.#lockWait;
    await this.#connection.query(
      numberStatement(this.#number, { turn: turnSeconds(transaction.lates), lock }),
    );
    if (transaction.patience === 'asked') transaction.patience = 'long';
    this.#isNumbered = true;
  }

  /** How long locks are waited for behind the next command of a transaction, seconds; undefined: as long as in it. */
  #lockWaitBehind(transaction: SentTransaction, isLast: boolean): number | undefined {
    if (this.#lockWait === undefined) return undefined;
    if (isLast) return transaction.patience === 'short' ? undefined : SHORT_LOCK_WAIT;
    if (transaction.bytes <= SMALL_BYTES || transaction.patience !== 'short') return undefined;
    transaction.patience = 'asked';
    return this.#lockWait;
  }

  #transmit(command: Command, transaction: SentTransaction, isLast: boolean): void {
    this.#pipeline ??= this.#connection.pipeline();
    const number = this.#number;
    this.#number += 1;
    const lockWait = this.#lockWaitBehind(transaction, isLast);
    const { pieces, statements, ahead } = guarded(command, number, lockWait);
    this.#pipeline.add(pieces, statements);
    this.#sent.push({ command, ahead, transaction, isLast, lockWait });
    this.#reading ??= this.#read();
    if (this.#pipeline.unsent >= WRITE_BYTES) this.#write();
    else this.#writing ??= setImmediate(this.#write);
  }

  async #resend(transaction: SentTransaction, isEnded: boolean): Promise<void> {
    this.#isWithdrawn = false;
    transaction.conflicts = [];
    const { commands } = transaction;
    await this.#numbered(transaction);
    for (const [index, command] of commands.entries())
      this.#transmit(command, transaction, isEnded && index === commands.length - 1);
  }

  /** Waits until at most so many commands have no answer. */
  async #answered(most: number): Promise<void> {
    for (;;) {
      this.#throwFailure();
      if (this.#sent.length <= most && !this.#isRepairing) return;
      this.push();
      // oxlint-disable-next-line no-await-in-loop -- until there is news
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #tell(): void {
    for (const tell of this.#waiting.splice(0)) tell();
  }

  #endPipeline(): void {
    this.#pipeline?.end();
    this.#pipeline = undefined;
  }

  /** Reads answers until there are none to come. */
  async #read(): Promise<void> {
    while (this.#sent.length > 0) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- answers come one after the other
        await this.#pipeline!.answer(conflictsOf(this.#sent[0]!));
        const { transaction, isLast, lockWait } = this.#sent.shift()!;
        if (lockWait !== undefined && lockWait === this.#lockWait) transaction.patience = 'long';
        if (isLast) {
          this.#release(transaction);
          for (const conflict of transaction.conflicts) this.#events.conflict?.(conflict);
          transaction.onDone?.();
        }
      } catch (error) {
        // oxlint-disable-next-line no-await-in-loop -- before anything else is asked
        await this.#repair(error, this.#sent[0]!);
      }
      this.#tell();
    }
    this.#reading = undefined;
  }

  /** Sends again what failed and what came behind it, or says that nothing more comes of it. */
  async #repair(error: unknown, head: Sent): Promise<void> {
    this.#isRepairing = true;
    try {
      await this.#turns.take(() => this.#recover(error, head));
    } catch (failure) {
      this.#failure = { error: failure };
      this.#sent.length = 0;
      this.#events.failed?.(failure);
    } finally {
      this.#isRepairing = false;
    }
  }

  async #recover(error: unknown, { transaction, command, ahead }: Sent): Promise<void> {
    if (error instanceof RowlockError) error.at(transaction.context.place);
    if (!(error instanceof ServerError)) throw error;
    const explain = command.explain[this.#pipeline!.answered - ahead];
    const waiting = this.#sent.filter((sent) => sent.transaction !== transaction);
    const isEnded = this.#sent.some((sent) => sent.transaction === transaction && sent.isLast);
    await this.#discardAnswers();
    this.#endPipeline();
    this.#isNumbered = false;
    await this.#connection.query('ROLLBACK');
    const isLate = explain === lateTurn;
    const isImpatient =
      this.#lockWait !== undefined && error.errno === LOCK_WAIT_TIMEOUT && transaction.patience !== 'long';
    const isOften = isLate || isImpatient;
    if (isLate) transaction.lates += 1;
    else if (isImpatient) transaction.patience = 'asked';
    else transaction.tries += 1;
    const isRetried =
      (isOften || (RETRIED.has(error.errno) && transaction.tries <= this.#retries)) && transaction.isWhole;
    if (isRetried && isImpatient && !this.#isAbandoned) await this.#events.waits?.();
    if (isRetried && !isOften && !this.#isAbandoned) {
      this.#retried += 1;
      const { errno, message } = error;
      this.#lastRetry = {
        gtid: transaction.context.gtid,
        errno,
        message,
        at: Date.now(),
        tries: transaction.tries,
      };
      await this.#events.retries?.(this.#lastRetry);
      await pause(Math.min(transaction.tries - 1, MAX_PAUSE_SECONDS) * 1000);
    }
    if (!isRetried || this.#isAbandoned) {
      this.#open = undefined;
      const explained = explain?.(error) ?? error;
      throw explained instanceof RowlockError ? explained.at(transaction.context.place) : explained;
    }
    await this.#resend(transaction, isEnded);
    for (const sent of waiting) sent.transaction.patience = 'short';
    for (const { command: next, transaction: of, isLast } of waiting) this.#transmit(next, of, isLast);
  }

  /** The rest of what was sent has failed too, each because the one before it did. */
  async #discardAnswers(): Promise<void> {
    const pipeline = this.#pipeline;
    this.#write();
    while (pipeline !== undefined && pipeline.unanswered > 0) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- answers come one after the other
        await pipeline.answer();
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
      }
    }
    this.#sent.length = 0;
  }
}

/** Notes which rows were not as the source had them. */
function conflictsOf({
  ahead,
  command: { conflicts },
  transaction,
}: Sent): ((outcome: Outcome, index: number) => void) | undefined {
  if (conflicts === undefined) return undefined;
  return (outcome, index) => transaction.conflicts.push(...(conflicts[index - ahead]?.(outcome) ?? []));
}

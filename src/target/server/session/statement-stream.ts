import { type Connection, Turns } from '../../../connection/index.ts';
import { RowlockError, ServerError } from '../../../errors/index.ts';
import type { TargetRetry } from '../../target.ts';
import { CommandQueue, type QueuedCommand } from './command-queue.ts';
import { FailedTransaction } from './failed-transaction.ts';
import { GuardedPipeline } from './guarded-pipeline.ts';
import { ALWAYS_RETAINED_BYTES, type HeldBytes, QUEUED_LIMIT, RETAINED_LIMIT } from './held-bytes.ts';
import { News } from './news.ts';
import { conflictsOf, type SentCommand } from './sent-command.ts';
import { type SentContext, SentTransaction } from './sent-transaction.ts';
import { SessionPatience } from './session-patience.ts';
import type { StreamEvents, StreamSettings } from './stream-settings.ts';
import { TransactionRetries } from './transaction-retries.ts';
import { type Command, lateTurn, UnsentStatements } from './unsent-statements.ts';

/** Commands that are under way, of small transactions. Measured: beyond a few dozen nothing is gained. */
const WINDOW = 64;
/** More than stands around the statements of a command. */
const GUARD_BYTES = 512;

/**
 * Transactions of one session, sent ahead of the answers.
 *
 * When one fails, what comes behind it is sent again once the transaction that failed has been. Answers are read as they come: a server
 * that cannot give them away takes no commands any more.
 */
export class StatementStream {
  /** What is to be sent next. */
  readonly unsent: UnsentStatements = new UnsentStatements();
  readonly #connection: Connection;
  readonly #pipeline: GuardedPipeline;
  readonly #retries: TransactionRetries;
  readonly #patience: SessionPatience;
  readonly #failed: FailedTransaction;
  readonly #events: StreamEvents;
  readonly #held: HeldBytes;
  readonly #isBehind: () => boolean;
  /** Bytes of one command. */
  readonly #most: number;
  /** What the server has not taken yet, and what it has and did not answer. */
  readonly #queue: CommandQueue;
  readonly #sent: SentCommand[] = [];
  #open: SentTransaction | undefined;
  #done = 0;
  #reading: Promise<void> | undefined;
  /** Whoever writes to the connection, or asks it, has it to itself. */
  readonly #turns = new Turns();
  readonly #news = new News();
  #failure: { readonly error: unknown } | undefined;
  #isAbandoned = false;
  #isRepairing = false;
  /** The open transaction is about to be taken back. */
  #isHeld = false;
  /** It has been taken back, and waits to be sent anew. */
  #isWithdrawn = false;

  constructor(connection: Connection, settings: StreamSettings = {}) {
    const { retries, lockWait, events = {}, isBehind = () => false } = settings;
    const { maxPacket = Number.POSITIVE_INFINITY } = settings;
    this.#most = maxPacket - GUARD_BYTES;
    this.#connection = connection;
    this.#pipeline = new GuardedPipeline(connection, () => this.#transmit());
    this.#retries = new TransactionRetries(retries);
    this.#patience = new SessionPatience(lockWait);
    this.#failed = new FailedTransaction(this.#retries, this.#patience, events);
    this.#events = events;
    this.#isBehind = isBehind;
    this.#held = settings.held ?? { retained: 0, queued: 0 };
    this.#queue = new CommandQueue(this.#held);
  }

  /** Transactions that were tried again. */
  get retried(): number {
    return this.#retries.count;
  }

  /** The last time that one was. */
  get lastRetry(): TargetRetry | undefined {
    return this.#retries.last;
  }

  /** Whether the open transaction, with what is to be sent next, can be done again whatever else is kept. */
  get isSmall(): boolean {
    return this.unsent.bytes + (this.#open?.bytes ?? 0) <= ALWAYS_RETAINED_BYTES;
  }

  /** Lets go of what has been added and not been written yet. */
  push(): void {
    this.#pipeline.push();
  }

  /** Commands that the server has carried out. */
  get done(): number {
    return this.#done;
  }

  /** Something was given to the server, and is not answered yet. */
  get isBusy(): boolean {
    return this.#sent.length > 0 && !this.#isRepairing;
  }

  /** What it has to wait for has changed. */
  look(): void {
    this.#news.tell();
  }

  /**
   * Sends what was added, as soon as the server takes it, and waits while too much is under way.
   *
   * @param isLast it ends the transaction
   * @param onDone told when the transaction has succeeded
   */
  async send(isLast: boolean, context: SentContext, onDone?: () => void): Promise<void> {
    if (this.unsent.length === 0 && this.#open === undefined) return onDone?.();
    this.#throwFailure();
    const transaction = (this.#open ??= new SentTransaction(context, this.#held));
    do this.#give(transaction, isLast);
    while (this.unsent.length > 0);
    if (isLast) {
      this.#open = undefined;
      transaction.onDone = onDone;
    }
    if (this.#isWithdrawn && isLast) await this.#turns.take(() => this.#resend(transaction));
    if (!this.#pipeline.isNumbered) await this.#turns.take(() => this.#numbered(transaction));
    this.#transmit();
    if (this.#isRepairing || this.#isFull(transaction)) await this.#until(() => !this.#isFull(transaction));
  }

  /** Waits until everything that was sent has succeeded. @throws ServerError, ConnectionError */
  async settled(): Promise<void> {
    await this.#until(() => this.#sent.length + this.#queue.length === 0);
    this.#pipeline.end();
  }

  /** Takes the open transaction back, so that its locks are free, until its end is sent. Nothing happens where it cannot be sent again. */
  async withdraw(): Promise<void> {
    const transaction = this.#open;
    if (transaction?.isWhole !== true) return;
    // It has not begun yet where one before it waits for its turn, perhaps for the very one that is to be let through.
    if ([...this.#queue, ...this.#sent].some(({ command }) => command.explain.includes(lateTurn))) return;
    this.#isHeld = true;
    try {
      let isDone = false;
      while (!isDone) {
        // oxlint-disable-next-line no-await-in-loop -- a failure sends again
        await this.#until(() => this.#sent.length === 0);
        // oxlint-disable-next-line no-await-in-loop -- a failure sends again
        isDone = await this.#turns.take(async () => {
          if (this.#open !== transaction || this.#isWithdrawn || !transaction.isWhole) return true;
          if (this.#sent.length > 0) return false;
          this.#pipeline.end();
          this.#queue.drop(transaction);
          this.#isWithdrawn = true;
          await this.#connection.query('ROLLBACK');
          return true;
        });
      }
    } finally {
      this.#isHeld = false;
      this.#transmit();
    }
  }

  /** Forgets what is under way, whatever became of it; the session has no transaction open then, or is lost. */
  async abandon(): Promise<void> {
    this.unsent.truncate(0);
    this.#open = undefined;
    this.#isAbandoned = true;
    this.#queue.clear();
    await this.#reading;
    if (this.#pipeline.unanswered === 0) this.#pipeline.end();
    await this.#connection.query('ROLLBACK').catch(() => undefined);
  }

  /** Keeps as much of what was added as one packet holds, and lets it wait to be sent. */
  #give(transaction: SentTransaction, isLast: boolean): void {
    let command: Command;
    try {
      command = this.unsent.take(this.#most);
    } catch (error) {
      throw error instanceof RowlockError ? error.at(transaction.context.place) : error;
    }
    const mustStay = this.#isWithdrawn || this.#isBehind() || this.#patience.mayEnd(transaction);
    transaction.keep(command, mustStay);
    if (!this.#isWithdrawn)
      this.#queue.push({ command, transaction, isLast: isLast && this.unsent.length === 0 });
  }

  async #numbered(transaction: SentTransaction): Promise<void> {
    if (this.#pipeline.isNumbered) return;
    await this.#pipeline.number(this.#patience.of(transaction));
    if (transaction.patience === 'asked') transaction.patience = 'long';
  }

  /** Sends what the server takes. */
  #transmit(): void {
    while (this.#takesMore) {
      const { command, transaction, isLast } = this.#queue.shift()!;
      const lockWait = this.#patience.behind(transaction, isLast);
      const ahead = this.#pipeline.add(command, lockWait);
      this.#sent.push({ command, ahead, transaction, isLast, lockWait });
      this.#reading ??= this.#read();
    }
  }

  get #takesMore(): boolean {
    if (this.#queue.length === 0 || this.#sent.length >= WINDOW || this.#isHeld) return false;
    return this.#turns.areFree && this.#pipeline.isNumbered && !this.#pipeline.isClogged;
  }

  /** Whether a transaction that goes on is to wait. */
  #isFull(transaction: SentTransaction): boolean {
    if (transaction.isSmall) return this.#sent.length + this.#queue.length > WINDOW;
    const { retained, queued } = this.#held;
    return (
      (queued > QUEUED_LIMIT && this.#queue.length > 0) || (retained > RETAINED_LIMIT && this.#isBehind())
    );
  }

  /** Puts a transaction, and what was sent behind it, before everything that waits. */
  async #resend(transaction: SentTransaction, behind: readonly SentCommand[] = []): Promise<void> {
    await this.#numbered(transaction);
    const settings = transaction.context.before?.statement;
    if (settings !== undefined) await this.#connection.query(settings);
    this.#isWithdrawn = false;
    transaction.conflicts = [];
    this.#queue.drop(transaction);
    const { commands } = transaction;
    // What has no end yet is open.
    const last = transaction === this.#open ? undefined : commands.length - 1;
    const own = commands.map(
      (command, index): QueuedCommand => ({ command, transaction, isLast: index === last }),
    );
    this.#queue.unshift([...own, ...behind]);
  }

  /** Waits until something is so. @throws what has made a transaction fail */
  async #until(isSo: () => boolean): Promise<void> {
    for (;;) {
      this.#throwFailure();
      if (!this.#isRepairing && isSo()) return;
      this.push();
      // oxlint-disable-next-line no-await-in-loop -- until there is news
      await this.#news.come();
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Reads answers until there are none to come. */
  async #read(): Promise<void> {
    while (this.#sent.length > 0) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- answers come one after the other
        await this.#pipeline.answer(conflictsOf(this.#sent[0]!));
        const { transaction, isLast, lockWait } = this.#sent.shift()!;
        this.#done += 1;
        this.#transmit();
        this.#patience.heard(transaction, lockWait);
        if (isLast) {
          transaction.release();
          for (const conflict of transaction.conflicts) this.#events.conflict?.(conflict);
          transaction.onDone?.();
        }
      } catch (error) {
        // oxlint-disable-next-line no-await-in-loop -- before anything else is asked
        await this.#repair(error, this.#sent[0]!);
      }
      this.#news.tell();
    }
    this.#reading = undefined;
  }

  /** Sends again what failed and what came behind it, or says that nothing more comes of it. */
  async #repair(error: unknown, head: SentCommand): Promise<void> {
    this.#isRepairing = true;
    try {
      await this.#turns.take(() => this.#recover(error, head));
    } catch (failure) {
      this.#failure = { error: failure };
      this.#sent.length = 0;
      this.#queue.clear();
      this.#events.failed?.(failure);
    } finally {
      this.#isRepairing = false;
      this.#transmit();
    }
  }

  async #recover(error: unknown, { transaction, command, ahead }: SentCommand): Promise<void> {
    const statement = this.#pipeline.answered - ahead;
    const place = command.places[statement] ?? transaction.context.place;
    if (error instanceof RowlockError) error.at(place);
    if (!(error instanceof ServerError)) throw error;
    const explain = command.explain[statement];
    const waiting = this.#sent.filter((sent) => sent.transaction !== transaction);
    await this.#pipeline.discard();
    this.#sent.length = 0;
    await this.#connection.query('ROLLBACK');
    if (!(await this.#failed.isRetried(transaction, error, explain, () => this.#isAbandoned))) {
      this.#open = undefined;
      const explained = explain?.(error) ?? error;
      throw explained instanceof RowlockError ? explained.at(place) : explained;
    }
    for (const sent of waiting) sent.transaction.patience = 'short';
    await this.#resend(transaction, waiting);
  }
}

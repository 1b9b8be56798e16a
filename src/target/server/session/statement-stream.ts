import { type Connection, Turns } from '../../../connection/index.ts';
import { RowlockError, ServerError } from '../../../errors/index.ts';
import type { TargetRetry } from '../../target.ts';
import { GuardedPipeline } from './guarded-pipeline.ts';
import { News } from './news.ts';
import { conflictsOf, type SentCommand } from './sent-command.ts';
import {
  ALWAYS_RETAINED_BYTES,
  type Retained,
  type SentContext,
  SentTransaction,
} from './sent-transaction.ts';
import { SessionPatience } from './session-patience.ts';
import type { StreamEvents, StreamSettings } from './stream-settings.ts';
import { pauseBefore, TransactionRetries } from './transaction-retries.ts';
import { type Command, lateTurn, UnsentStatements } from './unsent-statements.ts';

/** Commands sent ahead of their answers. Measured: beyond a few dozen nothing is gained. */
const WINDOW = 64;

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
  readonly #events: StreamEvents;
  readonly #retained: Retained;
  readonly #sent: SentCommand[] = [];
  #open: SentTransaction | undefined;
  #reading: Promise<void> | undefined;
  /** Whoever writes to the connection, or asks it, has it to itself. */
  readonly #turns = new Turns();
  readonly #news = new News();
  #failure: { readonly error: unknown } | undefined;
  #isAbandoned = false;
  #isRepairing = false;
  /** The open transaction has been taken back, and waits to be sent anew. */
  #isWithdrawn = false;

  constructor(connection: Connection, settings: StreamSettings = {}) {
    const { retries, lockWait, events = {}, retained = { bytes: 0 } } = settings;
    this.#connection = connection;
    this.#pipeline = new GuardedPipeline(connection);
    this.#retries = new TransactionRetries(retries);
    this.#patience = new SessionPatience(lockWait);
    this.#events = events;
    this.#retained = retained;
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

  /**
   * Sends what was added, and waits while too much is unanswered.
   *
   * @param isLast it ends the transaction
   * @param onDone told when the transaction has succeeded
   */
  async send(isLast: boolean, context: SentContext, onDone?: () => void): Promise<void> {
    if (this.unsent.length === 0 && this.#open === undefined) return onDone?.();
    const command = this.unsent.take();
    const isFree = this.#turns.areFree && this.#pipeline.isNumbered && !this.#isWithdrawn;
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
    const { drained } = this.#pipeline;
    if (drained !== undefined) await drained;
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
    const transaction = (this.#open ??= new SentTransaction(context, this.#retained));
    transaction.keep(command, this.#isWithdrawn || this.#patience.mayEnd(transaction));
    if (isLast) {
      this.#open = undefined;
      transaction.onDone = onDone;
    }
    return transaction;
  }

  /** Waits until everything that was sent has succeeded. @throws ServerError, ConnectionError */
  async settled(): Promise<void> {
    await this.#answered(0);
    this.#pipeline.end();
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
        this.#pipeline.end();
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
    if (this.#pipeline.unanswered === 0) this.#pipeline.end();
    await this.#connection.query('ROLLBACK').catch(() => undefined);
  }

  async #numbered(transaction: SentTransaction): Promise<void> {
    if (this.#pipeline.isNumbered) return;
    await this.#pipeline.number(this.#patience.of(transaction));
    if (transaction.patience === 'asked') transaction.patience = 'long';
  }

  #transmit(command: Command, transaction: SentTransaction, isLast: boolean): void {
    const lockWait = this.#patience.behind(transaction, isLast);
    const ahead = this.#pipeline.add(command, lockWait);
    this.#sent.push({ command, ahead, transaction, isLast, lockWait });
    this.#reading ??= this.#read();
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
      this.#events.failed?.(failure);
    } finally {
      this.#isRepairing = false;
    }
  }

  async #recover(error: unknown, { transaction, command, ahead }: SentCommand): Promise<void> {
    if (error instanceof RowlockError) error.at(transaction.context.place);
    if (!(error instanceof ServerError)) throw error;
    const explain = command.explain[this.#pipeline.answered - ahead];
    const waiting = this.#sent.filter((sent) => sent.transaction !== transaction);
    const isEnded = this.#sent.some((sent) => sent.transaction === transaction && sent.isLast);
    await this.#pipeline.discard();
    this.#sent.length = 0;
    await this.#connection.query('ROLLBACK');
    const isLate = explain === lateTurn;
    const isImpatient = this.#patience.hasEnded(transaction, error);
    const isOften = isLate || isImpatient;
    if (isLate) transaction.lates += 1;
    else if (isImpatient) transaction.patience = 'asked';
    else transaction.tries += 1;
    const isRetried = (isOften || this.#retries.allow(transaction, error)) && transaction.isWhole;
    if (isRetried && isImpatient && !this.#isAbandoned) await this.#events.waits?.();
    if (isRetried && !isOften && !this.#isAbandoned) {
      const retry = this.#retries.note(transaction, error);
      await this.#events.retries?.(retry);
      await pauseBefore(transaction);
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
}

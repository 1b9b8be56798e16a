import type { TransactionGtid } from '../../../replication/index.ts';
import { comparePlaces, type LogPlace } from '../../../store/index.ts';
import type { TransactionLabel } from '../../../target/index.ts';
import { type Commit, SourceClock, TransactionBuffer } from '../../binary-log/index.ts';
import type { SourceFilePlace } from '../source-place.ts';
import type { TransactionSink } from '../transaction-sink.ts';
import type { LabelledTimes } from '../transaction-times.ts';
import { nextTurn } from '../waiting.ts';
import { nameTransaction } from './assigned-gtid.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { PendingTransaction } from './pending-transactions.ts';
import type { TargetFeed } from './target-feed.ts';

/** Applying to SQLite does not wait for anybody: after so many transactions the others have their turn. */
const TRANSACTIONS_A_TURN = 25;

/** Who reads the relay log: its place is where the next event stands. */
export interface DeliveryReader {
  readonly place: LogPlace;
}

export interface DeliveryOptions {
  readonly sink: TransactionSink;
  /** ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS: whose they become; undefined: they stay as they are. */
  uuidForAnonymous(): string | undefined;
  readonly checkpoint: Checkpoint;
}

/**
 * Takes an applier's transactions, one after the other, where they go: into the binary log, and before that into the channel's target,
 * where it has one.
 */
export class Delivery {
  /** The transaction under way, as far as it passes. */
  readonly buffer: TransactionBuffer = new TransactionBuffer();
  /** Its name. */
  gtid: TransactionGtid | undefined;
  readonly #options: DeliveryOptions;
  readonly #sink: TransactionSink;
  readonly #clock = new SourceClock();
  #feed: TargetFeed | undefined;
  /** Where the binary log was when the run began: what lies before is in it. */
  #logged: LogPlace = { number: 1, position: 4 };
  /** Whether the transaction under way goes to the target, and into the binary log. */
  #forTarget = false;
  #forLog = false;
  #isPart = false;
  #times!: LabelledTimes;
  /** By it the target is asked what became of the transaction. */
  #label: TransactionLabel | undefined;
  #giveBack: (() => void) | undefined;
  /** The source's log began anew since the last transaction that was kept. */
  #startsFile = false;
  #sinceTurn = 0;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#sink = options.sink;
  }

  /** A run begins. @param logged up to where the binary log has the relay log */
  start(feed: TargetFeed | undefined, logged: LogPlace): void {
    this.#feed = feed;
    this.#logged = logged;
    this.#startsFile = false;
    this.#sinceTurn = 0;
  }

  /** The source's log begins anew. */
  startFile(): void {
    if (this.#feed === undefined) this.#clock.startFile();
    this.#startsFile = true;
  }

  /**
   * A transaction begins. What is there already does not go there again.
   *
   * @param here where it stands in the relay log
   */
  begin(gtid: TransactionGtid | undefined, here: LogPlace, times: LabelledTimes): void {
    this.gtid = gtid;
    this.#times = times;
    const isLogged = comparePlaces(here, this.#logged) < 0;
    const isKnown = gtid !== undefined && this.#sink.has(gtid);
    this.#forLog = !isLogged && !isKnown;
    // One that was known before it came here was another channel's, and is in its target.
    this.#forTarget = this.#feed !== undefined && !this.#feed.has(here) && (isLogged || !isKnown);
    this.#isPart = false;
    this.#label = this.#forTarget ? times : undefined;
    this.buffer.clear();
  }

  /** Whether the transaction goes nowhere. */
  get isSkipped(): boolean {
    return !this.#forLog && !this.#forTarget;
  }

  /** A transaction too large to hold: nobody else writes until it is whole. */
  async writePart(sourceFile: string): Promise<void> {
    const feed = this.#feed;
    if (feed !== undefined) {
      // Nothing may be pending in a target whose transaction is open.
      if (!this.#isPart) await this.release();
      if (this.#forTarget) await feed.apply(this.buffer, !this.#isPart, undefined, sourceFile, this.#label);
      this.#isPart = true;
      if (!this.#forLog) {
        this.buffer.clear();
        return;
      }
    }
    const begins = this.#giveBack === undefined;
    this.#giveBack ??= await this.#sink.turn();
    if (begins) {
      if (feed !== undefined && this.#startsFile) this.#clock.startFile();
      this.#startsFile = false;
      this.gtid = this.#nameOf(this.buffer, this.gtid);
    }
    this.#sink.appendPart(this.buffer, this.#clock, begins);
    // The queue of the disk is as long as memory is; a turn of the loop lets it write.
    await this.#sink.backlog();
  }

  /** The transaction is whole. @param source where it ends in the source's log */
  commit(source: SourceFilePlace, reader: DeliveryReader): Promise<void> | undefined {
    if (this.#feed !== undefined) return this.#commitThrough(this.#feed, source, reader);
    return this.#commitToLog(source, reader);
  }

  /** What the target was given becomes durable there, and goes into the binary log. */
  async release(): Promise<void> {
    if (this.#feed !== undefined) await this.#appendAll(await this.#feed.flush());
  }

  /**
   * What the target has by now goes into the binary log; what is under way there is not waited for.
   *
   * @returns resolved when there is more to release; undefined: all is
   */
  async releaseDone(): Promise<{ readonly news: Promise<void> } | undefined> {
    const news = this.#feed?.underWay();
    if (news === undefined) await this.release();
    else await this.#appendAll(this.#feed!.pending.takeDone());
    return news && { news };
  }

  /** When the source began the oldest transaction that the target may not have, seconds since 1970; undefined: it has all. */
  get oldest(): number | undefined {
    return this.#feed?.pending.oldest;
  }

  /** The run ends. @param isLost what the binary log was given last is lost */
  async end(isLost: boolean): Promise<void> {
    await this.#feed?.abandon();
    // What the target has applied counts, whatever came behind it.
    if (!isLost) await this.release();
    this.drop();
  }

  /** The transaction under way will not be whole. */
  drop(): void {
    this.buffer.clear();
    if (this.#giveBack === undefined) return;
    this.#sink.rollback();
    this.#giveBack();
    this.#giveBack = undefined;
  }

  /** First into the target; the binary log follows when that is durable. */
  async #commitThrough(feed: TargetFeed, source: SourceFilePlace, reader: DeliveryReader): Promise<void> {
    if (this.#forTarget) await feed.apply(this.buffer, !this.#isPart, reader.place, source.file, this.#label);
    if (this.#giveBack !== undefined) {
      // Nothing else is pending: it was released when the first part went into the binary log.
      await feed.flush();
      await this.#commitToLog(source, reader);
      return;
    }
    if (!this.#forLog) this.buffer.clear();
    feed.pending.keep({
      buffer: this.buffer.detach(),
      commit: this.#commitOf(source, reader),
      timestamp: this.#times.timestamp,
      label: this.#label,
      startsFile: this.#startsFile,
    });
    this.#startsFile = false;
    if (feed.pending.isFull) await this.release();
    this.#sinceTurn += 1;
    if (this.#sinceTurn % TRANSACTIONS_A_TURN === 0) await nextTurn();
  }

  #commitToLog(source: SourceFilePlace, reader: DeliveryReader): Promise<void> | undefined {
    const giveBack = this.#giveBack;
    if (giveBack === undefined) {
      const room = this.#sink.room();
      if (room !== undefined) return room.then(() => this.#commitToLog(source, reader));
    }
    const { buffer } = this;
    if (buffer.count > 0 && giveBack === undefined) this.gtid = this.#nameOf(buffer, this.gtid);
    const commit = this.#commitOf(source, reader);
    if (giveBack !== undefined) {
      this.#sink.appendPart(buffer, this.#clock, false);
      this.#sink.commit(commit);
      this.#giveBack = undefined;
      giveBack();
    } else if (buffer.count > 0) this.#sink.append(buffer, this.#clock, commit);
    else this.#sink.note({ ...commit, gtid: undefined });
    return undefined;
  }

  async #appendAll(transactions: readonly PendingTransaction[]): Promise<void> {
    for (const transaction of transactions) {
      // oxlint-disable-next-line no-await-in-loop -- until there is room
      for (let room = this.#sink.room(); room !== undefined; room = this.#sink.room()) await room;
      this.#append(transaction);
    }
  }

  #append({ buffer, commit, startsFile }: PendingTransaction): void {
    if (startsFile) this.#clock.startFile();
    const { gtid } = commit;
    // Another channel may have brought it meanwhile.
    const isKnown = gtid !== undefined && this.#sink.has(gtid);
    if (buffer.count === 0 || isKnown) {
      this.#sink.note({ ...commit, gtid: undefined });
      return;
    }
    this.#sink.append(buffer, this.#clock, { ...commit, gtid: this.#nameOf(buffer, gtid) });
  }

  #commitOf(source: SourceFilePlace, { place }: DeliveryReader): Commit {
    const end = { gtid: this.gtid, times: this.#times, relay: place, source };
    // What goes to a target first was durable in the relay log before.
    return this.#options.checkpoint.commitOf(end, this.#feed === undefined);
  }

  #nameOf(buffer: TransactionBuffer, gtid: TransactionGtid | undefined): TransactionGtid | undefined {
    const uuid = gtid === undefined ? this.#options.uuidForAnonymous() : undefined;
    if (uuid === undefined) return gtid;
    const named = this.#sink.assign(uuid);
    nameTransaction(buffer, named);
    return named;
  }
}

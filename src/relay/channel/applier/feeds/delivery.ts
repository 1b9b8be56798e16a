import type { TransactionGtid } from '../../../../replication/index.ts';
import { comparePlaces, type LogPlace } from '../../../../store/index.ts';
import type { TransactionLabel } from '../../../../target/index.ts';
import { type Commit, TransactionBuffer } from '../../../binary-log/index.ts';
import type { SourceFilePlace } from '../../source-place.ts';
import type { TransactionSink } from '../../transaction-sink.ts';
import type { LabelledTimes } from '../../transaction-times.ts';
import { nextTurn } from '../../waiting.ts';
import type { Checkpoint } from '../places/checkpoint.ts';
import { LogFeed } from './log-feed.ts';
import type { PendingTransactions } from './pending-transactions.ts';
import type { SecondReading } from './second-reading.ts';
import type { TargetFeed } from './target-feed.ts';

/** Applying to SQLite does not wait for anybody: after so many transactions the others have their turn. */
const TRANSACTIONS_A_TURN = 25;

/** Who reads the relay log: its place is where the next event stands. */
export interface DeliveryReader {
  readonly place: LogPlace;
}

/** A transaction of the relay log once more, from where it begins up to where it ends. */
export type ReadAgain = (from: LogPlace, to: LogPlace) => SecondReading;

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
  readonly #sink: TransactionSink;
  readonly #checkpoint: Checkpoint;
  readonly #log: LogFeed;
  #feed: TargetFeed | undefined;
  /** Where the binary log was when the run began: what lies before is in it. */
  #logged: LogPlace = { number: 1, position: 4 };
  /** Whether the transaction under way goes to the target, and into the binary log. */
  #forTarget = false;
  #forLog = false;
  /** Whether the target is to go on behind the transaction, without it. */
  #isPassed = false;
  #isPart = false;
  #times!: LabelledTimes;
  /** By it the target is asked what became of the transaction. */
  #label: TransactionLabel | undefined;
  /** Where it begins in the relay log. */
  #here: LogPlace = { number: 1, position: 4 };
  #readAgain!: ReadAgain;
  /** The source's log began anew since the last transaction that was kept. */
  #startsFile = false;
  #sinceTurn = 0;

  constructor(options: DeliveryOptions) {
    this.#sink = options.sink;
    this.#checkpoint = options.checkpoint;
    this.#log = new LogFeed(options.sink, () => options.uuidForAnonymous());
  }

  /** A run begins. @param logged up to where the binary log has the relay log */
  start(feed: TargetFeed | undefined, logged: LogPlace, readAgain: ReadAgain): void {
    this.#feed = feed;
    this.#readAgain = readAgain;
    this.#logged = logged;
    this.#startsFile = false;
    this.#sinceTurn = 0;
  }

  /** The source's log begins anew. */
  startFile(): void {
    if (this.#feed === undefined) this.#log.startFile();
    else this.#startsFile = true;
  }

  /**
   * A transaction begins. What is there already does not go there again.
   *
   * @param here where it stands in the relay log
   */
  begin(gtid: TransactionGtid | undefined, here: LogPlace, times: LabelledTimes): void {
    this.gtid = gtid;
    this.#times = times;
    this.#here = here;
    const isLogged = comparePlaces(here, this.#logged) < 0;
    const isKnown = gtid !== undefined && this.#sink.has(gtid);
    this.#forLog = !isLogged && !isKnown;
    const isAhead = this.#feed !== undefined && !this.#feed.has(here);
    // One that was known before it came here was another channel's, and is in its target, or was passed over by its name. The next start
    // begins where the target stands, and cannot tell: what the binary log has by then may be what a target lacks.
    this.#forTarget = isAhead && (isLogged || !isKnown);
    this.#isPassed = isAhead && !this.#forTarget;
    this.#isPart = false;
    this.#label = this.#forTarget ? times : undefined;
    this.buffer.clear();
  }

  /** Whether the transaction goes nowhere. */
  get isSkipped(): boolean {
    return !this.#forLog && !this.#forTarget;
  }

  /** What of a transaction too large to hold has passed by now goes on: into the target, or where there is none into the binary log. */
  async writePart(sourceFile: string): Promise<void> {
    if (this.#feed === undefined) this.gtid = await this.#log.writePart(this.buffer, this.gtid);
    else await this.#applyPart(this.#feed, sourceFile);
  }

  /** The transaction is whole. @param source where it ends in the source's log */
  commit(source: SourceFilePlace, reader: DeliveryReader): Promise<void> | undefined {
    if (this.#feed !== undefined) return this.#commitThrough(this.#feed, source, reader);
    return this.#commitToLog(source, reader);
  }

  /** What the target was given becomes durable there, and goes into the binary log. */
  async release(): Promise<void> {
    if (this.#feed !== undefined) await this.#log.appendAll(await this.#feed.flush());
  }

  /**
   * What the target has by now goes into the binary log; what is under way there is not waited for.
   *
   * @returns resolved when there is more to release; undefined: all is
   */
  async releaseDone(): Promise<{ readonly news: Promise<void> } | undefined> {
    const news = this.#feed?.underWay();
    if (news === undefined) await this.release();
    else await this.#log.appendAll(this.#feed!.pending.takeDone());
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
    this.#log.drop();
  }

  async #applyPart(feed: TargetFeed, sourceFile: string): Promise<void> {
    // A target whose transaction is open cannot make others durable, but one that is a server may have done so.
    if (!this.#isPart) await this.releaseDone();
    else await this.#log.appendAll(feed.pending.takeDone());
    if (this.#forTarget) await feed.apply(this.buffer, !this.#isPart, undefined, sourceFile, this.#label);
    this.#isPart = true;
    this.buffer.clear();
  }

  /** First into the target; the binary log follows when that is durable. */
  async #commitThrough(feed: TargetFeed, source: SourceFilePlace, reader: DeliveryReader): Promise<void> {
    const { pending } = feed;
    const isPart = this.#isPart;
    if (this.#forTarget) await feed.apply(this.buffer, !isPart, reader.place, source.file, this.#label);
    else if (this.#isPassed) await feed.pass(reader.place, source.file);
    if (!this.#forLog || isPart) this.buffer.clear();
    pending.keep({
      buffer: this.buffer.detach(),
      again: isPart && this.#forLog ? this.#readAgain(this.#here, reader.place) : undefined,
      commit: this.#commitOf(this.gtid, source, reader.place),
      timestamp: this.#times.timestamp,
      label: this.#label,
      startsFile: this.#startsFile,
    });
    this.#startsFile = false;
    if (pending.isFull || isPart) await this.#makeRoom(pending);
    this.#sinceTurn += 1;
    if (this.#sinceTurn % TRANSACTIONS_A_TURN === 0) await nextTurn();
  }

  /** Waits until the target has enough of what is pending; one that does not commit by itself is to make all of it durable. */
  async #makeRoom(pending: PendingTransactions): Promise<void> {
    let open = await this.releaseDone();
    while (open !== undefined && pending.isHalfFull) {
      // oxlint-disable-next-line no-await-in-loop -- until there is room
      await open.news;
      // oxlint-disable-next-line no-await-in-loop -- until there is room
      open = await this.releaseDone();
    }
  }

  #commitToLog(source: SourceFilePlace, reader: DeliveryReader): Promise<void> | undefined {
    const room = this.#log.room();
    if (room !== undefined) return room.then(() => this.#commitToLog(source, reader));
    this.#log.append(this.buffer, this.gtid, (gtid) => {
      this.gtid = gtid;
      return this.#commitOf(gtid, source, reader.place);
    });
    return undefined;
  }

  #commitOf(gtid: TransactionGtid | undefined, source: SourceFilePlace, relay: LogPlace): Commit {
    // What goes to a target first was durable in the relay log before.
    return this.#checkpoint.commitOf({ gtid, times: this.#times, relay, source }, this.#feed === undefined);
  }
}

import type { Flavor } from '../../binlog/index.ts';
import { type RowlockError, UsageError } from '../../errors/index.ts';
import type { TransactionGtid } from '../../replication/index.ts';
import { BlockCache, LogEvents, type LogFollower, type LogPlace, LogSequence } from '../../store/index.ts';
import { checkNames } from './check-names.ts';
import { type Commit, placesOf } from './commit.ts';
import { type ChannelPlace, CommitJournal } from './commit-journal.ts';
import { FileEvents } from './file-events.ts';
import { type GtidLedger, MariadbLedger, MysqlLedger } from './gtid-ledger.ts';
import { LogicalClock, type SourceClock } from './logical-clock.ts';
import type { BinaryLogOptions } from './options.ts';
import { placeClock, placeEvents } from './place-events.ts';
import { Purging } from './purging.ts';
import type { TransactionBuffer } from './transaction-buffer.ts';
import { Turn } from './turn.ts';

/**
 * The relay's own binary log: the transactions of all channels, whole, one after the other. One flavour: MySQL's GTIDs or MariaDB's.
 *
 * `append` takes a transaction that fits memory. A long one is written in parts by whoever holds {@link turn}.
 */
export class BinaryLog {
  readonly flavor: Flavor;
  readonly ledger: GtidLedger;
  readonly #options: BinaryLogOptions;
  readonly #events: LogEvents;
  readonly #journal: CommitJournal;
  readonly #clock = new LogicalClock();
  readonly #fileEvents: FileEvents;
  #log!: LogSequence<Commit>;
  purging!: Purging;
  readonly #turn = new Turn();
  readonly #failureListeners: Set<(error: RowlockError) => void> = new Set();
  readonly #resetListeners: Set<() => void> = new Set();
  transactions = 0;
  bytes = 0;

  private constructor(options: BinaryLogOptions) {
    this.#options = options;
    this.flavor = options.flavor;
    this.ledger = options.flavor === 'mysql' ? new MysqlLedger() : new MariadbLedger();
    this.#events = new LogEvents({ ...options, relayLog: false });
    this.#fileEvents = new FileEvents(this.#events, this.ledger, this.#clock);
    this.#journal = new CommitJournal(options.disk, options.folder, options.base ?? 'binlog');
  }

  /** Opens the log in its folder and repairs what a crash left. @throws RowlockError the disk refuses */
  static async open(options: BinaryLogOptions): Promise<BinaryLog> {
    const log = new BinaryLog(options);
    await log.#open(1);
    return log;
  }

  get log(): LogSequence<Commit> {
    return this.#log;
  }

  get logEvents(): LogEvents {
    return this.#events;
  }

  /** Where a channel goes on, as of the last durable transaction. */
  place(channel: string): ChannelPlace | undefined {
    return this.#journal.place(channel);
  }

  has(gtid: TransactionGtid): boolean {
    return this.ledger.has(gtid);
  }

  /** Undefined: append. Otherwise wait: another channel writes a long transaction, or the disk is slow. */
  room(): Promise<void> | undefined {
    return this.#turn.taken ?? this.#log.room();
  }

  async backlog(): Promise<void> {
    for (let room = this.#log.room(); room !== undefined; room = this.#log.room()) await room;
  }

  /** Takes the log for one transaction in parts; give it back with the function. */
  turn(): Promise<() => void> {
    return this.#turn.take();
  }

  /** Appends a whole transaction. Await {@link room} first. */
  append(buffer: TransactionBuffer, source: SourceClock, commit: Commit): void {
    this.appendPart(buffer, source, true);
    this.commit(commit);
  }

  /** Appends a part of a transaction; only with the {@link turn}. */
  appendPart(buffer: TransactionBuffer, source: SourceClock, begins: boolean): void {
    const log = this.#log;
    if (begins && log.end.position >= this.#options.maxBinlogSize) this.rotate();
    if (begins && this.flavor === 'mysql' && buffer.count > 0) {
      const anew = placeClock(buffer.slabs[0]!, buffer.starts[0]!, buffer.ends[0]!, this.#clock, source);
      if (anew === undefined) buffer.changed(0);
      else buffer.replaceFirst(anew);
    }
    this.bytes += buffer.bytes;
    placeEvents(buffer, log.end.position);
    buffer.drain((bytes, start, end) => log.append(bytes, start, end));
  }

  /** Says that the transaction is whole. */
  commit(commit: Commit): void {
    if (commit.gtid !== undefined) this.ledger.append(commit.gtid);
    this.#log.mark(commit);
  }

  /** A channel moved on without a transaction: it was here already, or a filter took all of it. */
  note(commit: Commit): void {
    this.#log.mark({ ...commit, isNote: true });
  }

  /** Takes back the parts of a transaction that will not be whole. */
  rollback(): void {
    this.#log.rewind();
  }

  /** A GTID for an anonymous transaction. */
  assign(uuid: string): TransactionGtid {
    if (!(this.ledger instanceof MysqlLedger)) throw new UsageError('only MySQL assigns GTIDs');
    return { flavor: 'mysql', uuid, tag: '', gno: this.ledger.nextNumber(uuid) };
  }

  settle(): Promise<void> {
    return this.#log.settle();
  }

  /** After a failure of the disk: goes on from what is durable. */
  async heal(): Promise<void> {
    if (this.#log.failure === undefined) return;
    await this.#journal.takeBack();
    await this.#log.heal();
  }

  /** Told when writing fails. */
  onFailure(listener: (error: RowlockError) => void): () => void {
    this.#failureListeners.add(listener);
    return () => this.#failureListeners.delete(listener);
  }

  /** Told before all files go. */
  onReset(listener: () => void): () => void {
    this.#resetListeners.add(listener);
    return () => this.#resetListeners.delete(listener);
  }

  get gtidExecuted(): string {
    return this.ledger.executed;
  }

  get gtidPosition(): string {
    return this.ledger.position;
  }

  /** Removes every file and begins behind these GTIDs, as if they had been here; undefined: behind none. Only with the {@link turn}. */
  async beginAnew(firstNumber: number, behind?: string): Promise<void> {
    await this.#journal.restart();
    for (const listener of this.#resetListeners) listener();
    await this.#log.removeAll(() => {
      this.ledger.clear();
      if (behind !== undefined) this.ledger.preset(behind);
      this.#fileEvents.beginAnew();
    }, firstNumber);
    this.purging.forget();
    if (behind !== undefined) await this.purging.learn();
  }

  async close(): Promise<void> {
    await this.#log.close();
    await this.#journal.close();
  }

  /** Reads from a place on; the caller closes it. */
  follow(place: LogPlace): Promise<LogFollower> {
    return this.#log.follow(place);
  }

  async #open(firstNumber: number): Promise<void> {
    const { disk, folder, base = 'binlog', cacheBytes } = this.#options;
    await disk.makeFolder(folder);
    await this.#journal.load();
    const { ledger } = this;
    this.#log = await LogSequence.open<Commit>(
      {
        disk,
        folder,
        base,
        cache: new BlockCache(cacheBytes),
        opening: (file) => this.#fileEvents.opening(file),
        closing: (next, position) => this.#fileEvents.closing(next, position),
        record: (end, commits) => this.#journal.record(end, placesOf(commits)),
        settled: (commits, end) => this.#settled(commits, end),
        failed: (error) => this.#failed(error),
      },
      {
        firstNumber,
        cutAt: (end) => this.#journal.cutAt(end),
        original: { durable: this.#journal.durable },
        cut: (cut) => this.#options.cut?.(cut),
        visit: (event) => {
          ledger.visit(event);
          checkNames(event, base, folder);
        },
      },
    );
    this.purging = new Purging(this.#log, this.#options);
    await this.#journal.begin(this.#log.durable);
    await this.purging.learn();
  }

  /** Goes on in a new file; only with the {@link turn}. */
  rotate(): void {
    this.#log.rotate();
    void this.#log.settle().then(
      () => this.purging.old(),
      () => undefined,
    );
  }

  #settled(commits: readonly Commit[], end: LogPlace): void {
    this.#journal.settled(end, placesOf(commits));
    for (const { gtid, done, isNote } of commits) {
      if (gtid !== undefined) this.ledger.settle(gtid);
      if (isNote !== true) this.transactions += 1;
      done?.();
    }
  }

  #failed(error: RowlockError): void {
    this.ledger.forget();
    for (const listener of this.#failureListeners) listener(error);
  }
}

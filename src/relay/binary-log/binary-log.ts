import { EventType, type Flavor, type RawEvent } from '../../binlog/index.ts';
import { RowlockError, ServerError, UsageError } from '../../errors/index.ts';
import { formatMariadbGtidList, type MariadbGtid, type MysqlGtid } from '../../gtid/index.ts';
import type { TransactionGtid } from '../../replication/index.ts';
import {
  BlockCache,
  type Disk,
  LogEvents,
  type LogFollower,
  type LogPlace,
  LogSequence,
  logNumber,
  scanLog,
} from '../../store/index.ts';
import type { BinaryLogControl, BinaryLogFile, EventLimit, EventLine } from '../streams.ts';
import { type ChannelPlace, CommitJournal } from './commit-journal.ts';
import { emptyTransaction } from './empty-transaction.ts';
import { eventLines } from './event-lines.ts';
import { type GtidLedger, MariadbLedger, MysqlLedger } from './gtid-ledger.ts';
import { hasTransactions, readHead } from './log-head.ts';
import { LogicalClock, SourceClock } from './logical-clock.ts';
import { placeClock, placeEvents } from './place-events.ts';
import { SteadyClock } from './steady-clock.ts';
import { TransactionBuffer } from './transaction-buffer.ts';

export interface BinaryLogOptions {
  readonly disk: Disk;
  readonly folder: string;
  /** Default `binlog`. */
  readonly base?: string;
  readonly flavor: Flavor;
  readonly serverId: number;
  readonly serverVersion: string;
  readonly now: () => number;
  /** The clock jumped ahead by so many milliseconds: no log is taken for old because of that, for a day. */
  clockJumped?(milliseconds: number): void;
  /** A file ends behind the transaction that reaches this size. */
  readonly maxBinlogSize: number;
  /** Files older than so many seconds are removed when a new one begins; 0: never. */
  readonly expireLogsSeconds: number;
  /** All files together, in bytes; 0: no limit. */
  readonly spaceLimit: number;
  readonly cacheBytes?: number;
}

/** Behind the position, in the body of a rotate. */
const ROTATE_NAME_AT = 8;

/** What a transaction brings along when it is whole. */
export interface Commit {
  readonly gtid: TransactionGtid | undefined;
  readonly channel: string;
  /** Where the channel goes on behind it. Null: it forgets its place; undefined: no channel moved. */
  readonly place: ChannelPlace | null | undefined;
  /** Told when the transaction is durable. */
  readonly done?: (() => void) | undefined;
}

/**
 * The relay's own binary log: the transactions of all channels, whole, one after the other. One flavour: MySQL's GTIDs or MariaDB's.
 *
 * `append` takes a transaction that fits memory. A long one is written in parts by whoever holds {@link turn}.
 */
export class BinaryLog implements BinaryLogControl {
  readonly flavor: Flavor;
  readonly ledger: GtidLedger;
  readonly #options: BinaryLogOptions;
  readonly #events: LogEvents;
  readonly #journal: CommitJournal;
  readonly #clock = new LogicalClock();
  readonly #ageClock: SteadyClock;
  #log!: LogSequence<Commit>;
  #turn: Promise<void> = Promise.resolve();
  #held = false;
  #created = true;
  #purged = '';
  readonly #failureListeners: Set<(error: RowlockError) => void> = new Set();
  readonly #resetListeners: Set<() => void> = new Set();
  transactions = 0;
  bytes = 0;

  private constructor(options: BinaryLogOptions) {
    this.#options = options;
    this.flavor = options.flavor;
    this.ledger = options.flavor === 'mysql' ? new MysqlLedger() : new MariadbLedger();
    this.#events = new LogEvents({ ...options, relayLog: false });
    const { now } = options;
    this.#ageClock = new SteadyClock({ now, jumped: (milliseconds) => options.clockJumped?.(milliseconds) });
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
    return this.#held ? this.#turn : this.#log.room();
  }

  async backlog(): Promise<void> {
    for (let room = this.#log.room(); room !== undefined; room = this.#log.room()) await room;
  }

  /** Takes the log for one transaction in parts; give it back with the function. */
  async turn(): Promise<() => void> {
    while (this.#held) await this.#turn;
    this.#held = true;
    let free: () => void = () => undefined;
    this.#turn = new Promise((resolve) => {
      free = resolve;
    });
    return () => {
      this.#held = false;
      free();
    };
  }

  /** Appends a whole transaction. Await {@link room} first. */
  append(buffer: TransactionBuffer, source: SourceClock, commit: Commit): void {
    this.appendPart(buffer, source, true);
    this.commit(commit);
  }

  /** Appends a part of a transaction; only with the {@link turn}. */
  appendPart(buffer: TransactionBuffer, source: SourceClock, begins: boolean): void {
    const log = this.#log;
    if (begins && log.end.position >= this.#options.maxBinlogSize) this.#rotate();
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
    this.#log.mark(commit);
  }

  /** An empty transaction of this name, durable when it comes back; nothing where it is here already. */
  async executeEmpty(gtid: MysqlGtid | MariadbGtid): Promise<void> {
    const name: TransactionGtid =
      'domainId' in gtid ? { flavor: 'mariadb', ...gtid } : { flavor: 'mysql', ...gtid };
    for (let room = this.room(); room !== undefined; room = this.room()) await room;
    if (this.has(name)) return;
    const { serverId, now } = this.#options;
    const buffer = new TransactionBuffer();
    for (const bytes of emptyTransaction(name, serverId, now())) buffer.addBytes(bytes);
    this.append(buffer, new SourceClock(), { gtid: name, channel: '', place: undefined });
    await this.settle();
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

  get files(): readonly BinaryLogFile[] {
    return this.#log.files.map(({ name, size }) => ({ name, size }));
  }

  get end(): { readonly file: string; readonly position: number } {
    const { number, position } = this.#log.durable;
    return { file: this.#log.nameOf(number), position };
  }

  get gtidExecuted(): string {
    return this.ledger.executed;
  }

  get gtidPurged(): string {
    return this.#purged;
  }

  get gtidPosition(): string {
    return this.ledger.position;
  }

  events(file: string | undefined, position: number, limit: EventLimit): AsyncIterable<EventLine> {
    return eventLines(this.#log, this.flavor, file, position, limit);
  }

  async rotate(): Promise<void> {
    const release = await this.turn();
    try {
      this.#rotate();
    } finally {
      release();
    }
    await this.settle();
    await this.#purgeOld();
  }

  async purgeTo(file: string): Promise<readonly string[]> {
    const number = this.#log.numberOf(file);
    if (number === undefined) throw new ServerError(1373, 'HY000', 'Target log not found in binlog index');
    return this.#purge(number);
  }

  async purgeBefore(time: Date): Promise<readonly string[]> {
    let limit = 0;
    for (const { number } of this.#log.files) {
      if ((await this.#log.modifiedAt(number)) >= time.getTime()) break;
      limit = number + 1;
    }
    return this.#purge(limit);
  }

  async reset(firstNumber = 1): Promise<void> {
    const release = await this.turn();
    try {
      await this.#log.settle();
      await this.#journal.restart();
      for (const listener of this.#resetListeners) listener();
      await this.#log.removeAll(() => {
        this.ledger.clear();
        this.#clock.startFile();
        this.#created = true;
      }, firstNumber);
      this.#purged = '';
    } finally {
      release();
    }
  }

  /** Begins behind these transactions, as if they had been here: SET GLOBAL gtid_purged, gtid_slave_pos. @throws ServerError 1840 */
  async beginBehind(gtids: string): Promise<void> {
    const release = await this.turn();
    try {
      await this.settle();
      for (const { number } of this.#log.files) {
        if (!(await hasTransactions(this.#log, number))) continue;
        throw new ServerError(
          1840,
          'HY000',
          '@@GLOBAL.GTID_PURGED can only be set when @@GLOBAL.GTID_EXECUTED is empty. RESET BINARY LOGS AND GTIDS empties a relay.',
        );
      }
      await this.#journal.restart();
      for (const listener of this.#resetListeners) listener();
      await this.#log.removeAll(() => {
        this.ledger.clear();
        this.ledger.preset(gtids);
        this.#clock.startFile();
        this.#created = true;
      }, 1);
      await this.#learnPurged();
    } finally {
      release();
    }
  }

  async gtidPositionAt(file: string, position: number): Promise<string | undefined> {
    const number = this.#log.numberOf(file);
    if (number === undefined || !(this.ledger instanceof MariadbLedger)) return undefined;
    const at = new MariadbLedger();
    let known = position === 4;
    await scanLog(
      this.#options.disk,
      this.#log.pathOf(number),
      (event) => {
        if (event.position < position) at.visit(event);
        if (event.position + event.length === position) known = true;
      },
      position,
    );
    return known ? at.position : undefined;
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
        opening: (file) => this.#opening(file),
        closing: (next, position) =>
          next === undefined
            ? this.#events.stop(position, true)
            : this.#events.rotate(position, next, 4, true),
        record: (end, commits) => this.#journal.record(end, placesOf(commits)),
        settled: (commits, end) => this.#settled(commits, end),
        failed: (error) => this.#failed(error),
      },
      {
        firstNumber,
        cutAt: (end) => this.#journal.cutAt(end),
        visit: (event) => {
          ledger.visit(event);
          this.#checkNames(event, base);
        },
      },
    );
    await this.#journal.begin(this.#log.durable);
    await this.#learnPurged();
  }

  /** Logs that were put here keep their names: each ends with that of the next. */
  #checkNames(event: RawEvent, base: string): void {
    if (event.type !== EventType.ROTATE_EVENT) return;
    const next = event.bytes.toString('utf8', event.bodyStart + ROTATE_NAME_AT, event.bodyEnd);
    if (logNumber(base, next) !== undefined) return;
    const name = next.replace(/\.\d+$/, '');
    throw new RowlockError('STORE_NAMES', `a log here ends with the name of the next: '${next}'`, {
      context: { file: this.#options.folder },
      hint: `Name the logs as they were, ${name}.NNNNNN and ${name}.index, and start with --log-bin=${name}.`,
    });
  }

  #opening(file: string): Buffer {
    if (this.#created) this.ledger.forget();
    const format = this.#events.formatDescription(4, this.#created, true);
    this.#created = false;
    this.#clock.startFile();
    const list = this.ledger.opening(this.#events, 4 + format.length);
    if (this.flavor === 'mysql') return Buffer.concat([format, list]);
    const checkpoint = this.#events.checkpoint(4 + format.length + list.length, file);
    return Buffer.concat([format, list, checkpoint]);
  }

  #rotate(): void {
    this.#log.rotate();
    void this.#log.settle().then(
      () => this.#purgeOld(),
      () => undefined,
    );
  }

  #settled(commits: readonly Commit[], end: LogPlace): void {
    this.#journal.settled(end, placesOf(commits));
    for (const { gtid, done } of commits) {
      if (gtid !== undefined) this.ledger.settle(gtid);
      this.transactions += 1;
      done?.();
    }
  }

  #failed(error: RowlockError): void {
    this.ledger.forget();
    for (const listener of this.#failureListeners) listener(error);
  }

  async #purge(number: number): Promise<readonly string[]> {
    const kept = await this.#log.purgeBefore(number);
    await this.#learnPurged();
    return kept;
  }

  /** What age and size say must go. */
  async #purgeOld(): Promise<void> {
    const { expireLogsSeconds, spaceLimit } = this.#options;
    if (expireLogsSeconds > 0)
      await this.purgeBefore(new Date(this.#ageClock.now() - expireLogsSeconds * 1000));
    if (spaceLimit <= 0) return;
    let total = this.#log.files.reduce((sum, { size }) => sum + size, 0);
    let limit = 0;
    for (const { number, size } of this.#log.files) {
      if (total <= spaceLimit) break;
      total -= size;
      limit = number + 1;
    }
    if (limit > 0) await this.#purge(limit);
  }

  /** What stands before the first file. */
  async #learnPurged(): Promise<void> {
    const [first] = this.#log.files;
    if (first === undefined) return;
    this.#purged = await this.gtidsBefore(first.number);
  }

  /** The GTIDs of all files before this one, as its head says. */
  async gtidsBefore(number: number): Promise<string> {
    const head = await readHead(this.#log, number);
    return head.previousGtids?.format() ?? formatMariadbGtidList(head.gtidList ?? []);
  }
}

function placesOf(commits: readonly Commit[]): ReadonlyMap<string, ChannelPlace | null> {
  const places = new Map<string, ChannelPlace | null>();
  for (const { channel, place } of commits) if (place !== undefined) places.set(channel, place);
  return places;
}

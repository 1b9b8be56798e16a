import {
  EventType,
  type Flavor,
  RawEvent,
  type TransactionPlace,
  TransactionTracker,
} from '../../binlog/index.ts';
import { RowlockError } from '../../errors/index.ts';
import {
  EventJudge,
  EventSelection,
  gtidText,
  ReplicateFilter,
  type TransactionGtid,
  transactionGtid,
  type Until,
  UntilCondition,
} from '../../replication/index.ts';
import { comparePlaces, type LogFollower, type LogPlace } from '../../store/index.ts';
import { type Commit, SourceClock, TransactionBuffer } from '../binary-log/index.ts';
import type { PrivilegeChecks } from '../streams.ts';
import { nameTransaction } from './assigned-gtid.ts';
import { applierViolationError, ChannelError } from './channel-error.ts';
import type { ChannelConfiguration } from './configuration.ts';
import { primaryKeyCheck } from './primary-key-check.ts';
import type { RelayLog } from './relay-log.ts';
import { SourcePlace } from './source-place.ts';
import {
  type ApplierStatus,
  type LastError,
  NO_ERROR,
  NO_TRANSACTION,
  type ServiceState,
  type TransactionTimes,
} from './status.ts';
import { TablePrivileges } from './table-privileges.ts';
import { type ChannelTargetMaker, type PendingTransaction, TargetFeed } from './target-feed.ts';
import type { TransactionSink } from './transaction-sink.ts';
import { begunNow, finished, transactionTimes } from './transaction-times.ts';

export interface ApplierSurroundings {
  readonly flavor: Flavor;
  readonly serverUuid: string;
  readonly privileges: PrivilegeChecks;
  readonly now: () => number;
  /** relay_log_purge: files that are applied go. */
  purgesRelayLogs(): boolean;
  violated(error: ChannelError): void;
  /** Whether the receiver is connected: without it, nobody knows how far behind this is. */
  isReceiving(): boolean;
  /** Where the channel's rows go, beside the binary log. */
  readonly target?: ChannelTargetMaker;
}

/** A transaction is held until it is whole up to this size; a larger one is written in parts while others wait. */
const HELD_BYTES = 4 << 20;
/** Where a file's events begin. */
const START = 4;
/** ER_REPLICA_RELAY_LOG_READ_FAILURE, ER_ERROR_ON_WRITE */
const READ_FAILURE = 1594;
/** ER_MASTER_HAS_PURGED_REQUIRED_GTIDS, of the relay log instead of the source's. */
const TARGET_BEHIND = 1789;
/** Applying to SQLite does not wait for anybody: after so many transactions the others have their turn. */
const TRANSACTIONS_A_TURN = 25;
/**
 * Between two blocks of the relay log the network and the disk have their turn, once so much time has passed. The receiver takes about
 * as long with all that it may hold: were this much less, the applier would fall behind it until it has to read from the disk.
 */
const TURN_MS = 4;

/**
 * The applier of a channel: takes whole transactions from the relay log over into the sink, as far as filters, privileges and the guard
 * let them pass, and remembers with each of them where to go on.
 */
export class Applier {
  readonly #settings: () => ChannelConfiguration;
  readonly #log: RelayLog;
  readonly #sink: TransactionSink;
  readonly #surroundings: ApplierSurroundings;
  readonly #buffer = new TransactionBuffer();
  readonly #clock = new SourceClock();
  #running: Promise<void> | undefined;
  #stop = new AbortController();
  #state: ServiceState = 'OFF';
  #stage = '';
  #lastError: LastError = NO_ERROR;
  #until = new UntilCondition(undefined);
  #processing: TransactionTimes = NO_TRANSACTION;
  #lastProcessed: TransactionTimes = NO_TRANSACTION;
  #applied = 0;
  #retried = 0;
  #conflicts = 0;
  #lastConflict: LastError = NO_ERROR;
  #startedAt = 0;
  #relayNumber = 1;
  #relayPosition = 4;
  #sourceFile = '';
  #sourcePosition = 0;
  #caughtUp = false;
  #timestamp = 0;
  #delayUntil: number | undefined;
  #isResting = false;
  // Of the run under way:
  #tracker = new TransactionTracker();
  #place = new SourcePlace();
  #judge: EventJudge | undefined;
  #selection: EventSelection | undefined;
  #gtid: TransactionGtid | undefined;
  #skipping = false;
  #giveBack: (() => void) | undefined;
  #ends = false;
  #feed: TargetFeed | undefined;
  /** Where the binary log was when the run began: what lies before is in it. */
  #logged: LogPlace = { number: 1, position: 4 };
  /** Whether the transaction under way goes to the target, and into the binary log. */
  #forTarget = false;
  #forLog = false;
  #isPart = false;
  /** The source's log began anew since the last transaction that was kept. */
  #startsFile = false;
  #sinceTurn = 0;

  constructor(
    settings: () => ChannelConfiguration,
    log: RelayLog,
    sink: TransactionSink,
    surroundings: ApplierSurroundings,
  ) {
    this.#settings = settings;
    this.#log = log;
    this.#sink = sink;
    this.#surroundings = surroundings;
    this.#recall();
  }

  get #configuration(): ChannelConfiguration {
    return this.#settings();
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  status(): ApplierStatus {
    const { flavor } = this.#surroundings;
    const delay = this.#delayUntil === undefined ? null : this.#delayUntil - this.#surroundings.now();
    return {
      state: this.#state,
      stage: this.#stage,
      lastError: this.#lastError,
      startedAt: this.#startedAt,
      relayLogFile: this.#log.log.nameOf(this.#relayNumber),
      relayLogPos: this.#relayPosition,
      sourceLogFile: this.#sourceFile,
      execSourceLogPos: this.#sourcePosition,
      executedGtidSet: flavor === 'mysql' ? this.#sink.gtidExecuted : '',
      gtidSlavePos: flavor === 'mariadb' ? this.#sink.gtidPosition : '',
      secondsBehindSource: this.#secondsBehind(),
      remainingDelay: delay === null ? null : Math.max(0, Math.ceil(delay / 1000)),
      until: this.#until.status,
      // One that waits is not applied yet.
      processing: this.#isResting ? NO_TRANSACTION : this.#processing,
      lastProcessed: this.#lastProcessed,
      transactionsRetried: this.#retried + (this.#feed?.retried ?? 0),
      conflicts: this.#conflicts,
      lastConflict: this.#lastConflict,
      transactionsApplied: this.#applied,
    };
  }

  /** Begins; what happens from here on is in the status. */
  start(until: Until | undefined): void {
    if (this.#running !== undefined) return;
    this.#lastError = NO_ERROR;
    this.#until = new UntilCondition(until);
    this.#stop = new AbortController();
    this.#startedAt = this.#surroundings.now();
    this.#processing = NO_TRANSACTION;
    this.#state = 'ON';
    this.#stage = 'Waiting for the next event in relay log';
    this.#running = this.#run().then(
      () => this.#stopped(),
      (error: unknown) => {
        this.#fail(error);
        this.#stopped();
      },
    );
  }

  /** Ends behind the transaction that is under way. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** RESET REPLICA: begins with the relay log's first file. */
  forget(): void {
    this.#lastError = NO_ERROR;
    this.#until = new UntilCondition(undefined);
    this.#sink.note({ channel: this.#configuration.channel, gtid: undefined, place: null });
    this.#relayNumber = 1;
    this.#relayPosition = 4;
    this.#sourceFile = '';
    this.#sourcePosition = 0;
    this.#lastProcessed = NO_TRANSACTION;
  }

  /** Undefined: the channel has applied nothing yet. */
  #recall(): LogPlace | undefined {
    const place = this.#sink.place(this.#configuration.channel);
    if (place === undefined) return undefined;
    this.#relayNumber = Number(place['r']);
    this.#relayPosition = Number(place['p']);
    this.#sourceFile = String(place['f']);
    this.#sourcePosition = Number(place['q']);
    return { number: this.#relayNumber, position: this.#relayPosition };
  }

  #stopped(): void {
    this.#running = undefined;
    this.#state = 'OFF';
    this.#stage = '';
    // The one that failed is shown until the next start, as a server does.
    if (this.#lastError.number === 0) this.#processing = NO_TRANSACTION;
    this.#delayUntil = undefined;
  }

  #fail(error: unknown): void {
    const at = this.#surroundings.now();
    if (error instanceof ChannelError) {
      this.#lastError = { number: error.errno, message: error.message, at };
      return;
    }
    const message = error instanceof RowlockError ? error.describe() : String(error);
    const hint = error instanceof RowlockError && error.hint !== undefined ? ` ${error.hint}` : '';
    this.#lastError = { number: READ_FAILURE, message: `Relay log read failure: ${message}.${hint}`, at };
  }

  async #run(): Promise<void> {
    const { requireRowFormat, filters, privilegeChecksUser } = this.#configuration;
    const { flavor, privileges } = this.#surroundings;
    const user = privilegeChecksUser;
    if (user !== undefined) this.#checkAccount(user);
    await this.#sink.heal();
    const logged = this.#recall();
    const filter = new ReplicateFilter(filters);
    const table = user === undefined ? undefined : new TablePrivileges(privileges, user);
    this.#judge = requireRowFormat ? new EventJudge(flavor) : undefined;
    const keys =
      this.#configuration.requireTablePrimaryKeyCheck === 'ON'
        ? primaryKeyCheck(flavor, this.#surroundings.target?.isNamed() === true)
        : undefined;
    this.#selection =
      filter.isOn || table !== undefined || keys !== undefined
        ? new EventSelection(filter.isOn ? filter : undefined, table, flavor, this.#buffer, keys)
        : undefined;
    this.#tracker = new TransactionTracker();
    this.#skipping = false;
    this.#ends = this.#until.begin(this.#sink.gtidExecuted);
    await this.#openFeed(logged, filter);
    const { follower, from } = await this.#openLog().catch(async (error: unknown) => {
      await this.#closeFeed();
      throw error;
    });
    let lost: RowlockError | undefined;
    const forget = this.#sink.onFailure((error) => {
      lost = error;
      this.#stop.abort();
    });
    try {
      await this.#pass(follower, from);
      await this.#follow(follower).catch((error: unknown) => {
        if (!(error instanceof Stopped)) throw error;
      });
      await this.#sink.settle();
      if (lost !== undefined) throw lost as RowlockError;
    } finally {
      forget();
      follower.close();
      await this.#feed?.abandon();
      // What the target has applied counts, whatever came behind it.
      if (lost === undefined) await this.#release();
      this.#buffer.clear();
      if (this.#giveBack !== undefined) {
        this.#sink.rollback();
        this.#giveBack();
        this.#giveBack = undefined;
      }
      // Whatever stopped it: what it took over before is safe once it says that it has stopped.
      await this.#sink.settle().catch(() => undefined);
      await this.#closeFeed();
    }
  }

  /** Opens the channel's target, if it has one. */
  async #openFeed(logged: LogPlace | undefined, filter: ReplicateFilter): Promise<void> {
    const inUse = this.#surroundings.target?.make((error) => this.#noteConflict(error));
    this.#logged = logged ?? { number: this.#relayNumber, position: this.#relayPosition };
    if (inUse === undefined) {
      if (this.#configuration.requireTablePrimaryKeyCheck === 'GENERATE') throw keysWithoutTables();
      return;
    }
    const { log } = this.#log;
    const { channel } = this.#configuration;
    const places = {
      start: logged,
      first: { number: log.files[0]!.number, position: 4 },
      nameOf: (number: number) => log.nameOf(number),
    };
    const renamed = filter.isOn ? (schema: string): string => filter.rewritten(schema) : undefined;
    this.#feed = await TargetFeed.open(inUse, channel, places, renamed);
    this.#startsFile = false;
    this.#sinceTurn = 0;
    if (logged !== undefined) return;
    // From now on the place counts that the target remembers: nothing may be applied before that is written down.
    this.#sink.note({
      channel,
      gtid: undefined,
      place: { r: places.first.number, p: 4, f: this.#sourceFile, q: this.#sourcePosition },
    });
    await this.#sink.settle();
  }

  /** A row of the target was not as the source had it, and the channel goes on. */
  #noteConflict(error: Error): void {
    const { errno = 0 } = error as { errno?: number };
    this.#conflicts += 1;
    this.#lastConflict = { number: errno, message: error.message, at: this.#surroundings.now() };
  }

  async #openLog(): Promise<{ readonly follower: LogFollower; readonly from: number }> {
    const begin = this.#begins();
    if (begin === this.#logged) await this.#feed?.restart(begin);
    const follower = await this.#log.read({ number: begin.number, position: START });
    return { follower, from: begin.position };
  }

  async #closeFeed(): Promise<void> {
    const feed = this.#feed;
    this.#retried += feed?.retried ?? 0;
    this.#feed = undefined;
    await feed?.close();
  }

  /** Where reading begins: behind what both the binary log and the target have. */
  #begins(): LogPlace {
    const { files } = this.#log.log;
    const place = this.#feed?.place;
    const isBehind = place !== undefined && comparePlaces(place, this.#logged) < 0;
    const wanted = isBehind ? place : { number: this.#relayNumber, position: this.#relayPosition };
    if (files.some(({ number }) => number === wanted.number)) return wanted;
    if (isBehind) {
      throw new ChannelError(
        TARGET_BEHIND,
        `The target stands at ${this.#log.log.nameOf(wanted.number)}, position ${wanted.position}, and the relay log has been applied ` +
          'and purged beyond. What lies between is not in the target: give the channel a new one.',
      );
    }
    // The relay log was made anew under us: places in the old one mean nothing.
    this.#logged = { number: files[0]!.number, position: 4 };
    return this.#logged;
  }

  /** What the target has for good goes into the binary log. */
  async #release(): Promise<void> {
    const feed = this.#feed;
    if (feed === undefined) return;
    for (const transaction of await feed.flush()) {
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

  /** PRIVILEGE_CHECKS_USER must be somebody who may. */
  #checkAccount({ user, host }: { readonly user: string; readonly host: string }): void {
    const { privileges } = this.#surroundings;
    const { channel } = this.#configuration;
    const account = `\`${user}\`@\`${host}\``;
    if (!privileges.exists(user, host)) {
      throw new ChannelError(
        13_124,
        `Error initializing PRIVILEGE_CHECKS_USER for replication channel '${channel}': ${account} is not an existing user.`,
      );
    }
    if (privileges.mayApply(user, host)) return;
    throw new ChannelError(
      13_496,
      `PRIVILEGE_CHECKS_USER for replication channel '${channel}' was set to ${account}, but this user does not have ` +
        'REPLICATION_APPLIER privilege. Correct this before starting the replication threads.',
    );
  }

  /** Reads up to where the last run ended: the heads that say how to read what follows. */
  async #pass(follower: LogFollower, until: number): Promise<void> {
    const event = new RawEvent();
    while (follower.position < until && !follower.atEnd) {
      if (!follower.next(event)) await follower.load();
      else this.#read(event);
    }
  }

  #read(event: RawEvent): void {
    const { file } = this.#place;
    this.#place.visit(event);
    if (this.#place.file !== file) {
      if (this.#feed === undefined) this.#clock.startFile();
      this.#startsFile = true;
    }
    if (event.type !== EventType.FORMAT_DESCRIPTION_EVENT) return;
    this.#feed?.setFormat(event);
    this.#judge?.check(event);
    this.#selection?.setFormat(event);
  }

  async #follow(follower: LogFollower): Promise<void> {
    const event = new RawEvent();
    const { signal } = this.#stop;
    let turnEnds = 0;
    while (!this.#ends) {
      while (follower.next(event)) {
        const wait = this.#take(event, follower);
        if (wait !== undefined) await wait;
        if (this.#ends || (signal.aborted && this.#tracker.isBetween)) return;
      }
      if (follower.atEnd) await this.#release();
      if (!follower.atEnd) {
        if (performance.now() >= turnEnds) {
          await nextTurn();
          turnEnds = performance.now() + TURN_MS;
        }
        await follower.load();
      } else if (await follower.advance()) {
        this.#tracker.reset();
        await this.#feed?.moveOn({ number: follower.place.number, position: START });
        this.#moveOn(follower);
      } else {
        if (signal.aborted) return;
        this.#caughtUp = true;
        this.#stage = 'Replica has read all relay log; waiting for more updates';
        await follower.wait(signal);
        this.#caughtUp = false;
        if (signal.aborted && follower.atEnd) return;
      }
    }
  }

  #take(event: RawEvent, follower: LogFollower): Promise<void> | undefined {
    const place = this.#tracker.place(event);
    if (place === 'outside') {
      this.#read(event);
      return undefined;
    }
    if (place === 'begins' || place === 'alone') {
      if (!this.#begin(event, follower)) return undefined;
      const delay = this.#delay();
      if (delay > 0)
        return this.#release()
          .then(() => this.#rest(delay))
          .then(() => this.#go(event, place, follower));
    }
    return this.#go(event, place, follower);
  }

  /** False: the run ends here. */
  #begin(event: RawEvent, follower: LogFollower): boolean {
    const gtid = transactionGtid(event);
    this.#gtid = gtid;
    const here = this.#here(follower, event.position);
    if (this.#until.isReachedBefore(gtid, here)) {
      this.#ends = true;
      return false;
    }
    this.#place.visit(event);
    this.#timestamp = event.timestamp;
    this.#stage = 'Applying batch of row changes';
    this.#processing = transactionTimes(event, this.#surroundings.now);
    this.#route(gtid, { number: follower.place.number, position: event.position });
    this.#buffer.clear();
    this.#selection?.begin();
    return true;
  }

  /** Where the transaction that begins goes: what is there already does not go there again. */
  #route(gtid: TransactionGtid | undefined, here: LogPlace): void {
    const isLogged = comparePlaces(here, this.#logged) < 0;
    const isKnown = gtid !== undefined && this.#sink.has(gtid);
    this.#forLog = !isLogged && !isKnown;
    // One that was known before it came here was another channel's, and is in its target.
    this.#forTarget = this.#feed !== undefined && !this.#feed.has(here) && (isLogged || !isKnown);
    this.#skipping = !this.#forLog && !this.#forTarget;
    this.#isPart = false;
  }

  #here(
    { fileName }: LogFollower,
    relayPosition: number,
  ): { sourceFile: string; sourcePosition: number; relayFile: string; relayPosition: number } {
    const { file, position } = this.#place;
    return { sourceFile: file, sourcePosition: position, relayFile: fileName, relayPosition };
  }

  #go(event: RawEvent, place: TransactionPlace, follower: LogFollower): Promise<void> | undefined {
    if (place === 'inside' || place === 'ends') this.#place.visit(event);
    const judgement = this.#judge?.check(event);
    if (judgement !== undefined) {
      const gtid = this.#gtid === undefined ? '' : gtidText(this.#gtid);
      const { file, position } = this.#place;
      const error = applierViolationError(judgement, { file, position, gtid });
      this.#surroundings.violated(error);
      throw error;
    }
    if (!this.#skipping) {
      if (this.#selection === undefined) this.#buffer.add(event);
      else this.#select(this.#selection, event);
    }
    if (place === 'ends' || place === 'alone') return this.#commit(follower);
    const mayWrite = this.#selection?.isBetweenStatements ?? true;
    return this.#buffer.bytes > HELD_BYTES && mayWrite ? this.#writePart() : undefined;
  }

  /** What the channel's account may not do, in the words of a server's worker. */
  #select(selection: EventSelection, event: RawEvent): void {
    try {
      selection.take(event);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      const { file, position } = this.#place;
      const gtid = this.#gtid === undefined ? 'ANONYMOUS' : gtidText(this.#gtid);
      const what =
        event.type === EventType.QUERY_EVENT
          ? `Error '${error.message}' on query.`
          : `Error executing row event: '${error.message}'`;
      throw new ChannelError(
        error.errno,
        `Worker 1 failed executing transaction '${gtid}' at source log ${file}, end_log_pos ${position}; ${what}`,
        { cause: error },
      );
    }
  }

  /** A transaction too large to hold: nobody else writes until it is whole. */
  async #writePart(): Promise<void> {
    const feed = this.#feed;
    if (feed !== undefined) {
      // Nothing may be pending in a target whose transaction is open.
      if (!this.#isPart) await this.#release();
      if (this.#forTarget) await feed.apply(this.#buffer, !this.#isPart, undefined, this.#place.file);
      this.#isPart = true;
      if (!this.#forLog) {
        this.#buffer.clear();
        return;
      }
    }
    const begins = this.#giveBack === undefined;
    this.#giveBack ??= await this.#sink.turn();
    if (begins) {
      if (feed !== undefined && this.#startsFile) this.#clock.startFile();
      this.#startsFile = false;
      this.#name();
    }
    this.#sink.appendPart(this.#buffer, this.#clock, begins);
    // The queue of the disk is as long as memory is; a turn of the loop lets it write.
    await this.#sink.backlog();
  }

  #commit(follower: LogFollower): Promise<void> | undefined {
    if (this.#feed !== undefined) return this.#commitThrough(this.#feed, follower);
    return this.#commitToLog(follower);
  }

  /** First into the target; the binary log follows when that is durable. */
  async #commitThrough(feed: TargetFeed, follower: LogFollower): Promise<void> {
    const { place } = follower;
    const after = { number: place.number, position: place.position };
    if (this.#forTarget) await feed.apply(this.#buffer, !this.#isPart, after, this.#place.file);
    if (this.#giveBack !== undefined) {
      // Nothing else is pending: it was released when the first part went into the binary log.
      await feed.flush();
      await this.#commitToLog(follower);
      return;
    }
    if (!this.#forLog) this.#buffer.clear();
    feed.keep({
      buffer: this.#buffer.detach(),
      commit: this.#commitOf(follower),
      startsFile: this.#startsFile,
    });
    this.#startsFile = false;
    if (this.#until.isReachedAfter(this.#gtid, this.#here(follower, place.position))) this.#ends = true;
    if (feed.isFull) await this.#release();
    this.#sinceTurn += 1;
    if (this.#sinceTurn % TRANSACTIONS_A_TURN === 0) await nextTurn();
  }

  #commitToLog(follower: LogFollower): Promise<void> | undefined {
    const giveBack = this.#giveBack;
    if (giveBack === undefined) {
      const room = this.#sink.room();
      if (room !== undefined) return room.then(() => this.#commitToLog(follower));
    }
    if (this.#buffer.count > 0 && giveBack === undefined) this.#name();
    const commit = this.#commitOf(follower);
    if (giveBack !== undefined) {
      this.#sink.appendPart(this.#buffer, this.#clock, false);
      this.#sink.commit(commit);
      this.#giveBack = undefined;
      giveBack();
    } else if (this.#buffer.count > 0) this.#sink.append(this.#buffer, this.#clock, commit);
    else this.#sink.note({ ...commit, gtid: undefined });
    const here = this.#here(follower, follower.position);
    if (this.#until.isReachedAfter(this.#gtid, here)) this.#ends = true;
    return undefined;
  }

  /** ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS */
  #name(): void {
    this.#gtid = this.#nameOf(this.#buffer, this.#gtid);
  }

  #nameOf(buffer: TransactionBuffer, gtid: TransactionGtid | undefined): TransactionGtid | undefined {
    const { assignGtidsToAnonymousTransactions: assign } = this.#configuration;
    if (assign === 'OFF' || gtid !== undefined || this.#surroundings.flavor !== 'mysql') return gtid;
    const uuid = assign === 'LOCAL' ? this.#surroundings.serverUuid : assign.toLowerCase();
    const named = this.#sink.assign(uuid);
    nameTransaction(buffer, named);
    return named;
  }

  #commitOf(follower: LogFollower): Commit {
    const { number, position } = follower.place;
    const { file, position: sourcePosition } = this.#place;
    const times = this.#processing;
    return {
      gtid: this.#gtid,
      channel: this.#configuration.channel,
      place: { r: number, p: position, f: file, q: sourcePosition },
      done: () => {
        this.#applied += 1;
        if (this.#processing === times) this.#processing = NO_TRANSACTION;
        this.#lastProcessed = finished(times, this.#surroundings.now);
        this.#reach(number, position, file, sourcePosition);
      },
    };
  }

  /** The next file of the relay log begins: the one before is not needed any more, even if nothing follows. */
  #moveOn({ place: { number } }: LogFollower): void {
    const { file, position } = this.#place;
    this.#sink.note({
      gtid: undefined,
      channel: this.#configuration.channel,
      place: { r: number, p: START, f: file, q: position },
      done: () => this.#reach(number, START, file, position),
    });
  }

  /** Everything before this place is durable in the sink. */
  #reach(number: number, position: number, file: string, sourcePosition: number): void {
    this.#relayPosition = position;
    this.#sourceFile = file;
    this.#sourcePosition = sourcePosition;
    if (number === this.#relayNumber) return;
    this.#relayNumber = number;
    if (this.#surroundings.purgesRelayLogs()) this.#log.purgeBefore(number).catch(() => undefined);
  }

  /** Milliseconds until SOURCE_DELAY is over. */
  #delay(): number {
    const { sourceDelay } = this.#configuration;
    if (sourceDelay === 0) return 0;
    const due = this.#processing.immediateCommit / 1000 + sourceDelay * 1000;
    const left = due - this.#surroundings.now();
    this.#delayUntil = left > 0 ? due : undefined;
    return left;
  }

  /** A stop ends the pause, and the transaction is left for the next start. */
  async #rest(milliseconds: number): Promise<void> {
    this.#stage = 'Waiting until SOURCE_DELAY seconds after source executed event';
    this.#isResting = true;
    for (let left = milliseconds; left > 0 && !this.#stop.signal.aborted; left = this.#delay()) {
      await pause(Math.min(left, LOOK_AGAIN_MS), this.#stop.signal);
    }
    this.#delayUntil = undefined;
    this.#isResting = false;
    this.#stage = 'Applying batch of row changes';
    begunNow(this.#processing, this.#surroundings.now);
    if (!this.#stop.signal.aborted) return;
    this.#processing = NO_TRANSACTION;
    this.#ends = true;
    throw new Stopped();
  }

  #secondsBehind(): number | null {
    if (this.#running === undefined) return null;
    if (this.#caughtUp) return this.#surroundings.isReceiving() ? 0 : null;
    if (this.#timestamp === 0) return 0;
    return Math.max(0, Math.floor(this.#surroundings.now() / 1000) - this.#timestamp);
  }
}

/** ER_NOT_SUPPORTED_YET */
const NOT_SUPPORTED = 1235;

const keysWithoutTables = (): ChannelError =>
  new ChannelError(
    NOT_SUPPORTED,
    'REQUIRE_TABLE_PRIMARY_KEY_CHECK = GENERATE needs a target: without one the relay makes no tables. Name it with rowlock_target or CHANGE REPLICATION TARGET TO.',
  );

/** A delay is waited for in parts: clocks are set while it lasts. */
const LOOK_AGAIN_MS = 1000;

/** The run ends in front of a transaction that was waited for. */
class Stopped extends Error {}

/** Lets the network and the disk have their turn between two blocks. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

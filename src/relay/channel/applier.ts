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
import { isTargetLost } from '../../target/index.ts';
import type { Commit } from '../binary-log/index.ts';
import type { PrivilegeChecks } from '../streams.ts';
import { AppliedPlace } from './applied-place.ts';
import { ApplierProgress } from './applier-progress.ts';
import { applierViolationError, ChannelError } from './channel-error.ts';
import { demandChecksAccount } from './checks-account.ts';
import type { ChannelConfiguration } from './configuration.ts';
import { Delivery, type DeliveryReader } from './delivery.ts';
import { primaryKeyCheck } from './primary-key-check.ts';
import type { RelayLog } from './relay-log.ts';
import { isBehind, type SourceFilePlace, SourcePlace } from './source-place.ts';
import type { ApplierStatus, TransactionTimes } from './status.ts';
import { TablePrivileges } from './table-privileges.ts';
import { TakenOver } from './taken-over.ts';
import { type ChannelTargetMaker, TargetFeed } from './target-feed.ts';
import type { TransactionSink } from './transaction-sink.ts';
import { type LabelledTimes, transactionTimes } from './transaction-times.ts';
import { nextTurn, pause } from './waiting.ts';

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
/** ER_MASTER_HAS_PURGED_REQUIRED_GTIDS, of the relay log instead of the source's. */
const TARGET_BEHIND = 1789;
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
  readonly #delivery: Delivery;
  #running: Promise<void> | undefined;
  #stop = new AbortController();
  readonly #progress: ApplierProgress;
  #until = new UntilCondition(undefined);
  readonly #applied = new AppliedPlace();
  #caughtUp = false;
  #timestamp = 0;
  #delayUntil: number | undefined;
  readonly #takenOver = new TakenOver();
  /** Up to where that is, in the source's log. */
  #behind: SourceFilePlace = { file: '', position: 0 };
  // Of the run under way:
  #tracker = new TransactionTracker();
  #place = new SourcePlace();
  #judge: EventJudge | undefined;
  #selection: EventSelection | undefined;
  #ends = false;
  #feed: TargetFeed | undefined;
  /** Where the binary log was when the run began: what lies before is in it. */
  #logged: LogPlace = { number: 1, position: 4 };

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
    this.#progress = new ApplierProgress(surroundings.now);
    this.#delivery = new Delivery({
      sink,
      uuidForAnonymous: () => this.#uuidForAnonymous(),
      commitOf: (gtid, reader) => this.#commitOf(gtid, reader),
    });
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
      ...this.#progress.told(this.#feed),
      relayLogFile: this.#log.log.nameOf(this.#applied.relayNumber),
      relayLogPos: this.#applied.relayPosition,
      sourceLogFile: this.#applied.sourceFile,
      execSourceLogPos: this.#applied.sourcePosition,
      executedGtidSet: flavor === 'mysql' ? this.#sink.gtidExecuted : '',
      gtidSlavePos: flavor === 'mariadb' ? this.#sink.gtidPosition : '',
      secondsBehindSource: this.#secondsBehind(),
      remainingDelay: delay === null ? null : Math.max(0, Math.ceil(delay / 1000)),
      until: this.#until.status,
    };
  }

  /** Begins; what happens from here on is in the status. */
  start(until: Until | undefined): void {
    if (this.#running !== undefined) return;
    this.#until = new UntilCondition(until);
    this.#stop = new AbortController();
    this.#progress.start();
    this.#running = this.#keepRunning().then(
      () => this.#stopped(),
      (error: unknown) => {
        this.#progress.fail(error);
        this.#stopped();
      },
    );
  }

  /** Ends behind the transaction that is under way. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Whether the binary log has for good what ends here in the relay log: see {@link TakenOver.durable}. */
  durable(place: LogPlace): Promise<boolean> | undefined {
    return this.#takenOver.durable(place, this.#applied.relay);
  }

  /** RESET REPLICA: begins with the relay log's first file. */
  forget(): void {
    this.#progress.forget();
    this.#until = new UntilCondition(undefined);
    this.#sink.note({ channel: this.#configuration.channel, gtid: undefined, place: null });
    this.#applied.clear();
  }

  /** Undefined: the channel has applied nothing yet. */
  #recall(): LogPlace | undefined {
    return this.#applied.recall(this.#sink.place(this.#configuration.channel));
  }

  #stopped(): void {
    this.#running = undefined;
    this.#progress.stop();
    this.#delayUntil = undefined;
  }

  /** Runs, and goes on where the target stands when that was lost: as often, and with the pauses, as the receiver with a source. */
  async #keepRunning(): Promise<void> {
    const { signal } = this.#stop;
    for (let losses = 1; ; losses += 1) {
      const before = this.#progress.transactions;
      this.#progress.stage = 'Waiting for the next event in relay log';
      try {
        // oxlint-disable-next-line no-await-in-loop -- one life of the target after the other
        await this.#run();
        return;
      } catch (error) {
        const { sourceConnectRetry, sourceRetryCount } = this.#configuration;
        if (this.#progress.transactions > before) losses = 1;
        const isLost = error instanceof ChannelError && isTargetLost(error.cause);
        const mayGoOn = sourceRetryCount === 0 || losses < sourceRetryCount;
        if (!isLost || !mayGoOn || signal.aborted) throw error;
        this.#progress.lose(error);
        // oxlint-disable-next-line no-await-in-loop -- one life of the target after the other
        await pause(sourceConnectRetry * 1000, signal);
        if (signal.aborted) return;
      }
    }
  }

  async #run(): Promise<void> {
    const { requireRowFormat, filters, privilegeChecksUser } = this.#configuration;
    const { flavor, privileges } = this.#surroundings;
    const user = privilegeChecksUser;
    if (user !== undefined) demandChecksAccount(privileges, user, this.#configuration.channel);
    await this.#sink.heal();
    const logged = this.#recall();
    this.#behind = { file: this.#applied.sourceFile, position: this.#applied.sourcePosition };
    const filter = new ReplicateFilter(filters);
    const table = user === undefined ? undefined : new TablePrivileges(privileges, user);
    this.#judge = requireRowFormat ? new EventJudge(flavor) : undefined;
    const keys =
      this.#configuration.requireTablePrimaryKeyCheck === 'ON'
        ? primaryKeyCheck(flavor, this.#surroundings.target?.isNamed() === true)
        : undefined;
    this.#selection =
      filter.isOn || table !== undefined || keys !== undefined
        ? new EventSelection(filter.isOn ? filter : undefined, table, flavor, this.#delivery.buffer, keys)
        : undefined;
    this.#tracker = new TransactionTracker();
    this.#ends = this.#until.begin(this.#sink.gtidExecuted);
    await this.#openFeed(logged, filter);
    this.#delivery.start(this.#feed);
    const { follower, from } = await this.#openLog().catch(async (error: unknown) => {
      await this.#closeFeed();
      throw error;
    });
    let lost: RowlockError | undefined;
    const forget = this.#sink.onFailure((error) => {
      lost = error;
      this.#takenOver.forget();
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
      await this.#delivery.end(lost !== undefined);
      // Whatever stopped it: what it took over before is safe once it says that it has stopped.
      await this.#sink.settle().catch(() => undefined);
      this.#takenOver.forget();
      await this.#closeFeed();
    }
  }

  /** Opens the channel's target, if it has one. */
  async #openFeed(logged: LogPlace | undefined, filter: ReplicateFilter): Promise<void> {
    const inUse = this.#surroundings.target?.make((error) => this.#progress.noteConflict(error));
    this.#logged = logged ?? this.#applied.relay;
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
    // It may have been lost before.
    this.#progress.open();
    if (logged !== undefined) return;
    // From now on the place counts that the target remembers: nothing may be applied before that is written down.
    this.#sink.note({
      channel,
      gtid: undefined,
      place: this.#applied.remembered(places.first, this.#applied.sourceFile, this.#applied.sourcePosition),
    });
    await this.#sink.settle();
  }

  async #openLog(): Promise<{ readonly follower: LogFollower; readonly from: number }> {
    const begin = this.#begins();
    if (begin === this.#logged) await this.#feed?.restart(begin);
    const head = { number: begin.number, position: START };
    // Two disks need not be waited for one after the other: the binary log makes durable what this one has not yet. A target is held
    // against the relay log when it goes on, so it never has what could be lost here.
    const follower = this.#feed === undefined ? await this.#log.readMarked(head) : await this.#log.read(head);
    return { follower, from: begin.position };
  }

  async #closeFeed(): Promise<void> {
    const feed = this.#feed;
    this.#progress.close(feed);
    this.#feed = undefined;
    await feed?.close();
  }

  /** Where reading begins: behind what both the binary log and the target have. */
  #begins(): LogPlace {
    const { files } = this.#log.log;
    const place = this.#feed?.place;
    const isBehind = place !== undefined && comparePlaces(place, this.#logged) < 0;
    const wanted = isBehind ? place : this.#applied.relay;
    this.#noticeGap();
    const { gap } = this.#applied;
    if (isBehind && gap !== undefined && comparePlaces(place, gap) < 0) {
      throw new ChannelError(
        TARGET_BEHIND,
        `The target stands at ${this.#log.log.nameOf(place.number)}, position ${place.position}, and the relay log lost what came ` +
          `before ${this.#log.log.nameOf(gap.number)}, position ${gap.position}: the power went, or its disk failed, while the channel had ` +
          'no target. The binary log has it, the target has not: give the channel a new one.',
      );
    }
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

  #noticeGap(): void {
    const { relay } = this.#applied;
    const taken = comparePlaces(relay, this.#takenOver.place) < 0 ? this.#takenOver.place : relay;
    this.#applied.noticeGap(taken, this.#log.log.files);
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
    if (this.#place.file !== file) this.#delivery.startFile();
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
      if (follower.atEnd) await this.#delivery.release();
      if (!follower.atEnd) {
        if (performance.now() >= turnEnds) {
          await nextTurn();
          turnEnds = performance.now() + TURN_MS;
        }
        await follower.load();
      } else if (await follower.advance()) {
        // The relay log could not be written to its end: the transaction comes again.
        if (!this.#tracker.isBetween) this.#delivery.drop();
        this.#tracker.reset();
        await this.#feed?.moveOn({ number: follower.place.number, position: START });
        this.#moveOn(follower);
      } else {
        if (signal.aborted) return;
        this.#caughtUp = true;
        this.#progress.stage = 'Replica has read all relay log; waiting for more updates';
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
        return this.#delivery
          .release()
          .then(() => this.#rest(delay))
          .then(() => this.#go(event, place, follower));
    }
    return this.#go(event, place, follower);
  }

  /** False: the run ends here. */
  #begin(event: RawEvent, follower: LogFollower): boolean {
    const gtid = transactionGtid(event);
    const here = this.#here(follower, event.position);
    if (this.#until.isReachedBefore(gtid, here)) {
      this.#ends = true;
      return false;
    }
    this.#place.visit(event);
    this.#timestamp = event.timestamp;
    const times: LabelledTimes = transactionTimes(event, this.#surroundings.now);
    this.#progress.begin(times);
    const begun = { number: follower.place.number, position: event.position };
    this.#checkOrder(gtid, begun);
    this.#delivery.begin(gtid, begun, this.#logged, times);
    this.#selection?.begin();
    return true;
  }

  /** By positions, MariaDB's numbers that were here tell of a source that began anew, or of a place that was read before. */
  #checkOrder(gtid: TransactionGtid | undefined, begun: LogPlace): void {
    if (gtid?.flavor !== 'mariadb' || this.#configuration.positioning !== 'position') return;
    if (comparePlaces(begun, this.#logged) < 0 || !this.#sink.has(gtid)) return;
    // A relay log that lost its end has it again.
    if (isBehind(this.#place, this.#behind)) return;
    throw new ChannelError(
      OUT_OF_ORDER,
      `An attempt was made to binlog GTID ${gtidText(gtid)} which would create an out-of-order sequence number with existing GTIDs ` +
        `${this.#sink.gtidPosition}, and gtid strict mode is enabled. The binary log had it before: go on behind it, by MASTER_USE_GTID = ` +
        'slave_pos or by a later position; where the source began anew, so must the relay: RESET MASTER.',
    );
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
      const { gtid: named } = this.#delivery;
      const gtid = named === undefined ? '' : gtidText(named);
      const { file, position } = this.#place;
      const error = applierViolationError(judgement, { file, position, gtid });
      this.#surroundings.violated(error);
      throw error;
    }
    const delivery = this.#delivery;
    if (!delivery.isSkipped) {
      if (this.#selection === undefined) delivery.buffer.add(event);
      else this.#select(this.#selection, event);
    }
    if (place === 'ends' || place === 'alone') return this.#commit(follower);
    const mayWrite = this.#selection?.isBetweenStatements ?? true;
    return delivery.buffer.bytes > HELD_BYTES && mayWrite ? delivery.writePart(this.#place.file) : undefined;
  }

  /** What the channel's account may not do, in the words of a server's worker. */
  #select(selection: EventSelection, event: RawEvent): void {
    try {
      selection.take(event);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      const { file, position } = this.#place;
      const { gtid: named } = this.#delivery;
      const gtid = named === undefined ? 'ANONYMOUS' : gtidText(named);
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

  #commit(follower: LogFollower): Promise<void> | undefined {
    const times = this.#progress.processing;
    const wait = this.#delivery.commit(this.#place.file, follower);
    if (wait !== undefined) return wait.then(() => this.#committed(follower, times));
    this.#committed(follower, times);
    return undefined;
  }

  #committed(follower: LogFollower, times: TransactionTimes): void {
    this.#progress.read(times);
    const here = this.#here(follower, follower.position);
    if (this.#until.isReachedAfter(this.#delivery.gtid, here)) this.#ends = true;
  }

  #uuidForAnonymous(): string | undefined {
    const { assignGtidsToAnonymousTransactions: assign } = this.#configuration;
    if (assign === 'OFF' || this.#surroundings.flavor !== 'mysql') return undefined;
    return assign === 'LOCAL' ? this.#surroundings.serverUuid : assign.toLowerCase();
  }

  #commitOf(gtid: TransactionGtid | undefined, { place: { number, position } }: DeliveryReader): Commit {
    const { file, position: sourcePosition } = this.#place;
    const times = this.#progress.processing;
    // What goes to a target first was durable in the relay log before.
    if (this.#feed === undefined) this.#takenOver.place = { number, position };
    this.#behind = { file, position: sourcePosition };
    return {
      gtid,
      channel: this.#configuration.channel,
      place: this.#applied.remembered({ number, position }, file, sourcePosition),
      done: () => {
        this.#progress.apply(times);
        this.#reach(number, position, file, sourcePosition);
      },
    };
  }

  /** The next file of the relay log begins: the one before is not needed any more, even if nothing follows. */
  #moveOn({ place: { number } }: LogFollower): void {
    this.#noticeGap();
    // A relay log that lost its end begins again before what was taken over.
    const { file, position } = isBehind(this.#place, this.#behind) ? this.#behind : this.#place;
    this.#sink.note({
      gtid: undefined,
      channel: this.#configuration.channel,
      place: this.#applied.remembered({ number, position: START }, file, position),
      done: () => this.#reach(number, START, file, position),
    });
  }

  /** Everything before this place is durable in the sink. */
  #reach(number: number, position: number, file: string, sourcePosition: number): void {
    const isNext = this.#applied.reach(number, position, file, sourcePosition);
    this.#takenOver.reach(this.#applied.relay);
    if (isNext && this.#surroundings.purgesRelayLogs()) this.#log.purgeBefore(number).catch(() => undefined);
  }

  /** Milliseconds until SOURCE_DELAY is over. */
  #delay(): number {
    const { sourceDelay } = this.#configuration;
    if (sourceDelay === 0) return 0;
    const due = this.#progress.processing.immediateCommit / 1000 + sourceDelay * 1000;
    const left = due - this.#surroundings.now();
    this.#delayUntil = left > 0 ? due : undefined;
    return left;
  }

  /** A stop ends the pause, and the transaction is left for the next start. */
  async #rest(milliseconds: number): Promise<void> {
    this.#progress.rest();
    for (let left = milliseconds; left > 0 && !this.#stop.signal.aborted; left = this.#delay()) {
      await pause(Math.min(left, LOOK_AGAIN_MS), this.#stop.signal);
    }
    this.#delayUntil = undefined;
    const isStopped = this.#stop.signal.aborted;
    this.#progress.goOn(!isStopped);
    if (!isStopped) return;
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

/** MariaDB's ER_GTID_STRICT_OUT_OF_ORDER */
const OUT_OF_ORDER = 1950;

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

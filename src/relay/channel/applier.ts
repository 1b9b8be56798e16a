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
import type { LogFollower } from '../../store/index.ts';
import { type Commit, SourceClock, TransactionBuffer } from '../binary-log/index.ts';
import type { PrivilegeChecks } from '../streams.ts';
import { nameTransaction } from './assigned-gtid.ts';
import { applierViolationError, ChannelError } from './channel-error.ts';
import type { ChannelConfiguration } from './configuration.ts';
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
import type { TransactionSink } from './transaction-sink.ts';
import { finished, transactionTimes } from './transaction-times.ts';

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
}

/** A transaction is held until it is whole up to this size; a larger one is written in parts while others wait. */
const HELD_BYTES = 4 << 20;
/** Where a file's events begin. */
const START = 4;
/** ER_REPLICA_RELAY_LOG_READ_FAILURE, ER_ERROR_ON_WRITE */
const READ_FAILURE = 1594;

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
  #startedAt = 0;
  #relayNumber = 1;
  #relayPosition = 4;
  #sourceFile = '';
  #sourcePosition = 0;
  #caughtUp = false;
  #timestamp = 0;
  #delayUntil: number | undefined;
  // Of the run under way:
  #tracker = new TransactionTracker();
  #place = new SourcePlace();
  #judge: EventJudge | undefined;
  #selection: EventSelection | undefined;
  #gtid: TransactionGtid | undefined;
  #anonymous = false;
  #skipping = false;
  #giveBack: (() => void) | undefined;
  #ends = false;

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
      processing: this.#processing,
      lastProcessed: this.#lastProcessed,
      transactionsRetried: 0,
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

  #recall(): void {
    const place = this.#sink.place(this.#configuration.channel);
    if (place === undefined) return;
    this.#relayNumber = Number(place['r']);
    this.#relayPosition = Number(place['p']);
    this.#sourceFile = String(place['f']);
    this.#sourcePosition = Number(place['q']);
  }

  #stopped(): void {
    this.#running = undefined;
    this.#state = 'OFF';
    this.#stage = '';
    this.#processing = NO_TRANSACTION;
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
    this.#recall();
    const filter = new ReplicateFilter(filters);
    const table = user === undefined ? undefined : new TablePrivileges(privileges, user);
    this.#judge = requireRowFormat ? new EventJudge(flavor) : undefined;
    this.#selection =
      filter.isOn || table !== undefined
        ? new EventSelection(filter.isOn ? filter : undefined, table, flavor, this.#buffer)
        : undefined;
    this.#tracker = new TransactionTracker();
    this.#skipping = false;
    this.#ends = this.#until.begin(this.#sink.gtidExecuted);
    const number = this.#log.log.files.some((file) => file.number === this.#relayNumber)
      ? this.#relayNumber
      : this.#log.log.files[0]!.number;
    const from = number === this.#relayNumber ? this.#relayPosition : 4;
    const follower = await this.#log.read({ number, position: 4 });
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
      this.#buffer.clear();
      if (this.#giveBack !== undefined) {
        this.#sink.rollback();
        this.#giveBack();
        this.#giveBack = undefined;
      }
      // Whatever stopped it: what it took over before is safe once it says that it has stopped.
      await this.#sink.settle().catch(() => undefined);
    }
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
    if (this.#place.file !== file) this.#clock.startFile();
    if (event.type !== EventType.FORMAT_DESCRIPTION_EVENT) return;
    this.#judge?.check(event);
    this.#selection?.setFormat(event);
  }

  async #follow(follower: LogFollower): Promise<void> {
    const event = new RawEvent();
    const { signal } = this.#stop;
    while (!this.#ends) {
      while (follower.next(event)) {
        const wait = this.#take(event, follower);
        if (wait !== undefined) await wait;
        if (this.#ends || (signal.aborted && this.#tracker.isBetween)) return;
      }
      if (!follower.atEnd) {
        await nextTurn();
        await follower.load();
      } else if (await follower.advance()) {
        this.#tracker.reset();
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
      if (delay > 0) return this.#rest(delay).then(() => this.#go(event, place, follower));
    }
    return this.#go(event, place, follower);
  }

  /** False: the run ends here. */
  #begin(event: RawEvent, follower: LogFollower): boolean {
    const gtid = transactionGtid(event);
    this.#gtid = gtid;
    this.#anonymous = gtid === undefined;
    const here = this.#here(follower, event.position);
    if (this.#until.isReachedBefore(gtid, here)) {
      this.#ends = true;
      return false;
    }
    this.#place.visit(event);
    this.#timestamp = event.timestamp;
    this.#stage = 'Applying batch of row changes';
    this.#processing = transactionTimes(event, this.#surroundings.now);
    this.#skipping = gtid !== undefined && this.#sink.has(gtid);
    this.#buffer.clear();
    this.#selection?.begin();
    return true;
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
    const begins = this.#giveBack === undefined;
    this.#giveBack ??= await this.#sink.turn();
    if (begins) this.#name();
    this.#sink.appendPart(this.#buffer, this.#clock, begins);
    // The queue of the disk is as long as memory is; a turn of the loop lets it write.
    await this.#sink.backlog();
  }

  #commit(follower: LogFollower): Promise<void> | undefined {
    const giveBack = this.#giveBack;
    if (giveBack === undefined) {
      const room = this.#sink.room();
      if (room !== undefined) return room.then(() => this.#commit(follower));
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
    const { assignGtidsToAnonymousTransactions: assign } = this.#configuration;
    if (assign === 'OFF' || !this.#anonymous || this.#surroundings.flavor !== 'mysql') return;
    const uuid = assign === 'LOCAL' ? this.#surroundings.serverUuid : assign.toLowerCase();
    this.#gtid = this.#sink.assign(uuid);
    nameTransaction(this.#buffer, this.#gtid);
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
    await pause(milliseconds, this.#stop.signal);
    this.#delayUntil = undefined;
    if (!this.#stop.signal.aborted) return;
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
    // The longest that a timer can wait; a longer delay is waited for in parts.
    const timer = setTimeout(done, Math.min(milliseconds, 2 ** 31 - 1));
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

import type { Flavor, Query } from '../../binlog/index.ts';
import { type Connection, type ConnectOptions, connect } from '../../connection/index.ts';
import { UsageError } from '../../errors/index.ts';
import type { SourcePosition } from '../../replication/index.ts';
import type { ConflictError } from '../conflict.ts';
import type {
  ConflictRule,
  Definition,
  PositionMark,
  PrimaryKeyCheck,
  RowsOfTable,
  SourceTransaction,
  Target,
  TargetRetry,
  TargetWorker,
} from '../target.ts';
import { type Abilities, findAbilities } from './abilities.ts';
import { Crew, type UnderWay } from './crew.ts';
import { DefinitionRun } from './definition/definition-run.ts';
import { ApplySession } from './session/apply-session.ts';
import { gtidStatement } from './session/gtid-statement.ts';
import { turnStatement } from './session/turn-statement.ts';
import { lateTurn } from './session/unsent-statements.ts';
import { lockChannel, lockWorker, MOST_WORKERS } from './state/channel-locks.ts';
import { ChannelRecord, withExecuted } from './state/channel-record.ts';
import {
  deletePrepared,
  type Journal,
  openState,
  STATE_SCHEMA,
  savePrepared,
  selectPrepared,
} from './state/state-tables.ts';
import { keyOf, Steps } from './state/steps.ts';
import { chooseWay, type Way } from './way.ts';

export interface ServerTargetOptions {
  /** How to reach it; a function is asked each time that a session connects. */
  readonly connection: ConnectOptions | (() => Promise<ConnectOptions>);
  /** Of the source; asked for once its log is read. */
  readonly flavor: Flavor | (() => Flavor);
  /** `replay`: rows as the source logged them, in BINLOG statements; `sql`: as statements. Default: replay where it can be. */
  readonly apply?: 'replay' | 'sql';
  readonly conflicts?: ConflictRule;
  /** Told of each row that was not as the source had it, where `conflicts` goes on. */
  readonly onConflict?: (conflict: ConflictError) => void;
  /** Default: as the source had it. */
  readonly primaryKeys?: PrimaryKeyCheck;
  /** Whether transactions keep their GTIDs. Default: where the server and the account's privileges allow it. */
  readonly keepGtids?: boolean;
  /** How often a transaction is tried again that lost a lock (`replica_transaction_retries`). Default 10. */
  readonly retries?: number;
  /** Sessions that apply side by side where GTIDs are kept (`replica_parallel_workers`), 1 to 64. Default 4. */
  readonly parallelWorkers?: number;
  /**
   * Whether transactions are committed in the order of the source (`replica_preserve_commit_order`). Default true; false counts for MySQL
   * where GTIDs are kept: only what does not depend on each other may then be seen in another order for a moment.
   */
  readonly preserveCommitOrder?: boolean;
}

/** `replica_parallel_workers` */
const DEFAULT_WORKERS = 4;

/** Applies a channel to a server of MySQL or MariaDB. */
export class ServerTarget implements Target {
  readonly #options: ServerTargetOptions;
  readonly #workers: number;
  #abilities: Abilities | undefined;
  #crew: Crew | undefined;
  #sessionsUsed = 0;
  /** Transactions that were tried again by sessions that are closed. */
  #retriedBefore = 0;
  #record!: ChannelRecord;
  #way: Way | undefined;
  #failed = false;
  #steps = new Steps();
  #transaction: SourceTransaction = { gtid: undefined, file: '', position: 0 };
  /** The session of the source transaction that is open, and its place among those side by side. */
  #session!: ApplySession;
  #underWay: UnderWay | undefined;
  /** The source transaction that is open is one of the target's own, under its GTID. */
  #isOwn = false;
  #defined = false;
  /** Rows that no ROLLBACK takes back have begun: they are a group of their own in the target's log, under the GTID of the source. */
  #isNamed = false;

  /** @throws UsageError */
  constructor(options: ServerTargetOptions) {
    this.#options = options;
    this.#workers = options.parallelWorkers ?? DEFAULT_WORKERS;
    if (!Number.isInteger(this.#workers) || this.#workers < 1 || this.#workers > MOST_WORKERS)
      throw new UsageError(`a target has 1 to ${MOST_WORKERS} sessions, not ${this.#workers}`);
  }

  get kind(): string {
    return this.#abilities?.flavor ?? 'mysql';
  }

  /** What the server lets the account do, once {@link open} has asked. */
  get abilities(): Abilities | undefined {
    return this.#abilities;
  }

  /** Transactions that lost a lock and were tried again. */
  get retried(): number {
    const sessions = this.#crew?.sessions ?? [];
    return sessions.reduce((sum, { stream }) => sum + stream.retried, this.#retriedBefore);
  }

  get lastRetry(): TargetRetry | undefined {
    const retries = (this.#crew?.sessions ?? []).flatMap(({ stream }) => stream.lastRetry ?? []);
    return retries.sort((one, other) => other.at - one.at)[0];
  }

  get workers(): readonly TargetWorker[] {
    return (this.#crew?.sessions ?? []).map(({ progress }) => progress.worker);
  }

  get hasFailed(): boolean {
    return this.#failed;
  }

  /** Sessions that apply; more than one once there was something to do side by side. */
  get sessions(): number {
    return this.#crew?.sessions.length ?? this.#sessionsUsed;
  }

  async open(channel: string): Promise<SourcePosition | undefined> {
    return this.#connected((connection) => this.#open(connection, channel));
  }

  async #open(connection: Connection, channel: string): Promise<SourcePosition | undefined> {
    const abilities = await findAbilities(connection);
    this.#abilities = abilities;
    if (abilities.flavor === 'mariadb' && this.#options.primaryKeys === 'GENERATE')
      throw new UsageError('a server of MariaDB does not make primary keys by itself (GENERATE)');
    if (abilities.flavor === 'mariadb' && this.#options.preserveCommitOrder === false) {
      throw new UsageError('commits in another order are for MySQL, which remembers each GTID', {
        hint: 'Leave preserveCommitOrder on: MariaDB remembers the last transaction only.',
      });
    }
    await lockChannel(connection, channel);
    const state = await openState(connection, channel);
    const retained = { bytes: 0 };
    const prepare = async (reached: Connection, crew: Crew): Promise<ApplySession> => {
      const session: ApplySession = await ApplySession.prepare(reached, {
        retries: this.#options.retries,
        maxPacket: abilities.maxPacket,
        lockWait: this.#keepsOrder && this.#workers > 1 ? abilities.lockWait : undefined,
        retained,
        events: {
          waits: () => crew.makeWay(session),
          retries: (retry) => {
            session.progress.retried(retry);
            return crew.makeWay(session);
          },
          failed: (error) => {
            // What fails after that has been told to end.
            if (!this.#failed) session.progress.failed(error);
            crew.failSession(error, session);
          },
          conflict: (conflict) => this.#options.onConflict?.(conflict),
        },
      });
      if (this.#way !== undefined) session.way = this.#way;
      crew.add(session);
      return session;
    };
    const crew: Crew = new Crew({
      workers: this.#workers,
      keepsOrder: this.#keepsOrder,
      waitsForGtids: abilities.canWaitForGtids,
      open: () =>
        this.#connected(async (another) => {
          await findAbilities(another);
          await lockWorker(another, channel, crew.sessions.length);
          return prepare(another, crew);
        }),
    });
    this.#session = await prepare(connection, crew);
    this.#crew = crew;
    this.#steps = new Steps();
    this.#steps.journal = state?.journal;
    const isKept = this.#mayKeep && abilities.flavor === 'mysql';
    const executed = isKept ? await connection.value('SELECT @@global.gtid_executed') : undefined;
    this.#record = new ChannelRecord(
      channel,
      isKept ? withExecuted(state?.position, executed ?? '') : state?.position,
    );
    this.#way = undefined;
    this.#failed = false;
    return this.#record.position;
  }

  async begin(transaction: SourceTransaction): Promise<void> {
    if (this.#way === undefined) this.#choose();
    await this.#guarded(async () => {
      const { time, gtid } = transaction;
      const crew = this.#crew!;
      const isOwn = this.#way!.keeps && gtid !== undefined;
      this.#underWay = undefined;
      // One session is enough for what comes one after the other.
      const isFree = isOwn && time !== undefined && this.#steps.journal === undefined && this.#workers > 1;
      if (isOwn && !this.#isOwn && crew.first.isIn) await this.#closeGroup(undefined);
      if (isFree) this.#underWay = await crew.enlist(time, gtid);
      else await crew.drained();
      this.#session = this.#underWay?.session ?? crew.first;
      this.#session.begin(transaction, isOwn);
      if (this.#underWay?.after !== undefined)
        this.#session.stream.unsent.add(turnStatement(this.#underWay.after), lateTurn);
      this.#transaction = transaction;
      this.#isOwn = isOwn;
      this.#defined = false;
      this.#isNamed = false;
    });
    this.#steps.begin(transaction);
  }

  async session(query: Query): Promise<void> {
    if (this.#way!.replays) await this.#guarded(() => this.#session.settings(query));
  }

  async rows(rows: RowsOfTable): Promise<void> {
    if (!this.#steps.take() || rows.map.schema.toString() === STATE_SCHEMA) return;
    await this.#guarded(async () => {
      const isLasting = await this.#session.areLasting(rows, this.#abilities!.hasLongTime);
      if (isLasting && !(this.#isNamed && this.#session.isInStatement)) await this.#leaveGroup();
      await this.#session.rows(rows, isLasting);
    });
  }

  async define(definition: Definition): Promise<void> {
    const steps = this.#steps.count;
    if (!this.#steps.take()) return;
    const session = this.#session;
    const run = new DefinitionRun(
      definition,
      session.connection,
      session.memory,
      this.#way!,
      this.#way!.ruled,
    );
    if (run.concerns(STATE_SCHEMA) || run.isForeign) return;
    await this.#guarded(async () => {
      await session.emitBatch();
      await this.#crew!.drained(this.#underWay);
      const resumed = this.#steps.journal;
      const journal: Journal | undefined =
        resumed ??
        (this.#savesWithGtids
          ? undefined
          : { transaction: keyOf(this.#transaction), steps, before: await this.#fingerprint(run) });
      // What came before is committed by the definition itself: its place is kept with it.
      if (journal !== undefined) await this.#closeGroup(journal, true);
      else await session.stream.settled();
      if (this.#savesWithGtids && (await this.#isExecuted())) return;
      if (this.#isOwn) await session.connection.query(gtidStatement(this.#transaction.gtid!));
      this.#steps.journal = undefined;
      session.isIn = await run.run(resumed, this.#savesWithGtids);
      session.isDirect = session.isIn;
      for (const one of this.#crew!.sessions) one.forgetTables();
      this.#record.isDirty = true;
      this.#defined = true;
      session.startAgain(session.isIn);
    });
  }

  async savepoint(name: string): Promise<void> {
    await this.#guarded(() => this.#session.add(`SAVEPOINT ${quote(name)}`));
  }

  async rollbackTo(name: string): Promise<void> {
    await this.#guarded(() => this.#session.add(`ROLLBACK TO SAVEPOINT ${quote(name)}`));
  }

  async keepPrepared(xid: string, events: Uint8Array): Promise<void> {
    await this.#guarded(() => this.#session.add(savePrepared(this.#record.channel, xid, events)));
  }

  async takePrepared(xid: string): Promise<Uint8Array | undefined> {
    const session = this.#session;
    return this.#guarded(async () => {
      await this.#crew!.drained(this.#underWay);
      await session.emitBatch();
      session.enter();
      await session.sendOpen();
      await session.stream.settled();
      const { rows } = await session.connection.query(selectPrepared(this.#record.channel, xid));
      await session.add(deletePrepared(this.#record.channel, xid));
      return rows[0]?.[0] ?? undefined;
    });
  }

  async commit(after: PositionMark | undefined): Promise<void> {
    const session = this.#session;
    await this.#guarded(async () => {
      await session.emitBatch();
      this.#record.moveTo(after);
      this.#steps.journal = undefined;
      if (session.isDirect) await session.connection.query('COMMIT');
      if (session.isDirect) session.isIn = false;
      session.isDirect = false;
      // A GTID counts also where nothing was done under it; one that has been used makes this do nothing.
      if (this.#savesWithGtids) session.enter();
      if (this.#isOwn || this.#defined) await this.#closeGroup(undefined);
      else if (session.isFull) await session.stream.send(false, session.context);
    });
  }

  async mark(position: SourcePosition): Promise<void> {
    await this.#guarded(async () => {
      await this.#crew!.drained();
      this.#record.moveTo(() => position);
      await this.#saveAlone();
    });
  }

  async rollback(): Promise<void> {
    if (this.#failed) return;
    await this.#guarded(async () => {
      await this.#session.rollback();
      if (this.#underWay !== undefined) this.#crew!.forget(this.#underWay);
      this.#underWay = undefined;
    }).catch(() => undefined);
  }

  async flush(): Promise<void> {
    if (this.#failed || this.#crew === undefined) return;
    await this.#guarded(async () => {
      const crew = this.#crew!;
      await crew.drained();
      this.#session = crew.first;
      this.#underWay = undefined;
      if (this.#record.isDirty && !this.#savesWithGtids) await this.#closeGroup(undefined);
      await crew.first.stream.settled();
    });
  }

  underWay(): Promise<void> | undefined {
    // A group of several transactions of the source is ended by a flush alone.
    const isGroup = this.#record.isDirty && !this.#savesWithGtids;
    return this.#failed || isGroup ? undefined : this.#crew?.underWay();
  }

  async close(): Promise<void> {
    const crew = this.#crew;
    if (crew === undefined) return;
    try {
      if (!this.#failed && this.#record.isDirty) {
        await this.#guarded(async () => {
          await crew.drained();
          await this.#saveAlone();
        });
      }
    } finally {
      this.#crew = undefined;
      this.#sessionsUsed = crew.sessions.length;
      this.#retriedBefore += crew.sessions.reduce((sum, { stream }) => sum + stream.retried, 0);
      await Promise.all(crew.sessions.map(({ connection }) => connection.close()));
    }
  }

  /** Uses a new connection, which does not stay with its locks where that fails. */
  async #connected<Result>(use: (connection: Connection) => Promise<Result>): Promise<Result> {
    const { connection: given, conflicts = 'stop' } = this.#options;
    // Whoever counts conflicts must be told what was changed, not what was there.
    const connection = await connect({
      ...(typeof given === 'function' ? await given() : given),
      foundRows: conflicts === 'stop',
    });
    try {
      return await use(connection);
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  get #keepsOrder(): boolean {
    return this.#options.preserveCommitOrder !== false;
  }

  get #mayKeep(): boolean {
    return this.#options.keepGtids !== false && this.#abilities!.canKeepGtids;
  }

  /** Once the source has said what it is. */
  #choose(): void {
    const { flavor } = this.#options;
    const way = chooseWay(typeof flavor === 'function' ? flavor() : flavor, this.#abilities!, this.#options);
    this.#way = way;
    for (const session of this.#crew!.sessions) session.way = way;
  }

  /** MySQL's own set of executed GTIDs says what was applied: the state need not follow each transaction. */
  get #savesWithGtids(): boolean {
    return this.#isOwn && this.kind === 'mysql';
  }

  /** Ends the target's transaction, with the place where the channel stands. `isPart`: the source's goes on behind it. */
  async #closeGroup(journal: Journal | undefined, isPart = false): Promise<void> {
    const session = this.#session;
    const underWay = this.#underWay;
    const ends = this.#closing(session, journal);
    const given = session.progress.given - (isPart ? 1 : 0);
    const end = async (done?: () => void): Promise<void> => {
      for (const statement of ends) session.stream.unsent.add(statement);
      await session.end(() => {
        session.progress.committed(given);
        done?.();
      });
    };
    if (underWay === undefined || isPart) await end();
    else await this.#crew!.finish(underWay, end);
    if (journal !== undefined) await session.stream.settled();
  }

  #closing(session: ApplySession, journal: Journal | undefined): readonly string[] {
    const isAlone = !session.isIn;
    if (journal === undefined && this.#savesWithGtids) return isAlone ? [] : ['COMMIT'];
    const save = this.#record.save(journal);
    if (!isAlone) return [save, 'COMMIT'];
    // Under a number of the target's own it would stand between those of the source.
    const isHidden = this.#way === undefined ? this.#mayKeep : this.#way.keeps;
    if (!isHidden) return ['BEGIN', save, 'COMMIT'];
    return [
      'SET @@session.sql_log_bin=0',
      ...(this.kind === 'mysql' ? ["SET @@session.gtid_next='AUTOMATIC'"] : []),
      'BEGIN',
      save,
      'COMMIT',
      'SET @@session.sql_log_bin=1',
    ];
  }

  /** Keeps the position by itself. */
  async #saveAlone(): Promise<void> {
    this.#isOwn = false;
    this.#underWay = undefined;
    this.#session = this.#crew!.first;
    await this.#closeGroup(undefined);
    await this.#session.stream.settled();
  }

  /** Whether the transaction was applied before: a start that names no GTIDs goes through it again. */
  async #isExecuted(): Promise<boolean> {
    const gtid = `'${this.#transaction.gtid!}'`;
    const { connection } = this.#session;
    return (await connection.value(`SELECT GTID_SUBSET(${gtid}, @@global.gtid_executed)`)) === '1';
  }

  /** Before rows that no ROLLBACK takes back: what came before them is committed, and they come by themselves. */
  async #leaveGroup(): Promise<void> {
    const session = this.#session;
    await session.emitBatch();
    this.#record.isDirty = true;
    await this.#crew!.drained(this.#underWay);
    if (session.isIn) await this.#commitBefore(session);
    if (this.#isOwn && !this.#isNamed) session.stream.unsent.add(gtidStatement(this.#transaction.gtid!));
    this.#isNamed = true;
  }

  async #commitBefore(session: ApplySession): Promise<void> {
    const steps = this.#steps.count - 1;
    await this.#closeGroup(
      session.hasBegun && steps > 0
        ? { transaction: keyOf(this.#transaction), steps, before: undefined }
        : undefined,
      true,
    );
    session.startAgain();
  }

  async #fingerprint(run: DefinitionRun): Promise<Journal['before']> {
    await this.#session.settleOpen();
    return run.fingerprint();
  }

  /** Whose error it is: that of a session that failed by itself, or of the one at hand. */
  #noteError(error: unknown): void {
    const sessions = this.#crew?.sessions ?? [];
    if (!sessions.some(({ progress }) => progress.hasFailed)) this.#session?.progress.failed(error);
  }

  /** After an error nothing is written any more: what the server has is decided by its own transactions. */
  async #guarded<T>(run: () => T | Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      this.#failed = true;
      this.#noteError(error);
      this.#crew?.fail(error, this.#underWay);
      await this.#crew?.settled();
      await Promise.all((this.#crew?.sessions ?? []).map((session) => session.abandon()));
      throw error;
    }
  }
}

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

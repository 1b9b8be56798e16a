import type { Query } from '../../binlog/index.ts';
import { type MysqlGtidSet, parseMysqlGtid } from '../../gtid/index.ts';
import type { SourcePosition } from '../../replication/index.ts';
import type { Definition, PositionMark, RowsOfTable, SourceTransaction } from '../target.ts';
import type { Abilities } from './abilities.ts';
import type { UnderWay } from './choose-session.ts';
import type { Crew } from './crew.ts';
import { DefinitionRun } from './definition/definition-run.ts';
import { ExecutedTransaction } from './executed-transaction.ts';
import { GroupEnd } from './group-end.ts';
import { mayKeepGtids, type OpenChannel } from './open-channel.ts';
import type { OpenTransaction } from './open-transaction.ts';
import { type ServerTargetOptions, workersOf } from './server-target-options.ts';
import type { ApplySession } from './session/apply-session.ts';
import { gtidStatement, isExecuted } from './session/gtid-statement.ts';
import { turnStatement } from './session/turn-statement.ts';
import { lateTurn } from './session/unsent-statements.ts';
import type { ChannelRecord } from './state/channel-record.ts';
import { takePrepared } from './state/prepared-rows.ts';
import { type Journal, STATE_SCHEMA } from './state/state-tables.ts';
import { keyOf, Steps } from './state/steps.ts';
import { chooseWay, type Way } from './way.ts';

/** Gives what comes of a channel to its sessions, and says where their transactions end. */
export class Coordinator implements OpenTransaction {
  readonly crew: Crew;
  readonly record: ChannelRecord;
  /** Of the source transaction that is open. */
  readonly steps: Steps = new Steps();
  readonly #options: ServerTargetOptions;
  readonly #abilities: Abilities;
  readonly #workers: number;
  readonly #groupEnd: GroupEnd;
  /** What the server's GTIDs said when the channel was opened. */
  readonly #executed: MysqlGtidSet;
  #way: Way | undefined;
  #transaction: SourceTransaction = { gtid: undefined, file: '', position: 0 };
  /** The session of the source transaction that is open, and its place among those side by side. */
  #session: ApplySession;
  #underWay: UnderWay | undefined;
  /** The source transaction that is open is one of the target's own, under its GTID. */
  #isOwn = false;
  /** It has had a definition. */
  #defined = false;
  /** Rows that no ROLLBACK takes back have begun: they are a group of their own in the target's log, under the GTID of the source. */
  #isNamed = false;

  constructor({ abilities, crew, record, executed, journal }: OpenChannel, options: ServerTargetOptions) {
    this.#options = options;
    this.#abilities = abilities;
    this.#workers = workersOf(options);
    this.crew = crew;
    this.record = record;
    this.#executed = executed;
    this.#groupEnd = new GroupEnd(crew, record, abilities);
    this.steps.journal = journal;
    this.#session = crew.first;
  }

  /** How rows are applied; undefined until the first transaction. */
  get way(): Way | undefined {
    return this.#way;
  }

  /** Once the source has said what it is. @throws UsageError */
  chooseWay(): void {
    if (this.#way !== undefined) return;
    const { flavor } = this.#options;
    const way = chooseWay(typeof flavor === 'function' ? flavor() : flavor, this.#abilities, this.#options);
    this.#way = way;
    for (const session of this.crew.sessions) session.way = way;
  }

  /** Who takes what comes of a transaction. */
  async begin(transaction: SourceTransaction): Promise<OpenTransaction> {
    const { time, gtid } = transaction;
    const { crew } = this;
    const isOwn = this.#way!.keeps && gtid !== undefined;
    if (isOwn && !this.#executed.isEmpty && this.#executed.has(parseMysqlGtid(gtid)))
      return new ExecutedTransaction(this.record, transaction);
    this.steps.begin(transaction);
    this.#underWay = undefined;
    this.#transaction = transaction;
    // One session is enough for what comes one after the other.
    const isFree = isOwn && time !== undefined && this.steps.journal === undefined && this.#workers > 1;
    if (isOwn && !this.#isOwn && crew.first.isIn) await this.#closeGroup(undefined);
    if (isFree) this.#underWay = await crew.enlist(time, gtid);
    else await crew.drained();
    this.#session = this.#underWay?.session ?? crew.first;
    this.#session.begin(transaction, isOwn);
    if (this.#underWay?.after !== undefined)
      this.#session.stream.unsent.add(turnStatement(this.#underWay.after), { explain: lateTurn });
    this.#isOwn = isOwn;
    this.#defined = false;
    this.#isNamed = false;
    return this;
  }

  async settings(query: Query): Promise<void> {
    await this.#session.settings(query);
  }

  async rows(rows: RowsOfTable): Promise<void> {
    if (!this.steps.take() || rows.map.schema.toString() === STATE_SCHEMA) return;
    const session = this.#session;
    const isLasting = await session.areLasting(rows, this.#abilities.hasLongTime);
    if (isLasting && !(this.#isNamed && session.isInStatement)) await this.#leaveGroup();
    await session.rows(rows, isLasting);
  }

  planned(definition: Definition): DefinitionRun | undefined {
    if (!this.steps.take()) return undefined;
    const way = this.#way!;
    const { connection, memory } = this.#session;
    const run = new DefinitionRun(definition, connection, memory, way, way.ruled);
    return run.concerns(STATE_SCHEMA) || run.isOfNoUse ? undefined : run;
  }

  async define(run: DefinitionRun): Promise<void> {
    const session = this.#session;
    const steps = this.steps.count - 1;
    await session.emitBatch();
    await this.crew.drained(this.#underWay);
    const resumed = this.steps.journal;
    const journal: Journal | undefined =
      resumed ??
      (this.#savesWithGtids
        ? undefined
        : {
            transaction: keyOf(this.#transaction),
            steps,
            before: await session.settleOpen().then(() => run.fingerprint()),
          });
    // What came before is committed by the definition itself: its place is kept with it.
    if (journal !== undefined) await this.#closeGroup(journal, true);
    else await session.stream.settled();
    // Another channel may have brought it meanwhile.
    if (this.#savesWithGtids && (await isExecuted(session.connection, this.#transaction.gtid!))) return;
    const named = this.#isOwn ? gtidStatement(this.#transaction.gtid!) : undefined;
    if (named !== undefined) await session.connection.query(named);
    this.steps.journal = undefined;
    session.isIn = await run.run(resumed, this.#savesWithGtids, named);
    session.isDirect = session.isIn;
    for (const one of this.crew.sessions) one.forgetTables();
    this.record.isDirty = true;
    this.#defined = true;
    session.startAgain(session.isIn);
  }

  async add(statement: string): Promise<void> {
    await this.#session.add(statement);
  }

  async takePrepared(xid: string): Promise<Uint8Array | undefined> {
    await this.crew.drained(this.#underWay);
    return takePrepared(this.#session, this.record.channel, xid);
  }

  async commit(after: PositionMark | undefined): Promise<void> {
    const session = this.#session;
    await session.emitBatch();
    this.record.moveTo(after);
    this.steps.journal = undefined;
    if (session.isDirect) await session.connection.query('COMMIT');
    if (session.isDirect) session.isIn = false;
    session.isDirect = false;
    // A GTID counts also where nothing was done under it; one that has been used makes this do nothing.
    if (this.#savesWithGtids) session.enter();
    if (this.#isOwn || this.#defined) await this.#closeGroup(undefined);
    else if (session.isFull) await session.stream.send(false, session.context);
  }

  async mark(position: SourcePosition): Promise<void> {
    await this.crew.drained();
    this.record.moveTo(() => position);
    await this.#saveAlone();
  }

  async rollback(): Promise<void> {
    await this.#session.rollback();
    if (this.#underWay !== undefined) this.crew.forget(this.#underWay);
    this.#underWay = undefined;
  }

  async flush(): Promise<void> {
    const { crew } = this;
    await crew.drained();
    this.#session = crew.first;
    this.#underWay = undefined;
    if (this.record.isDirty && !this.#savesWithGtids) await this.#closeGroup(undefined);
    await crew.first.stream.settled();
  }

  /** The next news of what is under way; undefined: nothing is, or {@link flush} is waited for. */
  underWay(): Promise<void> | undefined {
    // A group of several transactions of the source is ended by a flush alone.
    const isGroup = this.record.isDirty && !this.#savesWithGtids;
    return isGroup ? undefined : this.crew.underWay();
  }

  /** Keeps the place before the channel is left. */
  async save(): Promise<void> {
    if (!this.record.isDirty) return;
    await this.crew.drained();
    await this.#saveAlone();
  }

  /** After an error nothing is written any more: what the server has is decided by its own transactions. */
  async abandon(error: unknown): Promise<void> {
    await this.crew.abandon(error, this.#underWay, this.#session);
  }

  /** MySQL's own set of executed GTIDs says what was applied: the state need not follow each transaction. */
  get #savesWithGtids(): boolean {
    return this.#isOwn && this.#abilities.flavor === 'mysql';
  }

  /** Ends the target's transaction, with the place where the channel stands. `isPart`: the source's goes on behind it. */
  async #closeGroup(journal: Journal | undefined, isPart = false): Promise<void> {
    await this.#groupEnd.close({
      session: this.#session,
      underWay: this.#underWay,
      journal,
      isPart,
      isInGtids: this.#savesWithGtids,
      // Under a number of the target's own it would stand between those of the source.
      isHidden: this.#way?.keeps ?? mayKeepGtids(this.#options, this.#abilities),
    });
  }

  /** Keeps the position by itself. */
  async #saveAlone(): Promise<void> {
    this.#isOwn = false;
    this.#underWay = undefined;
    this.#session = this.crew.first;
    await this.#closeGroup(undefined);
    await this.#session.stream.settled();
  }

  /** Before rows that no ROLLBACK takes back: what came before them is committed, and they come by themselves. */
  async #leaveGroup(): Promise<void> {
    const session = this.#session;
    await session.emitBatch();
    this.record.isDirty = true;
    await this.crew.drained(this.#underWay);
    if (session.isIn) {
      const steps = this.steps.count - 1;
      const isPart = session.hasBegun && steps > 0;
      await this.#closeGroup(
        isPart ? { transaction: keyOf(this.#transaction), steps, before: undefined } : undefined,
        true,
      );
      session.startAgain();
    }
    if (this.#isOwn && !this.#isNamed) session.stream.unsent.add(gtidStatement(this.#transaction.gtid!));
    this.#isNamed = true;
  }
}

import type { Flavor, Query, TableMap } from '../../binlog/index.ts';
import { type Connection, type ConnectOptions, connect } from '../../connection/index.ts';
import { type ErrorContext, UsageError } from '../../errors/index.ts';
import { MysqlGtidSet } from '../../gtid/index.ts';
import type { SourcePosition } from '../../replication/index.ts';
import type {
  ConflictRule,
  Definition,
  PositionMark,
  PrimaryKeyCheck,
  RowsOfTable,
  SourceTransaction,
  Target,
} from '../target.ts';
import { type Abilities, findAbilities } from './abilities.ts';
import { DefinitionRun } from './definition-run.ts';
import { EventBatch } from './event-batch.ts';
import { gtidStatement } from './gtid-statement.ts';
import { RowStatements } from './row-statements.ts';
import { rowSettings, SessionMemory } from './session-settings.ts';
import {
  deletePrepared,
  type Journal,
  lockChannel,
  openState,
  STATE_SCHEMA,
  savePrepared,
  saveState,
  selectPrepared,
} from './state-tables.ts';
import { StatementStream } from './statement-stream.ts';
import { TableRows } from './table-rows.ts';
import { TargetTables } from './target-tables.ts';

export interface ServerTargetOptions {
  /** How to reach it; a function is asked each time that {@link ServerTarget.open} connects. */
  readonly connection: ConnectOptions | (() => Promise<ConnectOptions>);
  /** Of the source; asked for once its log is read. */
  readonly flavor: Flavor | (() => Flavor);
  /** `replay`: rows as the source logged them, in BINLOG statements; `sql`: as statements. Default: replay where it can be. */
  readonly apply?: 'replay' | 'sql';
  readonly conflicts?: ConflictRule;
  /** Default: as the source had it. */
  readonly primaryKeys?: PrimaryKeyCheck;
  /** Whether transactions keep their GTIDs. Default: where the server and the account's privileges allow it. */
  readonly keepGtids?: boolean;
  /** How often a transaction is tried again that lost a lock (`replica_transaction_retries`). Default 10. */
  readonly retries?: number;
}

/** Bytes of events in one BINLOG statement, unless the server takes less. */
const BATCH_BYTES = 512 * 1024;
/** Bytes of statements that are sent before their transaction is whole, so that the server has something to do. */
const SEND_BYTES = 256 * 1024;

/** What a session of MySQL is told for each rule about primary keys. */
const KEY_SETTINGS: Readonly<Record<PrimaryKeyCheck, Readonly<Record<string, string>>>> = {
  STREAM: {},
  ON: { sql_require_primary_key: '1' },
  OFF: { sql_require_primary_key: '0' },
  GENERATE: { sql_require_primary_key: '0', sql_generate_invisible_primary_key: '1' },
};

/** Applies a channel to a server of MySQL or MariaDB. */
export class ServerTarget implements Target {
  readonly #options: ServerTargetOptions;
  #connection: Connection | undefined;
  #abilities: Abilities | undefined;
  #stream!: StatementStream;
  #batch!: EventBatch;
  readonly #statements = new RowStatements();
  #tables!: TargetTables;
  #rowWriters = new WeakMap<TableMap, TableRows>();
  #from: Flavor | undefined;
  #replays = true;
  readonly #memory = new SessionMemory();
  #channel = '';
  #position: SourcePosition | undefined;
  #after: PositionMark | undefined;
  /** Something was committed that the state does not tell yet. */
  #isDirty = false;
  #failed = false;
  #transaction: SourceTransaction = { gtid: undefined, file: '', position: 0 };
  /** The source transaction that is open is one of the target's own, under its GTID. */
  #isOwn = false;
  /** A transaction of the target is open: BEGIN has been added. */
  #isIn = false;
  #began = false;
  #isSent = false;
  /** Rows that no ROLLBACK takes back have begun: they are a group of their own in the target's log, under the GTID of the source. */
  #isNamed = false;
  /** A transaction is open that takes rows and nothing else: MySQL's CREATE TABLE … SELECT. */
  #isDirect = false;
  /** Where the statements of the open source transaction begin in the stream. */
  #start = 0;
  #steps = 0;
  #defined = false;
  #resume: Journal | undefined;
  #skip = 0;

  constructor(options: ServerTargetOptions) {
    this.#options = options;
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
    return this.#stream.retried;
  }

  async open(channel: string): Promise<SourcePosition | undefined> {
    const { connection: given } = this.#options;
    const reach = typeof given === 'function' ? await given() : given;
    const connection = await connect({ ...reach, foundRows: true });
    this.#connection = connection;
    this.#channel = channel;
    const abilities = await findAbilities(connection);
    this.#abilities = abilities;
    if (abilities.flavor === 'mariadb' && this.#options.primaryKeys === 'GENERATE')
      throw new UsageError('a server of MariaDB does not make primary keys by itself (GENERATE)');
    await lockChannel(connection, channel);
    const state = await openState(connection, channel);
    await connection.query("SET SESSION transaction_isolation = 'READ-COMMITTED'").catch(async () => {
      await connection.query("SET SESSION tx_isolation = 'READ-COMMITTED'");
    });
    await this.#memory.load(connection);
    await connection.allowSeveral(true);
    this.#stream = new StatementStream(connection, this.#options.retries);
    this.#tables = new TargetTables(async (sql) => {
      await this.#settleOpen();
      return connection.query(sql);
    });
    this.#batch = new EventBatch(abilities.maxPacket);
    this.#resume = state?.journal;
    this.#position = state === undefined ? undefined : await this.#executed(state.position);
    this.#from = undefined;
    this.#isDirty = false;
    this.#isIn = false;
    this.#failed = false;
    return this.#position;
  }

  async begin(transaction: SourceTransaction): Promise<void> {
    if (this.#from === undefined) this.#choose();
    const isOwn = this.#keeps && transaction.gtid !== undefined;
    if (isOwn && this.#isIn) await this.#closeGroup(undefined);
    this.#transaction = transaction;
    this.#isOwn = isOwn;
    this.#began = false;
    this.#isSent = false;
    this.#isNamed = false;
    this.#defined = false;
    this.#steps = 0;
    this.#skip = 0;
    this.#start = this.#stream.length;
    const journal = this.#resume;
    if (journal === undefined) return;
    if (journal.transaction !== keyOf(transaction)) {
      throw new UsageError(
        `the target was stopped in the middle of transaction ${journal.transaction}, and ${keyOf(transaction)} comes instead`,
        { hint: `Look what became of that definition, then empty the journal in ${STATE_SCHEMA}.channels.` },
      );
    }
    this.#skip = journal.steps;
  }

  async session(query: Query): Promise<void> {
    if (!this.#replays) return;
    await this.#guarded(async () => {
      const change = this.#memory.change(rowSettings(query, this.#from!));
      if (change === undefined) return;
      await this.#emitBatch();
      this.#stream.add(change);
    });
  }

  async rows(rows: RowsOfTable): Promise<void> {
    if (!this.#step() || rows.map.schema.toString() === STATE_SCHEMA) return;
    await this.#guarded(async () => {
      const { isLasting } = await this.#natureOf(rows);
      if (isLasting && !(this.#isNamed && this.#batch.isOpen)) await this.#leaveGroup();
      if (this.#replays) this.#batch.add(rows);
      else this.#statements.add(rows, await this.#tableRows(rows.map));
      if (isLasting && !this.#batch.isOpen) this.#emit();
      const length = this.#batch.length + this.#statements.length;
      if (length < Math.min(BATCH_BYTES, this.#abilities!.maxPacket / 4)) return;
      if (await this.#staysWhole(rows)) return;
      await this.#emitBatch();
      if (this.#stream.pending >= SEND_BYTES) await this.#sendOpen();
    });
  }

  async define(definition: Definition): Promise<void> {
    const steps = this.#steps;
    if (!this.#step()) return;
    const families = { from: this.#from!, to: this.#to };
    const rule = this.#options.primaryKeys ?? 'STREAM';
    const ruled = this.#to === 'mysql' ? KEY_SETTINGS[rule] : {};
    const run = new DefinitionRun(definition, this.#connection!, this.#memory, families, ruled);
    if (run.concerns(STATE_SCHEMA) || run.isForeign) return;
    await this.#guarded(async () => {
      await this.#emitBatch();
      const resumed = this.#resume;
      const journal: Journal | undefined =
        resumed ??
        (this.#isOwn && this.kind === 'mysql'
          ? undefined
          : { transaction: keyOf(this.#transaction), steps, before: await this.#fingerprint(run) });
      // What came before is committed by the definition itself: its place is kept with it.
      if (journal !== undefined) await this.#closeGroup(journal);
      else await this.#stream.settled();
      if (this.#savesWithGtids && (await this.#isExecuted())) return;
      if (this.#isOwn) await this.#connection!.query(this.#gtid());
      this.#resume = undefined;
      this.#isIn = await run.run(resumed, this.#savesWithGtids);
      this.#isDirect = this.#isIn;
      this.#tables.forget();
      this.#rowWriters = new WeakMap();
      this.#isDirty = true;
      this.#defined = true;
      this.#began = this.#isIn;
      this.#start = this.#stream.length;
    });
  }

  async savepoint(name: string): Promise<void> {
    await this.#guarded(() => this.#add(`SAVEPOINT ${quote(name)}`));
  }

  async rollbackTo(name: string): Promise<void> {
    await this.#guarded(() => this.#add(`ROLLBACK TO SAVEPOINT ${quote(name)}`));
  }

  async keepPrepared(xid: string, events: Uint8Array): Promise<void> {
    await this.#guarded(() => this.#add(savePrepared(this.#channel, xid, events)));
  }

  async takePrepared(xid: string): Promise<Uint8Array | undefined> {
    return this.#guarded(async () => {
      await this.#emitBatch();
      this.#enter();
      await this.#sendOpen();
      await this.#stream.settled();
      const { rows } = await this.#connection!.query(selectPrepared(this.#channel, xid));
      await this.#add(deletePrepared(this.#channel, xid));
      return rows[0]?.[0] ?? undefined;
    });
  }

  async commit(after: PositionMark | undefined): Promise<void> {
    await this.#guarded(async () => {
      await this.#emitBatch();
      this.#after = after ?? this.#after;
      this.#isDirty = true;
      this.#resume = undefined;
      if (this.#isDirect) await this.#connection!.query('COMMIT');
      if (this.#isDirect) this.#isIn = false;
      this.#isDirect = false;
      // A GTID counts also where nothing was done under it; one that has been used makes this do nothing.
      if (this.#savesWithGtids) this.#enter();
      if (this.#isOwn || this.#defined) await this.#closeGroup(undefined);
      else if (this.#stream.pending >= SEND_BYTES) await this.#stream.send(false, this.#context);
    });
  }

  async mark(position: SourcePosition): Promise<void> {
    this.#position = position;
    this.#after = undefined;
    this.#isDirty = true;
    await this.#saveAlone();
  }

  async rollback(): Promise<void> {
    this.#batch.clear();
    this.#statements.clear();
    this.#memory.clear();
    if (this.#failed) return;
    await this.#guarded(async () => {
      if (!this.#isSent) {
        this.#stream.truncate(this.#start);
        if (this.#began) this.#isIn = false;
      } else if (this.#began) {
        this.#stream.truncate(0);
        this.#stream.add('ROLLBACK');
        await this.#stream.send(true, this.#context);
        this.#isIn = false;
      } else {
        this.#stream.truncate(0);
        if (this.#isIn) this.#stream.add(`ROLLBACK TO SAVEPOINT ${SOURCE_SAVEPOINT}`);
      }
    }).catch(() => undefined);
  }

  async flush(): Promise<void> {
    if (this.#failed || this.#connection === undefined) return;
    await this.#guarded(async () => {
      if (this.#isDirty && !this.#savesWithGtids) {
        await this.#closeGroup(undefined);
      }
      await this.#stream.settled();
    });
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    try {
      if (!this.#failed && this.#isDirty) await this.#saveAlone();
    } finally {
      this.#connection = undefined;
      await connection.close();
    }
  }

  get #to(): Flavor {
    return this.#abilities!.flavor;
  }

  get #mayKeep(): boolean {
    return this.#options.keepGtids !== false && this.#abilities!.canKeepGtids;
  }

  get #keeps(): boolean {
    return this.#mayKeep && this.#from === this.#to;
  }

  /** Once the source has said what it is. */
  #choose(): void {
    const { flavor, keepGtids, apply, conflicts = 'stop' } = this.#options;
    this.#from = typeof flavor === 'function' ? flavor() : flavor;
    const { canKeepGtids, canReplay } = this.#abilities!;
    const isKin = this.#from === this.#to;
    if (keepGtids === true && !(canKeepGtids && isKin)) {
      throw new UsageError('the target cannot keep the GTIDs of the source', {
        hint: 'It needs gtid_mode=ON, or MariaDB with a binary log, and an account with REPLICATION_APPLIER, or BINLOG ADMIN and REPLICATION SLAVE ADMIN.',
      });
    }
    // Replayed rows know one rule: as the source had them, or stop.
    const mayReplay = isKin && canReplay && conflicts === 'stop';
    if (apply === 'replay' && !mayReplay) {
      throw new UsageError(`a target of ${this.#to} cannot replay rows of ${this.#from} by this account`, {
        hint: 'It needs REPLICATION_APPLIER (MySQL), BINLOG REPLAY (MariaDB) or SUPER, and conflicts that stop.',
      });
    }
    this.#replays = mayReplay && apply !== 'sql';
  }

  /** Rows that no ROLLBACK takes back are committed, and their GTID with them, where a BINLOG statement ends. */
  async #staysWhole({ map }: RowsOfTable): Promise<boolean> {
    return this.#isOwn && this.#batch.isOpen && (await this.#tables.nature(map)).isLasting;
  }

  /** What has to be known of a table before its rows are replayed, asked only where it matters. */
  async #natureOf({ map, rows }: RowsOfTable): Promise<{ readonly isLasting: boolean }> {
    const { hasLongTime } = this.#abilities!;
    if (this.#savesWithGtids) return { isLasting: false };
    const { isLasting, isVersioned } = await this.#tables.nature(map);
    if (isVersioned && hasLongTime && rows.images.includes(OLD_FOR_EVER)) {
      const table = `${map.schema.toString()}.${map.table.toString()}`;
      throw new UsageError(
        `rows of ${table} hold until 2038, which is history to this target and not for ever`,
        {
          context: { table },
          hint: 'Tables WITH SYSTEM VERSIONING of a MariaDB before 11.5 cannot be replayed by a newer one.',
        },
      );
    }
    return { isLasting: isLasting && !this.#savesWithGtids };
  }

  async #tableRows(map: TableMap): Promise<TableRows> {
    const known = this.#rowWriters.get(map);
    if (known !== undefined) return known;
    const made = new TableRows(map, await this.#tables.describe(map), this.#options.conflicts ?? 'stop');
    this.#rowWriters.set(map, made);
    return made;
  }

  /** MySQL's own set of executed GTIDs says what was applied: the state need not follow each transaction. */
  get #savesWithGtids(): boolean {
    return this.#isOwn && this.kind === 'mysql';
  }

  get #context(): ErrorContext {
    return { file: this.#transaction.file, position: this.#transaction.position };
  }

  /** Counts a call; false: it was carried out before everything stopped. */
  #step(): boolean {
    this.#steps += 1;
    if (this.#steps <= this.#skip) return false;
    if (this.#steps > this.#skip + 1) this.#resume = undefined;
    return true;
  }

  #gtid(): string {
    return gtidStatement(this.#transaction.gtid!);
  }

  #enter(): void {
    if (this.#isIn) return;
    if (this.#isOwn) this.#stream.add(this.#gtid());
    else if (this.#keeps && this.kind === 'mysql') this.#stream.add("SET @@session.gtid_next='AUTOMATIC'");
    this.#stream.add('BEGIN');
    this.#isIn = true;
    this.#began = true;
  }

  async #emitBatch(): Promise<void> {
    if (this.#isDirect && this.#batch.length > 0) {
      await this.#connection!.queryBytes(this.#batch.take());
      return;
    }
    if (this.#batch.length > 0 || this.#statements.length > 0) {
      this.#enter();
      this.#emit();
    }
  }

  /** Rows become statements of the stream. */
  #emit(): void {
    if (this.#batch.length > 0) this.#stream.add(this.#batch.take());
    for (const { sql, settings, explain } of this.#statements.take()) {
      const change = this.#memory.change(settings);
      if (change !== undefined) this.#stream.add(change);
      this.#stream.add(sql, explain);
    }
  }

  async #add(statement: string): Promise<void> {
    await this.#emitBatch();
    this.#enter();
    this.#stream.add(statement);
  }

  /** Sends the beginning of a source transaction, so that it can still be taken back. */
  async #sendOpen(): Promise<void> {
    // Outside of a transaction nothing was written that could be taken back.
    const isFirst = this.#isIn && !this.#began && !this.#isSent;
    if (isFirst) this.#stream.insert(this.#start, `SAVEPOINT ${SOURCE_SAVEPOINT}`);
    this.#isSent = true;
    await this.#stream.send(false, this.#context);
  }

  async #closeGroup(journal: Journal | undefined): Promise<void> {
    const isAlone = !this.#isIn;
    if (journal === undefined && this.#savesWithGtids) {
      if (!isAlone) this.#stream.add('COMMIT');
    } else {
      this.#position = this.#after?.() ?? this.#position;
      this.#after = undefined;
      this.#isDirty = false;
      // Under a number of the target's own it would stand between those of the source.
      const isHidden = isAlone && (this.#keeps || (this.#from === undefined && this.#mayKeep));
      if (isHidden) this.#stream.add('SET @@session.sql_log_bin=0');
      if (isHidden && this.kind === 'mysql') this.#stream.add("SET @@session.gtid_next='AUTOMATIC'");
      if (isAlone) this.#stream.add('BEGIN');
      this.#stream.add(saveState(this.#channel, { position: this.#position, journal }));
      this.#stream.add('COMMIT');
      if (isHidden) this.#stream.add('SET @@session.sql_log_bin=1');
    }
    await this.#stream.send(true, this.#context);
    this.#isIn = false;
    if (journal !== undefined) await this.#stream.settled();
  }

  /** Keeps the position by itself. */
  async #saveAlone(): Promise<void> {
    this.#isOwn = false;
    await this.#guarded(async () => {
      await this.#closeGroup(undefined);
      await this.#stream.settled();
    });
  }

  /** Whether the transaction was applied before: a start that names no GTIDs goes through it again. */
  async #isExecuted(): Promise<boolean> {
    const gtid = `'${this.#transaction.gtid!}'`;
    return (await this.#connection!.value(`SELECT GTID_SUBSET(${gtid}, @@global.gtid_executed)`)) === '1';
  }

  /** The position kept, with what the target has executed since. */
  async #executed(position: SourcePosition | undefined): Promise<SourcePosition | undefined> {
    const isKept = this.#mayKeep && this.#to === 'mysql';
    // Only sources of MySQL have a UUID.
    if (!isKept || position?.gtids === undefined || position.serverUuid === undefined) return position;
    const executed = await this.#connection!.value('SELECT @@global.gtid_executed');
    const gtids = MysqlGtidSet.parse(position.gtids).union(MysqlGtidSet.parse(executed ?? ''));
    const { file: _file, position: _at, ...rest } = position;
    return { ...rest, gtids: gtids.format(',') };
  }

  /** Before rows that no ROLLBACK takes back: what came before them is committed, and they come by themselves. */
  async #leaveGroup(): Promise<void> {
    await this.#emitBatch();
    this.#isDirty = true;
    if (this.#isIn) await this.#commitBefore();
    if (this.#isOwn && !this.#isNamed) this.#stream.add(this.#gtid());
    this.#isNamed = true;
  }

  async #commitBefore(): Promise<void> {
    const steps = this.#steps - 1;
    const isInside = this.#began || this.#isSent || this.#stream.length > this.#start;
    await this.#closeGroup(
      isInside && steps > 0 ? { transaction: keyOf(this.#transaction), steps, before: undefined } : undefined,
    );
    this.#start = this.#stream.length;
  }

  async #fingerprint(run: DefinitionRun): Promise<Journal['before']> {
    await this.#settleOpen();
    return run.fingerprint();
  }

  async #settleOpen(): Promise<void> {
    if (this.#stream.length > 0) await this.#sendOpen();
    await this.#stream.settled();
  }

  /** After an error nothing is written any more: what the server has is decided by its own transactions. */
  async #guarded<T>(run: () => T | Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      this.#failed = true;
      await this.#stream.abandon();
      throw error;
    }
  }
}

/** 2038-01-19 03:14:07.999999 as a TIMESTAMP(6) of a row: what MariaDB meant by «for ever» before 11.5. */
const OLD_FOR_EVER = Buffer.from('7fffffff0f423f', 'hex');
const SOURCE_SAVEPOINT = '`rowlock source transaction`';
const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
const keyOf = ({ gtid, file, position }: SourceTransaction): string => gtid ?? `${file}:${position}`;

import type { Query } from '../../../binlog/index.ts';
import type { Connection } from '../../../connection/index.ts';
import type { ErrorContext } from '../../../errors/index.ts';
import type { RowsOfTable, SourceTransaction } from '../../target.ts';
import { GatheredRows } from '../rows/gathered-rows.ts';
import { refuseOldForEver } from '../rows/old-for-ever.ts';
import { TargetTables } from '../rows/target-tables.ts';
import type { Way } from '../way.ts';
import { gtidStatement } from './gtid-statement.ts';
import type { HeldBytes } from './held-bytes.ts';
import type { SentContext } from './sent-transaction.ts';
import { SessionProgress } from './session-progress.ts';
import { rowSettings, SessionMemory } from './session-settings.ts';
import { StatementStream } from './statement-stream.ts';
import type { StreamEvents } from './stream-settings.ts';

/** Bytes of statements that are sent before their transaction is whole, so that the server has something to do. */
const SEND_BYTES = 256 * 1024;

export interface SessionSettings {
  readonly retries: number | undefined;
  /** `max_allowed_packet`, bytes. */
  readonly maxPacket: number;
  /** Seconds that others wait for a lock, where this session is not to do so at once: see {@link Patience}. */
  readonly lockWait?: number | undefined;
  readonly events?: StreamEvents;
  readonly isBehind?: () => boolean;
  readonly held?: HeldBytes;
}

/** One session of the target, and the transaction that it has open. */
export class ApplySession {
  readonly connection: Connection;
  readonly stream: StatementStream;
  readonly memory: SessionMemory = new SessionMemory();
  readonly progress: SessionProgress = new SessionProgress();
  readonly tables: TargetTables;
  readonly #rows: GatheredRows;
  /** Once the source has said what it is. */
  way!: Way;
  /** A transaction of the target is open: BEGIN has been added. */
  isIn = false;
  /** A transaction is open that takes rows and nothing else: MySQL's CREATE TABLE … SELECT. */
  isDirect = false;
  #transaction: SourceTransaction = { gtid: undefined, file: '', position: 0 };
  #place: ErrorContext = {};
  /** The source transaction that is open is one of the target's own, under its GTID. */
  #isOwn = false;
  #began = false;
  #isSent = false;
  /** Where the statements of the open source transaction begin among those that wait. */
  #start = 0;

  private constructor(connection: Connection, settings: SessionSettings) {
    this.connection = connection;
    this.stream = new StatementStream(connection, settings);
    this.tables = new TargetTables(async (sql) => {
      await this.settleOpen();
      return connection.query(sql);
    });
    this.#rows = new GatheredRows(settings.maxPacket, this.tables);
  }

  /** Makes a connection one that applies. */
  static async prepare(connection: Connection, settings: SessionSettings): Promise<ApplySession> {
    await connection.query("SET SESSION transaction_isolation = 'READ-COMMITTED'").catch(async () => {
      await connection.query("SET SESSION tx_isolation = 'READ-COMMITTED'");
    });
    const session = new ApplySession(connection, settings);
    await session.memory.load(connection);
    await connection.allowSeveral(true);
    return session;
  }

  /** Where the open transaction stands in the source's log, for messages. */
  get context(): SentContext {
    return { place: this.#place, gtid: this.#transaction.gtid, before: this.memory.before };
  }

  /** Something of the source transaction at hand is in the open transaction of the target. */
  get hasBegun(): boolean {
    return this.#began || this.#isSent || this.stream.unsent.length > this.#start;
  }

  /** Rows of the source's statement are still to come. */
  get isInStatement(): boolean {
    return this.#rows.isInStatement;
  }

  /** Enough waits to be sent. */
  get isFull(): boolean {
    return this.stream.unsent.bytes >= SEND_BYTES;
  }

  begin(transaction: SourceTransaction, isOwn: boolean): void {
    const { file, position, gtid } = transaction;
    this.#transaction = transaction;
    this.#place = { file, position, ...(gtid === undefined ? {} : { gtid }) };
    this.stream.unsent.place = this.#place;
    this.#isOwn = isOwn;
    this.#began = false;
    this.#isSent = false;
    this.#start = this.stream.unsent.length;
    this.#rows.setSource({ flavor: this.way.from, sqlMode: 0n });
    this.progress.begin(transaction);
  }

  /** What was committed of the source transaction stays; what follows begins anew. */
  startAgain(began: boolean = this.#began): void {
    this.#start = this.stream.unsent.length;
    this.#began = began;
    this.memory.begin();
  }

  async settings(query: Query): Promise<void> {
    const { replays, from } = this.way;
    if (!replays) {
      const { sqlMode = 0n, timeZone } = query.status;
      return this.#rows.setSource({ flavor: from, sqlMode, timeZone: timeZone?.toString('latin1') });
    }
    const change = this.memory.change(rowSettings(query, this.way.from));
    if (change === undefined) return;
    await this.emitBatch();
    this.stream.unsent.add(change);
  }

  /** @param isAlone they are a statement by themselves */
  async rows(rows: RowsOfTable, isAlone: boolean): Promise<void> {
    const { replays, conflicts } = this.way;
    // Behind CREATE TABLE … START TRANSACTION MySQL takes BINLOG alone, and no question either.
    if (replays || this.isDirect) {
      if (this.#rows.isTooMuch(rows) && !(await this.#staysWhole(rows))) await this.emitBatch();
      this.#rows.addEvents(rows);
    } else if (rows.rows.shape.partial) await this.#addPartial(rows, isAlone);
    else await this.#rows.addRows(rows, conflicts);
    if (isAlone && !this.isInStatement) this.#emit();
    if (!this.#rows.isFull || (await this.#staysWhole(rows))) return;
    await this.emitBatch();
    if (this.isFull) await this.sendOpen();
  }

  async add(statement: string): Promise<void> {
    await this.emitBatch();
    this.enter();
    this.stream.unsent.add(statement);
  }

  /** Begins a transaction of the target, where none is open. */
  enter(): void {
    if (this.isIn) return;
    const { unsent } = this.stream;
    if (this.#isOwn) unsent.add(gtidStatement(this.#transaction.gtid!));
    else if (this.way.keeps && this.way.to === 'mysql') unsent.add("SET @@session.gtid_next='AUTOMATIC'");
    // BEGIN opens a block where sql_mode is ORACLE.
    unsent.add('START TRANSACTION');
    this.isIn = true;
    this.#began = true;
  }

  /** Rows that have been gathered become statements. */
  async emitBatch(): Promise<void> {
    const events = this.isDirect ? this.#rows.takeEvents() : undefined;
    if (events !== undefined) await this.connection.queryBytes(events);
    else if (!this.#rows.isEmpty) {
      this.enter();
      this.#emit();
    }
  }

  /** Sends the beginning of a source transaction, so that it can still be taken back. */
  async sendOpen(): Promise<void> {
    const { stream } = this;
    // Outside of a transaction nothing was written that could be taken back.
    const isFirst = this.isIn && !this.#began && !this.#isSent;
    if (isFirst) stream.unsent.insert(this.#start, `SAVEPOINT ${SOURCE_SAVEPOINT}`);
    this.#isSent = true;
    await stream.send(false, this.context);
  }

  /** Waits until the server has done all that was given to it. */
  async settleOpen(): Promise<void> {
    if (this.stream.unsent.length > 0) await this.sendOpen();
    await this.stream.settled();
  }

  /** Ends the transaction of the target. */
  async end(onDone?: () => void): Promise<void> {
    this.isIn = false;
    const sent = this.stream.send(true, this.context, onDone);
    this.memory.begin();
    await sent;
  }

  /** Takes back the source transaction that is open. */
  async rollback(): Promise<void> {
    this.progress.takeBack();
    this.clear();
    const { stream } = this;
    if (!this.#isSent) {
      stream.unsent.truncate(this.#start);
      if (this.#began) this.isIn = false;
    } else if (this.#began) {
      stream.unsent.truncate(0);
      stream.unsent.add('ROLLBACK');
      await this.end();
    } else {
      stream.unsent.truncate(0);
      if (this.isIn) stream.unsent.add(`ROLLBACK TO SAVEPOINT ${SOURCE_SAVEPOINT}`);
    }
  }

  /** Forgets rows that are not statements yet, and what the session was told last. */
  clear(): void {
    this.#rows.clear();
    this.memory.clear();
  }

  /** Forgets what is under way: nothing more is done. */
  async abandon(): Promise<void> {
    await this.stream.abandon();
  }

  /** A definition was carried out, by this session or another. */
  forgetTables(): void {
    this.tables.forget();
    this.#rows.forgetTables();
  }

  /**
   * Whether rows of a table last even if their transaction does not.
   *
   * @throws UsageError the server would take them for something else
   */
  async areLasting(rows: RowsOfTable, hasLongTime: boolean): Promise<boolean> {
    // MySQL's GTIDs say by themselves what was done.
    if (this.#isOwn && this.way.to === 'mysql') return false;
    const { isLasting, isVersioned } = await this.tables.nature(rows.map);
    if (isVersioned && hasLongTime) refuseOldForEver(rows);
    return isLasting;
  }

  /** Rows that no ROLLBACK takes back are committed, and their GTID with them, where a BINLOG statement ends. */
  async #staysWhole({ map }: RowsOfTable): Promise<boolean> {
    return this.#isOwn && this.isInStatement && (await this.tables.nature(map)).isLasting;
  }

  /** Partial updates, of documents that only the target may have. */
  async #addPartial(rows: RowsOfTable, isAlone: boolean): Promise<void> {
    await this.#rows.addPartial(rows, this.way.conflicts, async (sql) => {
      if (isAlone) this.#emit();
      else await this.emitBatch();
      await this.settleOpen();
      return this.connection.query(sql);
    });
  }

  #emit(): void {
    this.#rows.emit(this.stream.unsent, this.memory);
  }
}

const SOURCE_SAVEPOINT = '`rowlock source transaction`';

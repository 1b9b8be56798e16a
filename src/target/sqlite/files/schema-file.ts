import { RowlockError } from '../../../errors/index.ts';
import type { SqliteDatabase, SqliteStatement } from '../../../store/index.ts';
import { expectTransaction } from './given-up.ts';
import { PreparedStatements } from './prepared-statements.ts';

/** The rows of one schema of the source: a database file of its own, which any SQLite tool reads while it is written. */
export class SchemaFile {
  readonly schema: string;
  readonly database: SqliteDatabase;
  readonly #statements: PreparedStatements;
  readonly #note: SqliteStatement;
  readonly #statistics: SqliteStatement;
  /** A group of source transactions is open. */
  #inGroup = false;
  /** A source transaction has touched this file. */
  #inTransaction = false;
  /** It is the group's first: taking it back needs no savepoint, for which SQLite copies each page before it is changed. */
  #isFirst = false;
  /** Pages of it may be in memory. */
  #isWarm = true;
  #applied: number;
  readonly #origin: string;

  /** `origin`: of the channel's state. @throws RowlockError the file was written with another one */
  constructor(schema: string, database: SqliteDatabase, channel: string, origin: string) {
    this.schema = schema;
    this.database = database;
    this.#statements = new PreparedStatements(database, MAX_STATEMENTS);
    database.exec(
      `PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
       PRAGMA cache_size = -${CACHE_KIB}; PRAGMA analysis_limit = ${ANALYSIS_ROWS};
       CREATE TABLE IF NOT EXISTS "(rowlock)" (channel TEXT PRIMARY KEY, applied INTEGER NOT NULL, origin TEXT NOT NULL)`,
    );
    const known = database.prepare('SELECT applied, origin FROM "(rowlock)" WHERE channel = ?').get(channel);
    if (known !== undefined && known['origin'] !== origin) {
      throw new RowlockError(
        'TARGET_STRANGE',
        `the tables of ${schema} were written by another replication`,
        {
          hint: 'Its rowlock.sqlite is not the one that is here: bring that back, or begin with an empty folder.',
        },
      );
    }
    this.#origin = origin;
    this.#applied = Number(known?.['applied'] ?? 0);
    this.#statistics = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'");
    this.#note = database.prepare(
      'INSERT INTO "(rowlock)" (applied, channel, origin) VALUES (?, ?, ?) ON CONFLICT (channel) DO UPDATE SET applied = excluded.applied',
    );
  }

  /** Number of the last source transaction that is in the file for good. */
  get applied(): number {
    return this.#applied;
  }

  /** A group is open in it. */
  get isInGroup(): boolean {
    return this.#inGroup;
  }

  get isWarm(): boolean {
    return this.#isWarm;
  }

  /** Statements that were prepared under another number are given up. */
  get age(): number {
    return this.#statements.age;
  }

  /** Gives back the memory that it does not need while nothing is written. */
  rest(): void {
    this.#statements.forget();
    this.database.exec('PRAGMA shrink_memory');
    this.#isWarm = false;
  }

  /** Opens what a write needs: the group, the source transaction in it, and the savepoints that came before. */
  enter(savepoints: readonly string[]): void {
    if (!this.#inGroup) {
      this.database.exec('BEGIN IMMEDIATE');
      this.#inGroup = true;
      this.#isFirst = true;
      this.#isWarm = true;
    }
    if (this.#inTransaction) return;
    expectTransaction(this.database);
    if (!this.#isFirst) this.database.exec('SAVEPOINT source');
    this.#inTransaction = true;
    for (const name of savepoints) this.savepoint(name);
  }

  savepoint(name: string): void {
    if (this.#inTransaction) this.database.exec(`SAVEPOINT ${savepointName(name)}`);
  }

  rollbackTo(name: string): void {
    if (this.#inTransaction) this.database.exec(`ROLLBACK TO ${savepointName(name)}`);
  }

  /** A statement, prepared once. Made anew after a definition changed. */
  statement(sql: string): SqliteStatement {
    return this.#statements.of(sql);
  }

  /** The source transaction is whole. */
  commit(): void {
    if (this.#inTransaction && !this.#isFirst) this.database.exec('RELEASE source');
    if (this.#inTransaction) this.#isFirst = false;
    this.#inTransaction = false;
  }

  /** Forgets the source transaction, and only that. */
  rollback(): void {
    if (this.#isFirst) this.discard();
    else if (this.#inTransaction && this.database.isTransaction)
      this.database.exec('ROLLBACK TO source; RELEASE source');
    this.#inTransaction = false;
  }

  /** Makes the group durable, up to this source transaction. */
  flush(channel: string, applied: number): void {
    if (!this.#inGroup) return;
    expectTransaction(this.database);
    this.#note.run(applied, channel, this.#origin);
    // Who has had a table of few rows analyzed has SQLite walk through it for each row that is sought, also when it is a large one.
    if (this.#statistics.get() !== undefined) this.database.exec('PRAGMA optimize');
    this.database.exec('COMMIT');
    this.#inGroup = false;
    this.#applied = applied;
  }

  /** Gives up a group in which nothing was committed. */
  discard(): void {
    if (this.database.isTransaction) this.database.exec('ROLLBACK');
    this.#inGroup = false;
    this.#inTransaction = false;
    this.#isFirst = false;
  }

  close(): void {
    if (this.database.isTransaction) this.database.exec('ROLLBACK');
    this.#inGroup = false;
    this.#statements.forget();
    this.database.close();
  }
}

/** Apart from our own; names compare without regard to case in both. */
const savepointName = (name: string): string => `"of source ${name.replaceAll('"', '""')}"`;

/** Others only read; a tool that writes is given this long, and everything waits for it. */
const BUSY_MS = 5000;
/** Of a new file. Large transactions pass through the log page by page: of twice SQLite's size it is a twentieth of their time less. */
const PAGE_BYTES = 8192;
const CACHE_KIB = 16 * 1024;
/** That ANALYZE looks at, of each index: milliseconds for any table. What SQLite's documentation proposes is 100 to 1000. */
const ANALYSIS_ROWS = 400;
/** As many shapes of statements as a schema with some hundred tables uses. */
const MAX_STATEMENTS = 1000;

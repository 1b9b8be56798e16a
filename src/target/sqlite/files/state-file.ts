import { randomUUID } from 'node:crypto';
import type { SourcePosition } from '../../../replication/index.ts';
import type { SqliteDatabase, SqliteStatement } from '../../../store/index.ts';
import type { Table } from '../../schema/index.ts';
import { expectTransaction } from './given-up.ts';
import { PreparedStatements } from './prepared-statements.ts';

/** A dump on its way into the target: tables stand under names of their own until all of it is there. */
export interface Load {
  readonly phase: 'loading' | 'whole';
  /** Where its tables are. */
  readonly schemas: readonly string[];
}

/**
 * `rowlock.sqlite`: how far each channel has come, its tables with their history, and XA transactions that are prepared.
 *
 * It is committed after the files with the rows. Those remember by themselves how far they are: after a crash between the two, what
 * they have already is passed over.
 */
export class StateFile {
  readonly #database: SqliteDatabase;
  readonly channel: string;
  readonly #save: SqliteStatement;
  readonly #statements: PreparedStatements;
  /** Who wrote the files with the rows: those of another origin are not ours to go on with. */
  readonly origin: string;
  /** Number of the source transaction that is open, or was last. */
  applied: number;
  /** Where the channel goes on behind what is kept. */
  position: SourcePosition | undefined;
  #inGroup = false;
  /** A source transaction has touched it. */
  #inTransaction = false;

  constructor(database: SqliteDatabase, channel: string) {
    this.#database = database;
    this.#statements = new PreparedStatements(database);
    this.channel = channel;
    database.exec(
      `CREATE TABLE IF NOT EXISTS channels (channel TEXT PRIMARY KEY, applied INTEGER NOT NULL, position TEXT, origin TEXT NOT NULL);
       CREATE TABLE IF NOT EXISTS schemas (channel TEXT, name TEXT, charset TEXT NOT NULL, PRIMARY KEY (channel, name));
       CREATE TABLE IF NOT EXISTS tables (channel TEXT, schema TEXT, name TEXT, definition TEXT NOT NULL, PRIMARY KEY (channel, schema, name));
       CREATE TABLE IF NOT EXISTS definitions (channel TEXT, applied INTEGER, position TEXT, schema TEXT, name TEXT, definition TEXT);
       CREATE TABLE IF NOT EXISTS prepared (channel TEXT, xid TEXT, events BLOB NOT NULL, PRIMARY KEY (channel, xid));
       CREATE TABLE IF NOT EXISTS loads (channel TEXT PRIMARY KEY, phase TEXT NOT NULL, schemas TEXT NOT NULL)`,
    );
    this.#save = database.prepare('UPDATE channels SET applied = ?, position = ? WHERE channel = ?');
    database.prepare('INSERT OR IGNORE INTO channels VALUES (?, 0, NULL, ?)').run(channel, randomUUID());
    const { origin, applied, position } = database
      .prepare('SELECT origin, applied, position FROM channels WHERE channel = ?')
      .get(channel)!;
    this.origin = String(origin);
    this.applied = Number(applied);
    this.position = typeof position === 'string' ? (JSON.parse(position) as SourcePosition) : undefined;
  }

  tables(): Table[] {
    return this.#database
      .prepare('SELECT definition FROM tables WHERE channel = ?')
      .all(this.channel)
      .map(({ definition }) => JSON.parse(String(definition)) as Table);
  }

  /** With their collations; those of older versions of Rowlock with their character sets, which is what the field is called after. */
  schemas(): (readonly [name: string, collation: string])[] {
    return this.#statements
      .of('SELECT name, charset FROM schemas WHERE channel = ?')
      .all(this.channel)
      .map(({ name, charset }) => [String(name), String(charset)] as const);
  }

  /** Opens the group and the source transaction in it, where they are not. */
  enter(): void {
    if (!this.#inGroup) this.#database.exec('BEGIN IMMEDIATE');
    this.#inGroup = true;
    expectTransaction(this.#database);
    if (!this.#inTransaction) this.#database.exec('SAVEPOINT source');
    this.#inTransaction = true;
  }

  /** The source transaction is whole. */
  commit(): void {
    if (this.#inTransaction) this.#database.exec('RELEASE source');
    this.#inTransaction = false;
  }

  /** Forgets the source transaction, and only that. Gives back whether there was anything to forget. */
  rollback(): boolean {
    const had = this.#inTransaction;
    if (had && this.#database.isTransaction) this.#database.exec('ROLLBACK TO source; RELEASE source');
    this.#inTransaction = false;
    return had;
  }

  /** A table as it is from here on. */
  saveTable(table: Table): void {
    this.enter();
    const definition = JSON.stringify(table);
    const { schema, name } = table;
    this.#run('INSERT OR REPLACE INTO tables VALUES (?, ?, ?, ?)', schema, name, definition);
    this.#run('INSERT INTO definitions VALUES (?, ?, ?, ?, ?, ?)', ...this.#place, schema, name, definition);
  }

  dropTable({ schema, name }: Table): void {
    this.enter();
    this.#run('DELETE FROM tables WHERE channel = ? AND schema = ? AND name = ?', schema, name);
    this.#run('INSERT INTO definitions VALUES (?, ?, ?, ?, ?, NULL)', ...this.#place, schema, name);
  }

  saveSchemas(schemas: Iterable<readonly [name: string, collation: string]>): void {
    this.enter();
    const saved = new Map(this.schemas());
    for (const [name, collation] of schemas) {
      if (saved.get(name) !== collation)
        this.#run('INSERT OR REPLACE INTO schemas VALUES (?, ?, ?)', name, collation);
      saved.delete(name);
    }
    for (const name of saved.keys()) this.#run('DELETE FROM schemas WHERE channel = ? AND name = ?', name);
  }

  savePrepared(xid: string, events: Uint8Array): void {
    this.enter();
    this.#run('INSERT OR REPLACE INTO prepared VALUES (?, ?, ?)', xid, events);
  }

  takePrepared(xid: string): Uint8Array | undefined {
    this.enter();
    const row = this.#statements
      .of('SELECT events FROM prepared WHERE channel = ? AND xid = ?')
      .get(this.channel, xid);
    this.#run('DELETE FROM prepared WHERE channel = ? AND xid = ?', xid);
    const events = row?.['events'];
    return events instanceof Uint8Array ? events : undefined;
  }

  /** The dump that is being loaded. */
  load(): Load | undefined {
    const row = this.#database
      .prepare('SELECT phase, schemas FROM loads WHERE channel = ?')
      .get(this.channel);
    if (row === undefined) return undefined;
    return {
      phase: row['phase'] as Load['phase'],
      schemas: JSON.parse(String(row['schemas'])) as string[],
    };
  }

  /** Undefined: there is none any more. */
  saveLoad(load: Load | undefined): void {
    this.enter();
    if (load === undefined) this.#run('DELETE FROM loads WHERE channel = ?');
    else this.#run('INSERT OR REPLACE INTO loads VALUES (?, ?, ?)', load.phase, JSON.stringify(load.schemas));
  }

  /** Makes durable what was committed, and where the channel stands. */
  flush(): void {
    const { applied, position } = this;
    if (!this.#inGroup) this.#database.exec('BEGIN IMMEDIATE');
    this.#inGroup = true;
    expectTransaction(this.#database);
    this.#save.run(applied, position === undefined ? null : JSON.stringify(position), this.channel);
    this.#database.exec('COMMIT');
    this.#inGroup = false;
  }

  /** Forgets what was not flushed. The database itself is the folder's. */
  close(): void {
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    this.#inGroup = false;
    this.#inTransaction = false;
  }

  /** Since when a table is what it is. */
  get #place(): readonly [applied: number, position: string] {
    return [this.applied, JSON.stringify(this.position ?? null)];
  }

  #run(sql: string, ...values: (string | number | Uint8Array)[]): void {
    this.#statements.of(sql).run(this.channel, ...values);
  }
}

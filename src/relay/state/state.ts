import { chmod } from 'node:fs/promises';
import { UsageError } from '../../errors/index.ts';
import { openSqlite, type SqliteDatabase, type SqliteStatement } from '../../store/index.ts';
import { stateError } from './state-error.ts';

/** One row of a kind of thing the relay remembers, as text. */
export interface StateTable {
  all(): ReadonlyMap<string, string>;
  set(name: string, value: string): void;
  delete(name: string): void;
}

const TABLES = ['facts', 'accounts', 'variables', 'channels', 'failover'] as const;
type TableName = (typeof TABLES)[number];

/** What is written when the layout changes; a newer one than this is not opened. */
const LAYOUT = '1';

/**
 * What a relay remembers across starts: accounts, channels, persisted variables. One SQLite file, every commit on the disk before it
 * counts. It also is the lock of the data folder: while it is open, no other process opens it.
 */
export class State implements Readonly<Record<TableName, StateTable>> {
  readonly database: SqliteDatabase;
  readonly facts: StateTable;
  readonly accounts: StateTable;
  readonly variables: StateTable;
  readonly channels: StateTable;
  /** Sources that channels may fail over to. */
  readonly failover: StateTable;

  readonly #file: string;

  private constructor(database: SqliteDatabase, file: string) {
    this.database = database;
    this.#file = file;
    this.facts = tableOf(database, 'facts', file);
    this.accounts = tableOf(database, 'accounts', file);
    this.variables = tableOf(database, 'variables', file);
    this.channels = tableOf(database, 'channels', file);
    this.failover = tableOf(database, 'failover', file);
  }

  /** @throws UsageError another process has the folder, or a newer version wrote it; ServerError the disk takes nothing */
  static async open(file: string): Promise<State> {
    const database = await openSqlite(file).catch((error: unknown) => {
      throw stateError(error, file);
    });
    try {
      database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      // Takes the lock now, not with the first change.
      database.exec('BEGIN EXCLUSIVE');
      for (const name of TABLES) {
        database.exec(`CREATE TABLE IF NOT EXISTS ${name} (name TEXT PRIMARY KEY, value TEXT NOT NULL)`);
      }
      database.exec('COMMIT');
    } catch (cause) {
      database.close();
      if (/locked|busy/i.test((cause as Error).message)) {
        throw new UsageError('another process has this data folder', { cause, context: { file } });
      }
      throw stateError(cause, file);
    }
    if (file !== ':memory:') await chmod(file, 0o600);
    const state = new State(database, file);
    const layout = state.facts.all().get('layout');
    if (layout === undefined) state.facts.set('layout', LAYOUT);
    else if (layout !== LAYOUT) {
      state.close();
      throw new UsageError(`the data folder has layout ${layout}, this version knows ${LAYOUT}`, {
        context: { file },
      });
    }
    return state;
  }

  /** All changes made inside count together, or none does. */
  atomically<T>(change: () => T): T {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const result = change();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      // Where the disk was full, SQLite has taken it back itself.
      attempt(() => this.database.exec('ROLLBACK'));
      throw stateError(error, this.#file);
    }
  }

  close(): void {
    // A full disk does not take the journal back into the file: the next start does.
    attempt(() => this.database.exec('PRAGMA journal_mode = DELETE'));
    // Statements that nobody has collected yet would keep the file locked.
    attempt(() => this.database.exec('PRAGMA locking_mode = NORMAL; SELECT 1 FROM facts LIMIT 1'));
    this.database.close();
  }
}

function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // What follows holds either way.
  }
}

function tableOf(database: SqliteDatabase, name: TableName, file: string): StateTable {
  let statements: Record<'all' | 'set' | 'delete', SqliteStatement> | undefined;
  const prepared = () =>
    (statements ??= {
      all: database.prepare(`SELECT name, value FROM ${name} ORDER BY name`),
      set: database.prepare(
        `INSERT INTO ${name} VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      ),
      delete: database.prepare(`DELETE FROM ${name} WHERE name = ?`),
    });
  const write = (statement: 'set' | 'delete', ...values: string[]): void => {
    try {
      prepared()[statement].run(...values);
    } catch (error) {
      throw stateError(error, file);
    }
  };
  return {
    all: () =>
      new Map(
        prepared()
          .all.all()
          .map((row) => [String(row['name']), String(row['value'])]),
      ),
    set: (key, value) => write('set', key, value),
    delete: (key) => write('delete', key),
  };
}

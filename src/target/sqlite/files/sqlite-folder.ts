import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { RowlockError } from '../../../errors/index.ts';
import { makeFolders, openSqlite, type SqliteDatabase } from '../../../store/index.ts';

const open = new Map<string, Promise<SqliteFolder>>();

/**
 * A folder of databases that this process writes: several channels share it, other processes are kept out by a lock that dies with us.
 *
 * SQLite knows one writer at a time, and waiting for it would stop the whole process: channels take turns, a group of transactions each.
 */
export class SqliteFolder {
  readonly path: string;
  /** `rowlock.sqlite` */
  readonly database: SqliteDatabase;
  readonly #lock: SqliteDatabase;
  #users = 1;
  #holder: object | undefined;
  readonly #waiting: { readonly owner: object; readonly go: () => void }[] = [];

  private constructor(path: string, lock: SqliteDatabase, database: SqliteDatabase) {
    this.path = path;
    this.#lock = lock;
    this.database = database;
  }

  /** Opens or makes it. @throws RowlockError another process has it */
  static async open(folder: string): Promise<SqliteFolder> {
    await makeFolders(folder, 0o700);
    const path = await realpath(folder);
    const known = open.get(path);
    if (known !== undefined) {
      const shared = await known;
      shared.#users += 1;
      return shared;
    }
    const opened = SqliteFolder.#open(path);
    open.set(path, opened);
    opened.catch(() => open.delete(path));
    return opened;
  }

  static async #open(path: string): Promise<SqliteFolder> {
    const lock = await takeLock(path);
    try {
      const database = await openSqlite(join(path, 'rowlock.sqlite'));
      database.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`);
      return new SqliteFolder(path, lock, database);
    } catch (error) {
      // Kept, it would keep us out, too.
      lock.close();
      throw error;
    }
  }

  /** Waits until nobody else writes; undefined: `owner` may at once. */
  take(owner: object): Promise<void> | undefined {
    if (this.#holder === owner) return undefined;
    if (this.#holder === undefined) {
      this.#holder = owner;
      return undefined;
    }
    return new Promise((go) => {
      this.#waiting.push({ owner, go });
    });
  }

  /** Lets the next one write. */
  giveBack(owner: object): void {
    if (this.#holder !== owner) return;
    const next = this.#waiting.shift();
    this.#holder = next?.owner;
    next?.go();
  }

  /** The last one to leave closes it. */
  close(owner: object): void {
    this.giveBack(owner);
    this.#users -= 1;
    if (this.#users > 0) return;
    open.delete(this.path);
    this.database.close();
    this.#lock.exec('ROLLBACK');
    this.#lock.close();
  }
}

/** Others only read, and hold it up for as long as they open it. */
const BUSY_MS = 5000;

/** A transaction that never ends, in a file that holds nothing: the lock goes with the process, however it goes. */
async function takeLock(path: string): Promise<SqliteDatabase> {
  const lock = await openSqlite(join(path, 'rowlock.lock'));
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock.close();
    if (!(cause instanceof Error) || !/locked|busy/i.test(cause.message)) throw cause;
    throw new RowlockError('TARGET_BUSY', 'another process is writing to this target', {
      cause,
      context: { file: path },
      hint: 'Stop it first: one process at a time applies to a folder.',
    });
  }
}

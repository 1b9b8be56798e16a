import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SqliteDatabase } from '../../../store/index.ts';
import { quote, quoteName } from '../sqlite-text.ts';

/** How often files are looked at until they are of one group, and how long between looks: a group is made durable in some milliseconds. */
const LOOKS = 100;
const LOOK_MS = 5;
/** The applier holds a lock for as long as a checkpoint at its start or end takes. */
const BUSY_MS = 5000;

/** A file that is read and never written, nor made: SQLite's name for it. */
const readOnly = (path: string): string => quote(`${pathToFileURL(path).href}?mode=ro`);

const pauses = new Int32Array(new SharedArrayBuffer(4));
const waitALittle = (): void => void Atomics.wait(pauses, 0, 0, LOOK_MS);

/**
 * Opens database files to queries of a database, by name, as they were at one moment. `beside` is another database to look with; `pause`
 * lets some milliseconds go by.
 *
 * @returns closes them again
 */
export function attachFiles(
  database: SqliteDatabase,
  files: ReadonlyMap<string, string>,
  beside: SqliteDatabase,
  pause: () => void = waitALittle,
): () => void {
  const attached: string[] = [];
  const detach = (): void => {
    if (database.isTransaction) database.exec('ROLLBACK');
    for (const name of attached) database.exec(`DETACH ${quoteName(name)}`);
  };
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    for (const [name, path] of files) {
      database.exec(`ATTACH ${readOnly(path)} AS ${quoteName(name)}`);
      attached.push(name);
    }
    if (files.size > 1) beginAtOnce(database, files, beside, pause);
  } catch (error) {
    detach();
    throw error;
  }
  return detach;
}

/**
 * Begins a transaction in which all files are of the same group of source transactions. The applier makes a group durable file by file and
 * says in `rowlock.sqlite` that it has, last: files that hold nothing newer than what was said there before they were opened are whole.
 */
function beginAtOnce(
  database: SqliteDatabase,
  files: ReadonlyMap<string, string>,
  beside: SqliteDatabase,
  pause: () => void,
): void {
  for (let look = 1; ; look += 1) {
    const known = new Map(
      [...new Set([...files.values()].map((path) => dirname(path)))].map((folder) => [
        folder,
        durable(beside, folder),
      ]),
    );
    database.exec('BEGIN');
    const isWhole = [...files].every(([name, path]) =>
      database
        .prepare(`SELECT channel, applied FROM ${quoteName(name)}."(rowlock)"`)
        .all()
        .every(({ channel, applied }) => Number(applied) <= (known.get(dirname(path))?.get(channel) ?? 0)),
    );
    // Behind a crash files stay ahead until their channel runs again: then they are read as they are.
    if (isWhole || look === LOOKS) return;
    database.exec('ROLLBACK');
    pause();
  }
}

const STATE = '(state)';

/** Number of the last source transaction of each channel that all files of a folder have. */
function durable(database: SqliteDatabase, folder: string): ReadonlyMap<unknown, number> {
  database.exec(
    `PRAGMA busy_timeout = ${BUSY_MS}; ATTACH ${readOnly(join(folder, 'rowlock.sqlite'))} AS ${quoteName(STATE)}`,
  );
  try {
    return new Map(
      database
        .prepare(`SELECT channel, applied FROM ${quoteName(STATE)}.channels`)
        .all()
        .map(({ channel, applied }) => [channel, Number(applied)]),
    );
  } finally {
    database.exec(`DETACH ${quoteName(STATE)}`);
  }
}

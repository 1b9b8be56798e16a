import type { SqliteDatabase, SqliteValue } from './sqlite-database.ts';

let areLost = true;

/** Looks whether this SQLite takes small numbers for what they are. */
export function trySmallReals(database: SqliteDatabase): void {
  areLost = database.prepare('SELECT ? = 0 AS lost').get(Number.MIN_VALUE)?.['lost'] === 1;
}

/**
 * A number for a REAL column. The bindings of @photostructure/sqlite 1.2.1 take positive ones below 2^-52 for the integer 0: they go as
 * text, which that column turns into the very same number. The SQLite of Node 22, 3.51, makes another one of some texts.
 */
export const bindableReal = (value: number): SqliteValue =>
  areLost && value > 0 && value < Number.EPSILON ? String(value) : value;

import type { SqliteDatabase } from '../../../store/index.ts';
import { DiskError } from '../../disk-error.ts';

/**
 * Holds a group's transaction to be there still. SQLite gives one up by itself where the disk is full or fails: what is written behind that
 * would stand alone, and a number of transactions without their rows.
 *
 * @throws DiskError it is not
 */
export function expectTransaction(database: SqliteDatabase): void {
  if (database.isTransaction) return;
  throw new DiskError(
    1026,
    'failed',
    'SQLite: the disk is full or failed, and what was not on it yet was given up',
  );
}

import { RowlockError } from '../../../errors/index.ts';
import type { SqliteDatabase } from '../../../store/index.ts';

/**
 * Holds a group's transaction to be there still. SQLite gives one up by itself where the disk is full or fails: what is written behind that
 * would stand alone, and a number of transactions without their rows.
 *
 * @throws RowlockError it is not
 */
export function expectTransaction(database: SqliteDatabase): void {
  if (database.isTransaction) return;
  throw new RowlockError(
    'DISK',
    'SQLite: the disk is full or failed, and what was not on it yet was given up',
    {
      hint: 'What was applied is safe: once files can be written in the folder, start again.',
    },
  );
}

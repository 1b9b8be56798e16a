import { RowlockError } from '../../errors/index.ts';

/** SQLITE_BUSY, SQLITE_LOCKED */
const HELD: ReadonlySet<unknown> = new Set([5, 6]);
const PLAIN_CODE = 0xff;

/** What SQLite would not do with what came, and no disk is to blame for; undefined: it is no error of SQLite's. */
export function sqliteRefusal(error: unknown): RowlockError | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  const isHeld = HELD.has(Number(error.errcode) & PLAIN_CODE);
  return new RowlockError('TARGET_REFUSED', `SQLite: ${error.message}`, {
    cause: error,
    hint: isHeld
      ? 'Another program writes to the file: let it come to its end, then start again.'
      : 'SQLite has no room for this: leave the table out with a filter, or take a server as the target.',
  });
}

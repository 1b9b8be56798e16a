import type { TableStatement } from '../../../sql/index.ts';
import type { Fingerprint } from './fingerprint.ts';

/** What a definition says that has been carried out before: it is there already, or it is gone already. */
const DONE_BEFORE: ReadonlySet<number> = new Set([
  1007, 1008, 1050, 1051, 1304, 1305, 1347, 1359, 1360, 1396, 1537, 1539, 4092, 1141, 1147, 1269, 1403, 3162,
  4091, 1976,
]);

/** ER_BAD_TABLE_ERROR: of several tables, those that were still there have been dropped now. */
const BAD_TABLE = 1051;

/** Whether a definition that was under way when everything stopped has been carried out. */
export function wasDone(statement: TableStatement, before: Fingerprint, now: Fingerprint): boolean {
  const changed = Object.entries(now ?? {}).filter(([name, digest]) => before?.[name] !== digest);
  if (changed.length === 0) return false;
  const digests = Object.values(now ?? {});
  // MariaDB drops one table after the other, a schema after its tables, and a table before it makes it anew.
  if (statement.kind === 'dropSchema' || statement.kind === 'dropTables')
    return digests.every((digest) => digest === null);
  return statement.kind !== 'createTable' || !digests.includes(null);
}

/**
 * Whether a definition that was under way when everything stopped may be given again, when nothing it concerns has changed since: the
 * servers carry one out whole or not at all.
 */
export function mayRunAgain(statement: TableStatement, before: Fingerprint): boolean {
  // Names that changed places may look as they did.
  if (statement.kind === 'renameTables') return Object.values(before ?? {}).includes(null);
  if (statement.kind !== 'alterTable') return true;
  return !statement.changes.some((change) => change.kind === 'partitionRows' && change.what === 'EXCHANGE');
}

/** Whether an error of a definition that is given again says that it had been carried out. */
export function saysDone(statement: TableStatement, errno: number, before: Fingerprint): boolean {
  if (statement.kind === 'dropTables') return errno === BAD_TABLE;
  return before === undefined && DONE_BEFORE.has(errno);
}

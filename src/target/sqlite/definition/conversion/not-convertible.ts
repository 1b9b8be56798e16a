import type { SqliteValue } from '../../../../store/index.ts';

/** A value that becomes what only the source knows. */
export class NotConvertible extends Error {}

/** NULL is NULL everywhere; anything else changes in a way that only the source knows. */
export function refuse(value: SqliteValue): SqliteValue {
  if (value === null) return null;
  throw new NotConvertible();
}

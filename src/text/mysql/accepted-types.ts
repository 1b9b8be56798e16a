import { EventType } from '../../binlog/index.ts';

/**
 * Types that MySQL 9.7's tool refuses although they are well-formed: rows events of the version before MySQL 5.6 and
 * those of a beta of 5.1.
 */
const refusedByOriginal: ReadonlySet<number> = new Set([
  EventType.WRITE_ROWS_EVENT_V1,
  EventType.UPDATE_ROWS_EVENT_V1,
  EventType.DELETE_ROWS_EVENT_V1,
]);

export function acceptsType(type: number, compat: 'better' | 'exact'): boolean {
  return compat === 'better' || !refusedByOriginal.has(type);
}

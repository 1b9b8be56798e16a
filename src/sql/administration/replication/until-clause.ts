import type { StatementCursor } from '../statement-cursor.ts';

/** UNTIL as written. */
export type UntilClause =
  | { readonly kind: 'beforeGtids' | 'afterGtids' | 'mariadbGtids'; readonly gtids: string }
  | {
      readonly kind: 'sourcePosition' | 'relayPosition';
      readonly file: string | undefined;
      readonly position: number | undefined;
    }
  | { readonly kind: 'afterMtsGaps' };

/** Behind UNTIL. */
export function readUntilClause(cursor: StatementCursor): UntilClause {
  if (cursor.accept('SQL_AFTER_MTS_GAPS')) return { kind: 'afterMtsGaps' };
  const gtids = cursor.acceptOne('SQL_BEFORE_GTIDS', 'SQL_AFTER_GTIDS', 'MASTER_GTID_POS');
  if (gtids !== undefined) {
    cursor.expectSymbol('=');
    const kind =
      gtids === 'MASTER_GTID_POS'
        ? 'mariadbGtids'
        : gtids === 'SQL_AFTER_GTIDS'
          ? 'afterGtids'
          : 'beforeGtids';
    return { kind, gtids: cursor.string() };
  }
  let kind: 'sourcePosition' | 'relayPosition' | undefined;
  let file: string | undefined;
  let position: number | undefined;
  cursor.list(() => {
    const word = cursor.expectOne(
      'SOURCE_LOG_FILE',
      'MASTER_LOG_FILE',
      'SOURCE_LOG_POS',
      'MASTER_LOG_POS',
      'RELAY_LOG_FILE',
      'RELAY_LOG_POS',
    );
    const named = word.startsWith('RELAY') ? 'relayPosition' : 'sourcePosition';
    // A mixture is no position: both parts go missing, and the statement says 1277.
    if (kind !== undefined && kind !== named) file = position = undefined;
    kind = named;
    cursor.expectSymbol('=');
    if (word.endsWith('FILE')) file = cursor.string();
    else position = cursor.integer();
  });
  return { kind: kind!, file, position };
}

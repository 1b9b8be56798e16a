/** START REPLICA … UNTIL: where the applier (or, at a position, both threads) shall stop by itself. */
export type Until =
  | { readonly kind: 'beforeGtids'; readonly gtids: string }
  | { readonly kind: 'afterGtids'; readonly gtids: string }
  | { readonly kind: 'sourcePosition'; readonly file: string; readonly position: number }
  | { readonly kind: 'relayPosition'; readonly file: string; readonly position: number }
  /** MariaDB's UNTIL master_gtid_pos. */
  | { readonly kind: 'mariadbGtids'; readonly gtids: string }
  /** MariaDB's SQL_BEFORE_GTIDS; its SQL_AFTER_GTIDS is the same as master_gtid_pos. */
  | { readonly kind: 'beforeMariadbGtids'; readonly gtids: string }
  | { readonly kind: 'afterMtsGaps' };

/** What of it the status columns show. */
export interface UntilStatus {
  /** `None`, `SQL_BEFORE_GTIDS`, `SQL_AFTER_GTIDS`, `Master`, `Relay`, `Gtid`, `DONE`. */
  readonly condition: string;
  readonly file: string;
  readonly position: number;
}

/** What the status columns show where there is no UNTIL. */
export const NO_UNTIL: UntilStatus = { condition: 'None', file: '', position: 0 };

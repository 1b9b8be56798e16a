/** START REPLICA … UNTIL: where the applier (or, at a position, both threads) shall stop by itself. */
export type Until =
  | { readonly kind: 'beforeGtids'; readonly gtids: string }
  | { readonly kind: 'afterGtids'; readonly gtids: string }
  | { readonly kind: 'sourcePosition'; readonly file: string; readonly position: number }
  | { readonly kind: 'relayPosition'; readonly file: string; readonly position: number }
  /** MariaDB's UNTIL master_gtid_pos. */
  | { readonly kind: 'mariadbGtids'; readonly gtids: string }
  | { readonly kind: 'afterMtsGaps' };

/** Which threads a START or STOP means. */
export interface Threads {
  readonly receiver: boolean;
  readonly applier: boolean;
}

/** Given with START REPLICA and kept in memory only. */
export interface StartCredentials {
  readonly user: string;
  readonly password: string;
}

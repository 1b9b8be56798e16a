import type { Flavor } from '../../../charset/index.ts';
import type { Origins } from '../query-database.ts';
import type { View, ViewRow } from '../view.ts';

/** A query over replicated tables, as the process that reads them gets it: translated and allowed. */
export interface ReadOrder {
  /** For SQLite. */
  readonly sql: string;
  /** Database files, by the names that the query has for them. */
  readonly files: ReadonlyMap<string, string>;
  /** What views hold that it reads as well. */
  readonly views: readonly FilledView[];
  readonly flavor: Flavor | undefined;
  /** Variables of the session that functions ask for. */
  readonly variables: ReadonlyMap<string, string | number | null>;
}

export interface FilledView extends Pick<View<never>, 'schema' | 'name' | 'columns'> {
  readonly values: readonly ViewRow[];
}

/** What comes back of an order: columns, rows in batches, and an end of either kind. */
export type ReadReply =
  | { readonly kind: 'columns'; readonly origins: Origins }
  | { readonly kind: 'rows'; readonly rows: readonly ViewRow[] }
  | { readonly kind: 'done'; readonly warnings: readonly ReadWarning[] }
  | { readonly kind: 'failed'; readonly errno: number; readonly sqlState: string; readonly message: string };

export interface ReadWarning {
  readonly code: number;
  readonly message: string;
}

/** All that came back. */
export interface ReadResult {
  readonly origins: Origins;
  readonly rows: readonly ViewRow[];
  readonly warnings: readonly ReadWarning[];
}

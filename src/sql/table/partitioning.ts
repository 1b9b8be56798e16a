/** A value of a partitioning, or how it is worked out of a row. Plain values: it is kept as JSON. */
export type PartitionExpression =
  | { readonly kind: 'column'; readonly name: string }
  /** Digits, with a minus where it is below zero: it may be larger than a double holds. */
  | { readonly kind: 'integer'; readonly digits: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'maxvalue' }
  /** A function by its name in capitals, or an operator: `+`, `-`, `*`, `DIV`, `MOD`; a minus of one is `NEG`. EXTRACT has its unit as a text. */
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly PartitionExpression[] };

export interface PartitionDefinition {
  readonly name: string;
  /** RANGE: one, which is its upper bound; LIST: those it holds; HASH: none. As many parts as the table is partitioned by. */
  readonly values: readonly (readonly PartitionExpression[])[];
  /** LIST of MariaDB: it holds what no other one does. */
  readonly isDefault: boolean;
}

/** How the rows of a table are spread over its partitions. Subpartitions are left out: rows go with the whole of a partition. */
export interface Partitioning {
  readonly method: 'range' | 'list' | 'hash' | 'linearHash';
  /** RANGE COLUMNS, LIST COLUMNS: values are compared as those of their columns, and not as integers. */
  readonly isByColumns: boolean;
  /** Columns, or one expression. */
  readonly by: readonly PartitionExpression[];
  /** In the order in which they stand. */
  readonly partitions: readonly PartitionDefinition[];
}

/** Why it is not known how rows are spread. */
export interface UnknownPartitioning {
  readonly method: 'unknown';
  readonly reason: string;
}

/** What ALTER TABLE does to partitions whose rows stay in the table. */
export type PartitionChange =
  | { readonly kind: 'partitionBy'; readonly partitioning: Partitioning | UnknownPartitioning }
  | { readonly kind: 'remove' }
  | {
      readonly kind: 'add';
      readonly partitions: readonly PartitionDefinition[];
      /** IF NOT EXISTS: of MariaDB. */
      readonly ifNotExists: boolean;
    }
  /** HASH: so many more. */
  | { readonly kind: 'addCount'; readonly count: number }
  | { readonly kind: 'coalesce'; readonly count: number }
  | {
      readonly kind: 'reorganize';
      readonly names: readonly string[];
      readonly into: readonly PartitionDefinition[];
    }
  /** Not understood. */
  | { readonly kind: 'lost'; readonly reason: string };

/** An index that a table has: its columns, and how many characters of each where it has not the whole of it. */
export interface ExistingIndex {
  readonly isUnique: boolean;
  readonly parts: readonly { readonly column: string; readonly length: number | undefined }[];
}

/** What a table has by now: names in small letters. */
export interface ExistingTable {
  /** With their types. */
  readonly types: ReadonlyMap<string, string>;
  readonly indexes: ReadonlyMap<string, ExistingIndex>;
  readonly constraints: ReadonlySet<string>;
  readonly partitions: ReadonlySet<string>;
  /** Whether it has the columns of a table of MariaDB WITH SYSTEM VERSIONING that names none for it. */
  readonly hasPeriod: boolean;
}

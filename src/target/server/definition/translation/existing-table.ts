/** What a table has by now: names in small letters. */
export interface ExistingTable {
  /** With their types. */
  readonly types: ReadonlyMap<string, string>;
  readonly indexes: ReadonlySet<string>;
  readonly constraints: ReadonlySet<string>;
  /** Whether it has the columns of a table of MariaDB WITH SYSTEM VERSIONING that names none for it. */
  readonly hasPeriod: boolean;
}

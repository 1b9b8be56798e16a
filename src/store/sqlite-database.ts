/** A value SQLite keeps. Integers come back as numbers, larger ones than a double holds exactly as bigint. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

/** One statement, to run as often as one likes. */
export interface SqliteStatement {
  all(...parameters: SqliteValue[]): Record<string, SqliteValue>[];
  iterate(...parameters: SqliteValue[]): IterableIterator<Record<string, SqliteValue>>;
  get(...parameters: SqliteValue[]): Record<string, SqliteValue> | undefined;
  run(...parameters: SqliteValue[]): { readonly changes: number | bigint };
  setReadBigInts(enabled: boolean): void;
  /** `database`, `table`, `column`: where a value comes from, as it stands there; null where it is computed. */
  columns(): readonly {
    readonly name: string;
    readonly column?: string | null;
    readonly table?: string | null;
    readonly database?: string | null;
  }[];
}

/** A function of many rows. Its state is a number from 0 on, which goes from one to the next. */
export interface SqliteAggregate {
  readonly useBigIntArguments?: boolean;
  readonly start: () => number;
  readonly step: (state: number, ...values: SqliteValue[]) => number;
  /** For window functions: what leaves the frame. */
  readonly inverse?: (state: number, ...values: SqliteValue[]) => number;
  readonly result: (state: number) => SqliteValue;
}

/** What we use of `node:sqlite`, which @photostructure/sqlite has too. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  function(
    name: string,
    options: {
      readonly varargs?: boolean;
      readonly deterministic?: boolean;
      /** Integers come as bigint: else those that a double does not hold make the call fail. */
      readonly useBigIntArguments?: boolean;
    },
    body: (...values: SqliteValue[]) => SqliteValue,
  ): void;
  aggregate(name: string, aggregate: SqliteAggregate): void;
  /** Whether one is open: SQLite ends it by itself where the disk is full or fails. */
  readonly isTransaction: boolean;
  /** Newer runtimes only. */
  setAuthorizer?(decide: (action: number, first: string | null, second: string | null) => number): void;
  close(): void;
}

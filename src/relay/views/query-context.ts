import type { variableName } from '../../sql/index.ts';

/** What a query may ask of whoever asks it. */
export interface QueryContext {
  /** The default schema; undefined: none. */
  readonly schema: string | undefined;
  /** Value of `@name` or `@@scope.name`, as SQLite takes it. */
  variable(name: ReturnType<typeof variableName>): string | number | null;
  /** Functions without arguments: NOW(), VERSION(), … Undefined: there is none of that name. */
  value(name: string): string | number | null | undefined;
  /** Values of functions that have to be waited for, by the text of their call. */
  readonly awaited: ReadonlyMap<string, string | number | null>;
  /**
   * Columns, in small letters, that are kept as digits and are numbers wherever they are computed with. What stands alone in the
   * outermost list of columns stays as it is kept.
   */
  readonly exact?: ReadonlySet<string>;
}

/** A table a query reads. */
export interface TableReference {
  readonly schema: string;
  readonly table: string;
}

export interface Translation {
  /** For SQLite. */
  readonly sql: string;
  readonly tables: readonly TableReference[];
}

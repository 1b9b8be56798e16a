import type { variableName } from '../../sql/index.ts';

/** What a query may ask of whoever asks it. */
export interface QueryContext {
  /** The default schema; undefined: none. */
  readonly schema: string | undefined;
  /** Value of `@name` or `@@scope.name`, as SQLite takes it. */
  variable(name: ReturnType<typeof variableName>): string | number | null;
  /** Functions without arguments: NOW(), VERSION(), … with digits of a second where those were asked for. Undefined: there is none. */
  value(name: string, digits?: number): string | number | null | undefined;
  /** Values of functions that have to be waited for, by the text of their call. */
  readonly awaited: ReadonlyMap<string, string | number | null>;
  /**
   * Columns, in small letters, that are kept as digits and are numbers wherever they are computed with. What stands alone in the
   * outermost list of columns stays as it is kept.
   */
  readonly exact?: ReadonlySet<string>;
  /** Texts are numbers where they are compared with one. Not where a column's index is to be of use. */
  readonly loose?: boolean;
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

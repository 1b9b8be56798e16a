import type { Flavor } from '../../charset/index.ts';
import type { variableName } from '../../sql/index.ts';
import type { Domain } from './print/domain.ts';

/** What a query may ask of whoever asks it. */
export interface QueryContext {
  /** Whose grammar it is: MySQL's where nothing is said. */
  readonly flavor?: Flavor;
  /** Tells whoever asks that the answer is not all of it. */
  warn?(code: number, message: string): void;
  /** Aborted when the query is to end, with the error that whoever asks is told. */
  readonly interrupted?: AbortSignal;
  /** The default schema; undefined: none. */
  readonly schema: string | undefined;
  /** Value of `@name` or `@@scope.name`, as SQLite takes it. */
  variable(name: ReturnType<typeof variableName>): string | number | null;
  /** Functions without arguments: NOW(), VERSION(), … with digits of a second where those were asked for. Undefined: there is none. */
  value(name: string, digits?: number): string | number | null | undefined;
  /** Values of functions that have to be waited for, by the text of their call. */
  readonly awaited: ReadonlyMap<string, string | number | null>;
  /** What columns of the tables are, by name. Where a column is kept as digits, it is a number wherever it is computed with. */
  readonly columns?: Iterable<readonly [name: string, domain: Domain]>;
  /** The same by tables, as SQLite has their names: a name may stand for one thing in one and another in the next. */
  readonly tables?: ReadonlyMap<string, ReadonlyMap<string, Domain>>;
  /** The time zone of the session, where that is not UTC. */
  readonly zone?: string;
  /** What stands for a table, where that is more than its name: by the name as SQLite has it. */
  readonly readings?: ReadonlyMap<string, string>;
  /** Texts compare without regard to case, whatever they are made of. Not where a column has a collation and an index of its own. */
  readonly loose?: boolean;
}

/** A table a query reads. */
export interface TableReference {
  readonly schema: string;
  readonly table: string;
}

export interface Translation {
  /** Rows that UNION and recursion add: a factor. */
  readonly rows: number;
  /** What the columns of the result are, one by one; empty or undefined: the tables know. */
  readonly domains: readonly (Domain | undefined)[] | undefined;
  /** What columns are by their names, for those of a `*`. */
  column(name: string): Domain | undefined;
  /** For SQLite. */
  readonly sql: string;
  readonly tables: readonly TableReference[];
}

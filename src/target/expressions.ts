import type { Flavor } from '../binlog/index.ts';
import type { ColumnType } from '../sql/index.ts';
import type { SqliteDatabase } from '../store/index.ts';
import type { Table } from './schema/index.ts';

/** What an expression of the source's is to SQLite. */
export interface TranslatedExpression {
  /** Of the columns of a row, by their names. */
  readonly sql: string;
  /** What it gives. */
  readonly type: ColumnType;
}

/** Works out expressions of the source's in SQLite. */
export interface Expressions {
  /** `flavor`: of the source. Undefined: it has parts that only the source works out as it does. */
  translate(expression: string, table: Table, flavor: Flavor): TranslatedExpression | undefined;
  /** Gives a database the functions that translations call: they throw CatalogError at values of which only the source is sure. */
  register(database: SqliteDatabase): void;
}

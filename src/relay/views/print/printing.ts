import type { Expression, Query } from '../../../sql/index.ts';
import type { QueryContext } from '../query-context.ts';
import type { ColumnDomains } from './column-domains.ts';
import type { Domain } from './domain.ts';

/** The printer of a query, as its parts need one another. */
export interface Printing {
  readonly context: QueryContext;
  /** For SQLite, in parentheses where it is made of parts. */
  expression(expression: Expression): string;
  /** A query without parentheses around it. */
  query(query: Query): string;
  domain(expression: Expression): Domain;
  readonly columns: ColumnDomains;
  /** In HAVING, what a column of the answer is made of. */
  named(name: string): string | undefined;
  /** A table of a schema, or what WITH named. */
  table(schema: string | undefined, table: string): string;
}

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
  named(name: string, print: (value: Expression) => string | undefined): string | undefined;
  /** A number with all of its digits, as a text or a whole number; undefined: it is no exact number. */
  exact(expression: Expression): string | undefined;
  /** As it is made, be it a text for its digits. */
  plain(expression: Expression): string;
  /** A table of a schema, or what WITH named. */
  table(schema: string | undefined, table: string): string;
  /** Where rows come from has a name: that of a table as {@link table} prints it, or of something else. */
  alias(name: string, table: string): void;
}

import { type RawEvent, rowsShape } from '../../binlog/index.ts';
import { rowChanges, type Statement, type StatementKind, type TableStatement } from '../../sql/index.ts';
import type { SelectedTable } from './selected-tables.ts';

/** Whom a channel's changes are held against; each call throws what the server says. */
export interface AskedPrivileges {
  checkTable(privilege: 'INSERT' | 'UPDATE' | 'DELETE', schema: string, table: string): void;
  checkDefinition(
    statement: Statement,
    definition: TableStatement,
    schema: string,
    database: string | undefined,
  ): void;
  /** Changes that are not rows. */
  refuseStatements(): never;
}

const PRIVILEGE_OF = { insert: 'INSERT', update: 'UPDATE', delete: 'DELETE' } as const;
const BIT_OF = { insert: 1, update: 2, delete: 4 } as const;

/** Changes of data, or what may be some: rows say them, statements of them need more than a table's privilege. */
const dataChanges: ReadonlySet<StatementKind> = new Set([...rowChanges, 'select', 'call', 'do']);

/** Asks for each operation of the rows once a table map. */
export function askForRows(
  privileges: AskedPrivileges,
  event: RawEvent,
  table: SelectedTable | undefined,
): void {
  const shape = rowsShape(event.type);
  // Rows of no known table change nothing that a privilege could be about: the dummy that ends a statement.
  if (shape === undefined || table === undefined) return;
  const bit = BIT_OF[shape.operation];
  if ((table.asked & bit) !== 0) return;
  privileges.checkTable(PRIVILEGE_OF[shape.operation], table.schema, table.table);
  table.asked |= bit;
}

/** `schema`: the default one, and `database`: the one that a statement is about, under the names they have here. */
export function askForStatement(
  privileges: AskedPrivileges,
  statement: Statement,
  definition: TableStatement,
  schema: string,
  database: string | undefined,
): void {
  if (dataChanges.has(statement.kind)) privileges.refuseStatements();
  privileges.checkDefinition(statement, definition, schema, database);
}

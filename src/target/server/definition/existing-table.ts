import type { Connection } from '../../../connection/index.ts';
import { hexLiteral } from '../hex-literal.ts';
import type { ExistingTable } from './translation/rewrite-conditions.ts';

/** What a table of a MySQL server has; undefined: there is no such table. */
export async function existingTable(
  connection: Connection,
  schema: string,
  name: string,
): Promise<ExistingTable | undefined> {
  const named = `table_schema = ${hexLiteral(schema)} AND table_name = ${hexLiteral(name)}`;
  const { rows } = await connection.query(
    `SELECT 'column', column_name FROM information_schema.columns WHERE ${named}
     UNION SELECT 'index', index_name FROM information_schema.statistics WHERE ${named}
     UNION SELECT 'constraint', constraint_name FROM information_schema.table_constraints WHERE ${named}`,
  );
  const of = (kind: string): ReadonlySet<string> =>
    new Set(
      rows.filter(([what]) => what?.toString() === kind).map(([, text]) => text!.toString().toLowerCase()),
    );
  return rows.length === 0
    ? undefined
    : { columns: of('column'), indexes: of('index'), constraints: of('constraint') };
}

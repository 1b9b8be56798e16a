import type { Connection } from '../../../connection/index.ts';
import { hexLiteral } from '../hex-literal.ts';
import type { ExistingTable } from './translation/existing-table.ts';

/** What a table of a server has; undefined: there is no such table. */
export async function existingTable(
  connection: Connection,
  schema: string,
  name: string,
): Promise<ExistingTable | undefined> {
  const named = `table_schema = ${hexLiteral(schema)} AND table_name = ${hexLiteral(name)}`;
  const { rows } = await connection.query(
    `SELECT 'column', column_name, CONCAT_WS(' ', column_type, character_set_name) FROM information_schema.columns WHERE ${named}
     UNION SELECT 'index', index_name, '' FROM information_schema.statistics WHERE ${named}
     UNION SELECT 'constraint', constraint_name, '' FROM information_schema.table_constraints WHERE ${named}
     UNION SELECT 'period', column_name, '' FROM information_schema.columns WHERE ${named} AND column_name = 'row_start' AND column_default IS NOT NULL`,
  );
  if (rows.length === 0) return undefined;
  const of = (kind: string): Map<string, string> =>
    new Map(
      rows
        .map((row) => row.map(String))
        .filter(([what]) => what === kind)
        .map(([, text = '', type = '']) => [text.toLowerCase(), type]),
    );
  return {
    types: of('column'),
    indexes: new Set(of('index').keys()),
    constraints: new Set(of('constraint').keys()),
    hasPeriod: of('period').size > 0,
  };
}

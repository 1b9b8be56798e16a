import type { Connection } from '../../../connection/index.ts';
import { hexLiteral } from '../hex-literal.ts';
import type { ExistingIndex, ExistingTable } from './translation/existing-table.ts';

/** What a table of a server has; undefined: there is no such table. */
export async function existingTable(
  connection: Connection,
  schema: string,
  name: string,
): Promise<ExistingTable | undefined> {
  const named = `table_schema = ${hexLiteral(schema)} AND table_name = ${hexLiteral(name)}`;
  const { rows } = await connection.query(
    `SELECT 'column', column_name, CONCAT_WS(' ', column_type, character_set_name) FROM information_schema.columns WHERE ${named}
     UNION SELECT 'index', index_name, CONCAT_WS(' ', non_unique, COALESCE(sub_part, IF(index_type IN ('FULLTEXT', 'SPATIAL'), 0, '-')), column_name) FROM information_schema.statistics WHERE ${named}
     UNION SELECT 'constraint', constraint_name, '' FROM information_schema.table_constraints WHERE ${named}
     UNION SELECT 'partition', partition_name, '' FROM information_schema.partitions WHERE ${named} AND partition_name IS NOT NULL
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
    indexes: indexesOf(rows.map((row) => row.map(String))),
    constraints: new Set(of('constraint').keys()),
    partitions: new Set(of('partition').keys()),
    hasPeriod: of('period').size > 0,
  };
}

/** Of rows that say `index`, its name, and of each part whether it is not unique, its length (0: of an index that has no whole values), and its column; none where that is an expression. */
function indexesOf(rows: readonly (readonly string[])[]): Map<string, ExistingIndex> {
  const indexes = new Map<string, ExistingIndex>();
  for (const [what, name = '', text = ''] of rows) {
    if (what !== 'index') continue;
    const [, nonUnique, length, column = ''] = /^(\d) (\d+|-) ?(.*)$/s.exec(text) ?? [];
    const part = { column: column.toLowerCase(), length: length === '-' ? undefined : Number(length) };
    const { parts } = indexes.get(name.toLowerCase()) ?? { parts: [] };
    indexes.set(name.toLowerCase(), { isUnique: nonUnique === '0', parts: [...parts, part] });
  }
  return indexes;
}

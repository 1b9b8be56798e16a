import type { Connection } from '../../../connection/index.ts';
import { type QualifiedName, quoteName, type TableStatement } from '../../../sql/index.ts';
import { hexLiteral } from '../hex-literal.ts';

type Renames = Extract<TableStatement, { kind: 'renameTables' }>;

/**
 * RENAME TABLE of several names, of which the target has not all: views and sequences are the other family's own, and IF EXISTS is
 * MariaDB's. Undefined: it has them all; empty: none. Names are renamed one after the other, so that one may be there because of another.
 *
 * @param schema of names that have none
 */
export async function presentRenames(
  connection: Connection,
  { pairs }: Renames,
  schema: string,
): Promise<string | undefined> {
  const keyOf = (name: QualifiedName): string => JSON.stringify([name.schema ?? schema, name.name]);
  const names = [...new Set(pairs.map(({ from }) => keyOf(from)))].map((key) => JSON.parse(key) as string[]);
  const { rows } = await connection.query(
    `SELECT table_schema, table_name FROM information_schema.tables WHERE (table_schema, table_name) IN (${names
      .map((parts) => `(${parts.map(hexLiteral).join(', ')})`)
      .join(', ')})`,
  );
  const present = new Set(rows.map((row) => JSON.stringify(row.map(String))));
  const kept = pairs.filter(({ from, to }) => present.delete(keyOf(from)) && present.add(keyOf(to)));
  if (kept.length === pairs.length) return undefined;
  if (kept.length === 0) return '';
  const full = (name: QualifiedName): string => `${quoteName(name.schema ?? schema)}.${quoteName(name.name)}`;
  return `RENAME TABLE ${kept.map(({ from, to }) => `${full(from)} TO ${full(to)}`).join(', ')}`;
}

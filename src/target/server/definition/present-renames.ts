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
  const partsOf = (name: QualifiedName): readonly string[] => [name.schema ?? schema, name.name];
  // The target may keep names in small letters.
  const keyOf = (parts: readonly string[]): string => JSON.stringify(parts).toLowerCase();
  const { rows } = await connection.query(
    `SELECT table_schema, table_name FROM information_schema.tables WHERE (LOWER(table_schema), LOWER(table_name)) IN (${pairs
      .map(({ from }) => `(${partsOf(from).map(inSmallLetters).join(', ')})`)
      .join(', ')})`,
  );
  const present = new Set(rows.map((row) => keyOf(row.map(String))));
  const kept = pairs.filter(
    ({ from, to }) => present.delete(keyOf(partsOf(from))) && present.add(keyOf(partsOf(to))),
  );
  if (kept.length === pairs.length) return undefined;
  if (kept.length === 0) return '';
  const full = (name: QualifiedName): string => `${quoteName(name.schema ?? schema)}.${quoteName(name.name)}`;
  return `RENAME TABLE ${kept.map(({ from, to }) => `${full(from)} TO ${full(to)}`).join(', ')}`;
}

const inSmallLetters = (name: string): string => `LOWER(CONVERT(${hexLiteral(name)} USING utf8mb4))`;

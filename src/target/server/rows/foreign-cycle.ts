import type { ResultSet } from '../../../connection/index.ts';
import { hexLiteral } from '../hex-literal.ts';

/** The tables whose rows those of a table refer to. */
const parentsOf = (schema: string, table: string): string =>
  `SELECT DISTINCT unique_constraint_schema, referenced_table_name FROM information_schema.referential_constraints WHERE constraint_schema = ${hexLiteral(schema)} AND table_name = ${hexLiteral(table)}`;

/** Servers may show a name as it was written elsewhere. */
const keyOf = (names: readonly string[]): string => names.join('\0').toLowerCase();

/**
 * Whether rows of a table refer to rows of the same table, directly or by way of others: whether one of them can go then depends on which
 * of the others have gone before it.
 */
export async function refersToItself(
  schema: string,
  table: string,
  ask: (sql: string) => Promise<Pick<ResultSet, 'rows'>>,
): Promise<boolean> {
  const own = keyOf([schema, table]);
  const seen = new Set<string>();
  const open: (readonly [schema: string, table: string])[] = [[schema, table]];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    const { rows } = await ask(parentsOf(...at));
    for (const row of rows) {
      const [parentSchema = '', parent = ''] = row.map(String);
      const key = keyOf([parentSchema, parent]);
      if (key === own) return true;
      if (!seen.has(key)) open.push([parentSchema, parent]);
      seen.add(key);
    }
  }
  return false;
}

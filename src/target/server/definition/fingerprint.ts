import { createHash } from 'node:crypto';
import type { Connection } from '../../../connection/index.ts';
import { ServerError } from '../../../errors/index.ts';
import { type QualifiedName, quoteName, type TableStatement } from '../../../sql/index.ts';
import { hexLiteral } from '../hex-literal.ts';

/** What a definition concerns, as it stood before: name → digest of its definition, null where there was none. Undefined: it has no names. */
export type Fingerprint = Readonly<Record<string, string | null>> | undefined;

/** Nothing of that name, or nothing of that kind. */
const ABSENT: ReadonlySet<number> = new Set([1146, 1049, 1051, 1109, 1347, 4092]);

/** The tables and schemas that a statement makes, changes or drops. */
export function namesOf(statement: TableStatement, schema: string): readonly QualifiedName[] {
  const full = (name: QualifiedName): QualifiedName => ({ ...name, schema: name.schema ?? schema });
  switch (statement.kind) {
    case 'createTable':
    case 'truncateTable':
      return [full(statement.table)];
    case 'alterTable': {
      const moved = statement.changes.flatMap((change) => (change.kind === 'renameTable' ? [change.to] : []));
      return [statement.table, ...moved].map(full);
    }
    case 'renameTables':
      return statement.pairs.flatMap(({ from, to }) => [full(from), full(to)]);
    case 'dropTables':
      return statement.tables.map(full);
    case 'createSchema':
    case 'dropSchema':
      return [{ schema: statement.schema, name: '' }];
    case 'alterSchema':
      return [{ schema: statement.schema ?? schema, name: '' }];
    default:
      return [];
  }
}

async function digestOf(
  connection: Connection,
  { schema = '', name }: QualifiedName,
): Promise<string | null> {
  const isSchema = name === '';
  const object = isSchema ? `SCHEMA ${quoteName(schema)}` : `TABLE ${quoteName(schema)}.${quoteName(name)}`;
  try {
    const { rows } = await connection.query(`SHOW CREATE ${object}`);
    const made = isSchema
      ? undefined
      : await connection.value(
          `SELECT create_time FROM information_schema.tables WHERE table_schema = ${hexLiteral(schema)} AND table_name = ${hexLiteral(name)}`,
        );
    const text = `${rows[0]?.[1]?.toString('latin1')} ${/mariadb/i.test(connection.serverVersion) ? '' : made}`;
    return createHash('sha256').update(text).digest('hex').slice(0, 32);
  } catch (error) {
    if (error instanceof ServerError && ABSENT.has(error.errno)) return null;
    throw error;
  }
}

/** How what a statement concerns stands now. */
export async function takeFingerprint(
  connection: Connection,
  names: readonly QualifiedName[],
): Promise<Fingerprint> {
  if (names.length === 0) return undefined;
  const digests: Record<string, string | null> = {};
  for (const name of names) {
    // oxlint-disable-next-line no-await-in-loop -- one connection, one question at a time
    digests[`${name.schema}.${name.name}`] = await digestOf(connection, name);
  }
  return digests;
}

import type { ColumnDefinition, TableStatement } from '../sql/index.ts';
import type { Definition, SourceLookUp } from './target.ts';

/**
 * A definition with what a TIMESTAMP means in it that says nothing of NULL and DEFAULT (`explicit_defaults_for_timestamp`). Logs of MySQL
 * before 8.0 and of MariaDB before 10.5.17 do not tell: the source is asked. Where it cannot be, the setting is taken for off, as it is
 * in those servers unless somebody has changed it.
 */
export async function withTimestampRule(
  definition: Definition,
  lookUp: SourceLookUp | undefined,
): Promise<Definition> {
  const { statement, context } = definition;
  const isTold = context.explicitDefaultsForTimestamp !== undefined;
  if (isTold || !definedColumns(statement).some(isTimestamp)) return definition;
  const explicitDefaultsForTimestamp = (await lookUp?.explicitDefaultsForTimestamp()) ?? false;
  return { ...definition, context: { ...context, explicitDefaultsForTimestamp } };
}

const isTimestamp = ({ type }: ColumnDefinition): boolean => type.name === 'timestamp';

function definedColumns(statement: TableStatement): readonly ColumnDefinition[] {
  if (statement.kind === 'createTable') return statement.columns;
  if (statement.kind !== 'alterTable') return [];
  return statement.changes.flatMap((change) =>
    'column' in change && typeof change.column === 'object' ? [change.column] : [],
  );
}

import type { Flavor } from '../../charset/index.ts';
import type { Query } from '../../sql/index.ts';
import { resultColumns } from './print/result-columns.ts';

/** Tables of MySQL's information_schema that are no views: their columns are called as the query writes them. */
const NO_VIEWS: ReadonlySet<string> = new Set(
  (
    'administrable_role_authorizations applicable_roles collations column_privileges enabled_roles engines optimizer_trace ' +
    'plugins processlist profiling role_column_grants role_routine_grants role_table_grants schema_privileges ' +
    'table_privileges user_privileges'
  ).split(' '),
);

/** Where SQLite found a column, if it is one. */
interface Origin {
  readonly name: string;
  readonly database?: string | null;
  readonly table?: string | null;
  readonly column?: string | null;
}

/** Columns of the servers' own views are called as the view declares them, unless the query gives them another name: `table_name` is `TABLE_NAME`. */
export function declaredNames(origins: readonly Origin[], query: Query, flavor: Flavor): string[] {
  const named = new Set(
    (resultColumns(query) ?? [])
      .flat()
      .flatMap((item) => (item.kind === 'value' && !item.implied ? [item.name.toLowerCase()] : [])),
  );
  return origins.map(({ name, database, table, column }) => {
    if (column?.toLowerCase() !== name.toLowerCase()) return name;
    return isView(database ?? '', table ?? '', flavor) && !named.has(name.toLowerCase()) ? column : name;
  });
}

function isView(schema: string, table: string, flavor: Flavor): boolean {
  if (flavor === 'mariadb') return schema === 'mysql' && table === 'user';
  return schema === 'information_schema' && !NO_VIEWS.has(table) && !table.startsWith('innodb_');
}

import { movedKeys } from './foreign-key.ts';
import type { Table } from './table.ts';

/** What a statement did to the tables of a catalog; targets do the same to theirs. */
export type CatalogChange =
  | { readonly kind: 'createTable'; readonly table: Table }
  | { readonly kind: 'dropTable'; readonly table: Table }
  | { readonly kind: 'renameTable'; readonly before: Table; readonly after: Table }
  /** `sources`: where each column of the new table comes from, by index in the old one; -1: it is new. */
  | {
      readonly kind: 'alterTable';
      readonly before: Table;
      readonly after: Table;
      readonly sources: readonly number[];
    }
  /** What its foreign keys refer to, and nothing else. */
  | { readonly kind: 'changeForeignKeys'; readonly table: Table }
  /** How its texts compare, and nothing else: its rows are the same. */
  | { readonly kind: 'changeCollations'; readonly table: Table }
  | { readonly kind: 'truncateTable'; readonly table: Table }
  /** The rows of some of its partitions go, by their places among those that the table had. */
  | { readonly kind: 'emptyPartitions'; readonly table: Table; readonly partitions: readonly number[] }
  /** In which partitions its rows lie, and nothing else. */
  | { readonly kind: 'changePartitions'; readonly table: Table }
  | { readonly kind: 'createSchema'; readonly schema: string }
  | { readonly kind: 'dropSchema'; readonly schema: string; readonly tables: readonly Table[] };

/** What ALTER TABLE did, in order. `sources`: where each column comes from, as with {@link CatalogChange}. */
export function changesBetween(before: Table, after: Table, sources: readonly number[]): CatalogChange[] {
  const changes: CatalogChange[] = [];
  let current = before;
  if (after.schema !== before.schema || after.name !== before.name) {
    current = moved(before, after);
    changes.push({ kind: 'renameTable', before, after: current });
  }
  const isSame = sources.every((from, index) => from === index) && isAlike(current, after);
  if (!isSame) changes.push({ kind: 'alterTable', before: current, after, sources });
  else if (!isEqual(after.foreignKeys, current.foreignKeys))
    changes.push({ kind: 'changeForeignKeys', table: after });
  else if (!isEqual(after.partitioning, current.partitioning))
    changes.push({ kind: 'changePartitions', table: after });
  else if (!isEqual(collationsOf(after), collationsOf(current)))
    changes.push({ kind: 'changeCollations', table: after });
  return changes;
}

/** A table under another name. */
export function moved(table: Table, to: Pick<Table, 'schema' | 'name'>): Table {
  const { schema, name } = to;
  const { foreignKeys } = table;
  if (foreignKeys === undefined) return { ...table, schema, name };
  return { ...table, schema, name, foreignKeys: movedKeys(foreignKeys, table, to) };
}

const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const collationsOf = ({ collation, columns }: Table): unknown => [
  collation,
  columns.map((column) => column.collation),
];

/** What decides on rows and indexes. */
const keptOf = (table: Table): unknown => ({
  ...table,
  foreignKeys: undefined,
  partitioning: undefined,
  collation: undefined,
  columns: table.columns.map((column) => ({
    ...column,
    collation: undefined,
    type: { ...column.type, collation: undefined, binaryCollation: undefined },
  })),
});

/** Whether two tables have the same rows and indexes. */
const isAlike = (one: Table, other: Table): boolean => isEqual(keptOf(one), keptOf(other));

import type { ColumnDefinition, ForeignKeyDefinition } from '../../sql/index.ts';
import { type ForeignKey, sameName, type Table } from './table.ts';

/** Whether rows of its table change with rows of the other. */
export const hasAction = ({ onDelete, onUpdate }: ForeignKey): boolean =>
  onDelete !== 'restrict' || onUpdate !== 'restrict';

type Place = Pick<Table, 'schema' | 'name'>;

/** What InnoDB calls a key without a name: the table's name and a number. */
const generatedName = (table: string, number: number): string => `${table}_ibfk_${number}`;

function numberOf({ name }: ForeignKey, table: string): number {
  const prefix = generatedName(table, 0).slice(0, -1);
  return name.startsWith(prefix) ? Number(name.slice(prefix.length)) || 0 : 0;
}

/** The keys of a table with some more. */
export function withForeignKeys(
  table: Place,
  known: readonly ForeignKey[],
  added: readonly ForeignKeyDefinition[],
): readonly ForeignKey[] {
  let last = known.reduce((most, key) => Math.max(most, numberOf(key, table.name)), 0);
  const made = added.map(({ name, parent, columns, parentColumns, ...actions }): ForeignKey => {
    if (name === undefined) last += 1;
    return {
      name: name ?? generatedName(table.name, last),
      columns,
      parent: { name: parent.name, schema: parent.schema === table.schema ? undefined : parent.schema },
      parentColumns: parentColumns.length > 0 ? parentColumns : columns,
      ...actions,
    };
  });
  return [...known, ...made];
}

/** What columns declare for themselves. */
export const ownForeignKeys = (columns: readonly ColumnDefinition[]): ForeignKeyDefinition[] =>
  columns.flatMap(({ name, references }) =>
    references === undefined ? [] : [{ ...references, name: undefined, columns: [name] }],
  );

/** Whether a key of `table` refers to `parent`. */
export const refersTo = (table: Place, key: ForeignKey, parent: Place): boolean =>
  key.parent.name === parent.name && (key.parent.schema ?? table.schema) === parent.schema;

/** The keys of a table that has another name now, or another schema. */
export function movedKeys(keys: readonly ForeignKey[], from: Place, to: Place): readonly ForeignKey[] {
  return keys.map((key) => {
    const number = numberOf(key, from.name);
    const schema = key.parent.schema ?? from.schema;
    return {
      ...key,
      name: number > 0 ? generatedName(to.name, number) : key.name,
      parent: { ...key.parent, schema: schema === to.schema ? undefined : schema },
    };
  });
}

/**
 * The keys of `table` after `from`, which they may refer to, has become `to`; undefined: they are what they were.
 *
 * @param nameOf what its columns are called now
 */
export function relinkedKeys(
  table: Table,
  from: Place,
  to: Place,
  nameOf: (column: string) => string,
): readonly ForeignKey[] | undefined {
  const { foreignKeys } = table;
  const referring = new Set(foreignKeys?.filter((key) => refersTo(table, key, from)));
  const isMoved = from.schema !== to.schema || from.name !== to.name;
  const isOther = ({ parentColumns }: ForeignKey): boolean =>
    isMoved || parentColumns.some((name) => nameOf(name) !== name);
  if (![...referring].some(isOther)) return undefined;
  const parent = { name: to.name, schema: to.schema === table.schema ? undefined : to.schema };
  return foreignKeys?.map((key) =>
    referring.has(key) ? { ...key, parent, parentColumns: key.parentColumns.map(nameOf) } : key,
  );
}

/** The keys with a column under another name. */
export const renamedColumn = (keys: readonly ForeignKey[], from: string, to: string): readonly ForeignKey[] =>
  keys.map((key) => ({
    ...key,
    columns: key.columns.map((column) => (sameName(column, from) ? to : column)),
  }));

import { encodeText } from '../../charset/index.ts';
import type { ColumnPlace, IndexDefinition, TableChange } from '../../sql/index.ts';
import { charsetOf, ownIndex, resolved, withKeys } from './define.ts';
import { CatalogError } from './error.ts';
import { movedKeys, ownForeignKeys, renamedColumn, withForeignKeys } from './foreign-key.ts';
import { type ForeignKey, hasCharset, sameName, type Table, type TableColumn } from './table.ts';

export interface Alteration {
  readonly table: Table;
  /** Where each column comes from, by index in the old table; -1: it is new. */
  readonly sources: readonly number[];
  /** Partitions went, and nobody says which rows were in them. */
  readonly isTruncated: boolean;
}

interface Draft {
  schema: string;
  name: string;
  charset: string;
  /** What DEFAULT is for a character set. */
  readonly schemaCharset: string;
  columns: { column: TableColumn; source: number }[];
  indexes: IndexDefinition[];
  /** Undefined: not known. */
  foreignKeys: readonly ForeignKey[] | undefined;
  isTruncated: boolean;
}

/** What a table becomes by the changes of one ALTER TABLE. @throws CatalogError where one does not fit it */
export function alter(
  before: Table,
  changes: readonly TableChange[],
  defaultSchema: string,
  schemaCharset: string,
): Alteration {
  const draft: Draft = {
    schema: before.schema,
    name: before.name,
    charset: before.charset,
    schemaCharset,
    columns: before.columns.map((column, source) => ({ column, source })),
    indexes: [...before.indexes],
    foreignKeys: before.foreignKeys,
    isTruncated: false,
  };
  for (const change of atOnce(draft, changes)) apply(draft, change, defaultSchema);
  const { schema, name, charset, indexes, foreignKeys } = draft;
  const columns = withKeys(
    draft.columns.map(({ column }) => column),
    indexes,
  );
  return {
    table: {
      ...before,
      schema,
      name,
      charset,
      columns,
      indexes,
      ...(foreignKeys === undefined ? {} : { foreignKeys }),
    },
    sources: draft.columns.map(({ source }) => source),
    isTruncated: draft.isTruncated,
  };
}

function find(draft: Draft, name: string): number {
  return draft.columns.findIndex(({ column }) => sameName(column.name, name));
}

function expectColumn(draft: Draft, name: string): number {
  const index = find(draft, name);
  if (index < 0) {
    throw new CatalogError(
      `ALTER TABLE ${draft.schema}.${draft.name} names column ${name}, which the table known does not have`,
      {
        hint: 'The table has drifted from the source: load it again.',
      },
    );
  }
  return index;
}

/**
 * CONVERT TO keeps the bytes of what an ENUM or SET may be, and all servers read them in the new character set: 'ä' becomes 'Ã¤', 'ab' one
 * letter of Chinese. What becomes of the values is another thing for each family.
 *
 * @throws CatalogError where they are not the same text in both
 */
function expectSameLabels(
  { schema, name }: Draft,
  { name: column, type, charset }: TableColumn,
  to: string,
): void {
  const isOther = (label: string): boolean => !encodeText(label, charset ?? to).equals(encodeText(label, to));
  if (type.values?.some(isOther) === true) {
    throw new CatalogError(
      `ALTER TABLE converts ${schema}.${name}, whose ${type.name} ${column} is other text in ${to}: what its values become is not in the log`,
      { hint: 'Load the table again, and replicate from the position of that copy.' },
    );
  }
}

function insert(draft: Draft, entry: Draft['columns'][number], place: ColumnPlace): void {
  // MariaDB keeps the columns that say when a row held, where nobody has named them, behind all others.
  const behind = draft.columns.filter(({ column }) => column.unnamed).length;
  if (place.kind === 'last') draft.columns.splice(draft.columns.length - behind, 0, entry);
  else if (place.kind === 'first') draft.columns.unshift(entry);
  else draft.columns.splice(expectColumn(draft, place.column) + 1, 0, entry);
}

/**
 * The changes, as they can be made one after the other. All of them name the columns that the table had, so that two columns can change names: a column
 * that gets another name has none at first, and what goes has gone before its name is somebody else's.
 */
function atOnce(draft: Draft, changes: readonly TableChange[]): readonly TableChange[] {
  const free = changes.map((change, index) => {
    const to =
      change.kind === 'changeColumn' ? change.column.name : change.kind === 'renameColumn' ? change.to : '';
    if (change.kind !== 'changeColumn' && change.kind !== 'renameColumn') return change;
    const entry = draft.columns[find(draft, change.from)];
    if (entry === undefined || sameName(change.from, to)) return change;
    const none = `(${index})`;
    entry.column = { ...entry.column, name: none };
    renameInKeys(draft, change.from, none);
    return { ...change, from: none };
  });
  const isDrop = ({ kind }: TableChange): boolean => kind === 'dropColumn';
  return [...free.filter(isDrop), ...free.filter((change) => !isDrop(change))];
}

/** An index without a name has that of its first column, and keeps it. */
const named = (index: IndexDefinition): IndexDefinition =>
  index.kind === 'primary' ? index : { ...index, name: index.name ?? index.parts[0]?.column };

function renameInIndexes(draft: Draft, from: string, to: string): void {
  draft.indexes = draft.indexes.map(named).map((index) => ({
    ...index,
    parts: index.parts.map((part) =>
      part.column !== undefined && sameName(part.column, from) ? { ...part, column: to } : part,
    ),
  }));
}

function renameInKeys(draft: Draft, from: string, to: string): void {
  renameInIndexes(draft, from, to);
  if (draft.foreignKeys !== undefined) draft.foreignKeys = renamedColumn(draft.foreignKeys, from, to);
}

function addForeignKeys(draft: Draft, added: Parameters<typeof withForeignKeys>[2]): void {
  if (added.length > 0) draft.foreignKeys = withForeignKeys(draft, draft.foreignKeys ?? [], added);
}

function renameTable(draft: Draft, to: { readonly schema: string; readonly name: string }): void {
  if (draft.foreignKeys !== undefined) draft.foreignKeys = movedKeys(draft.foreignKeys, draft, to);
  draft.schema = to.schema;
  draft.name = to.name;
}

function dropForeignKey(draft: Draft, name: string): void {
  const { foreignKeys } = draft;
  if (foreignKeys !== undefined) draft.foreignKeys = foreignKeys.filter((key) => !sameName(key.name, name));
}

/** A column that goes takes its parts of indexes along. */
function dropFromIndexes(draft: Draft, name: string): void {
  draft.indexes = draft.indexes
    .map(named)
    .map((index) => ({
      ...index,
      parts: index.parts.filter(({ column }) => column === undefined || !sameName(column, name)),
    }))
    .filter(({ parts }) => parts.length > 0);
}

function apply(draft: Draft, change: TableChange, defaultSchema: string): void {
  switch (change.kind) {
    case 'addColumn': {
      const { column, place, ifNotExists } = change;
      if (ifNotExists && find(draft, column.name) >= 0) return;
      insert(draft, { column: resolved(column, draft.charset), source: -1 }, place);
      draft.indexes.push(...ownIndex(column));
      addForeignKeys(draft, ownForeignKeys([column]));
      return;
    }
    case 'dropColumn': {
      if (change.ifExists && find(draft, change.column) < 0) return;
      draft.columns.splice(expectColumn(draft, change.column), 1);
      dropFromIndexes(draft, change.column);
      return;
    }
    case 'changeColumn': {
      const { from, column, place, ifExists } = change;
      if (ifExists && find(draft, from) < 0) return;
      const at = expectColumn(draft, from);
      const entry = { column: resolved(column, draft.charset), source: draft.columns[at]!.source };
      if (place === undefined) draft.columns[at] = entry;
      else {
        draft.columns.splice(at, 1);
        insert(draft, entry, place);
      }
      if (!sameName(from, column.name)) renameInKeys(draft, from, column.name);
      draft.indexes.push(...ownIndex(column));
      return;
    }
    case 'renameColumn': {
      const { from, to, ifExists } = change;
      if (ifExists && find(draft, from) < 0) return;
      const entry = draft.columns[expectColumn(draft, from)]!;
      entry.column = { ...entry.column, name: to };
      renameInKeys(draft, from, to);
      return;
    }
    case 'setDefault': {
      const entry = draft.columns[expectColumn(draft, change.column)]!;
      entry.column = { ...entry.column, default: change.default };
      return;
    }
    case 'setVisible': {
      const entry = draft.columns[expectColumn(draft, change.column)]!;
      entry.column = { ...entry.column, invisible: !change.visible };
      return;
    }
    case 'addIndex': {
      const { index, ifNotExists } = change;
      if (!(ifNotExists && draft.indexes.some(({ name }) => name === index.name))) draft.indexes.push(index);
      return;
    }
    case 'dropIndex':
      draft.indexes = draft.indexes.filter(
        ({ kind, name, parts }) =>
          kind === 'primary' || !sameName(name ?? parts[0]?.column ?? '', change.name),
      );
      if (change.constraint) dropForeignKey(draft, change.name);
      return;
    case 'addForeignKey': {
      const { key, ifNotExists } = change;
      if (!(ifNotExists && draft.foreignKeys?.some(({ name }) => name === key.name)))
        addForeignKeys(draft, [key]);
      return;
    }
    case 'dropForeignKey':
      dropForeignKey(draft, change.name);
      return;
    case 'dropPrimaryKey':
      draft.indexes = draft.indexes.filter(({ kind }) => kind !== 'primary');
      return;
    case 'renameIndex':
      draft.indexes = draft.indexes.map((index) =>
        sameName(index.name ?? index.parts[0]?.column ?? '', change.from)
          ? { ...index, name: change.to }
          : index,
      );
      return;
    case 'renameTable':
      renameTable(draft, { schema: change.to.schema ?? defaultSchema, name: change.to.name });
      return;
    case 'options':
      draft.charset =
        charsetOf(change.options) ??
        (change.options.charset === 'default' ? draft.schemaCharset : draft.charset);
      return;
    case 'convert': {
      const charset = charsetOf(change) ?? draft.schemaCharset;
      draft.charset = charset;
      for (const { column } of draft.columns) expectSameLabels(draft, column, charset);
      for (const entry of draft.columns)
        if (hasCharset(entry.column.type.name)) entry.column = { ...entry.column, charset };
      return;
    }
    case 'partitionRows':
      draft.isTruncated = true;
      return;
    case 'dropSystemVersioning':
      return;
  }
}

import type { TableChange } from '../../sql/index.ts';
import {
  convertColumns,
  convertsNothing,
  type SchemaCollations,
  setDefaultCollation,
} from './alter-collation.ts';
import { addedPeriod, ownIndex, resolved } from './define.ts';
import { CatalogError } from './error.ts';
import { ownForeignKeys } from './foreign-key.ts';
import { withImplicitDefaults } from './implicit-timestamps.ts';
import {
  changedPartitioning,
  keptPartitioning,
  partitionsNamed,
  shownBefore,
  untoldPartitions,
} from './partitions.ts';
import type { StatementContext } from './statement-context.ts';
import { mentionedIn, sameName, type Table } from './table.ts';
import { TableDraft } from './table-draft.ts';

/** ER_DUP_FIELDNAME */
const DUPLICATE_COLUMN = 1060;

export interface Alteration {
  readonly table: Table;
  /** Where each column comes from, by index in the old table; -1: it is new. */
  readonly sources: readonly number[];
  /** Where partitions stand in the old table whose rows go. */
  readonly taken: readonly number[] | 'all';
}

/** What a table becomes by the changes of one ALTER TABLE. @throws CatalogError where a change does not fit it */
export function alter(
  before: Table,
  changes: readonly TableChange[],
  context: StatementContext,
  schemas: SchemaCollations,
): Alteration {
  const draft = new TableDraft(before);
  draft.partitioning = shownBefore(before.partitioning, context.seconds);
  const converted = setDefaultCollation(draft, changes, context, schemas);
  for (const change of atOnce(draft, changes)) apply(draft, change, context);
  addPeriod(draft, changes);
  addImplicitDefaults(draft, context);
  refuseTwins(draft);
  forgetExpressions(draft, changes);
  if (converted !== undefined) {
    convertColumns(draft, before, converted);
    if (convertsNothing(draft, changes, before, context))
      draft.text = { charset: before.charset, collation: before.collation };
  }
  const sources = draft.columns.map(({ source }) => source);
  const given = changes.findLast(isPartitionBy)?.change.partitioning;
  draft.partitioning =
    given === undefined ? keptPartitioning(draft.partitioning, changes, before, draft.table, sources) : given;
  return { table: draft.table, sources, taken: draft.taken };
}

/**
 * The changes, as they can be made one after the other. All of them name the columns that the table had, so that two columns can change names: a column
 * that gets another name has none at first, and what goes has gone before its name is somebody else's.
 */
function atOnce(draft: TableDraft, changes: readonly TableChange[]): readonly TableChange[] {
  const free = changes.map((change, index) => {
    const to =
      change.kind === 'changeColumn' ? change.column.name : change.kind === 'renameColumn' ? change.to : '';
    if (change.kind !== 'changeColumn' && change.kind !== 'renameColumn') return change;
    const entry = draft.columns[draft.find(change.from)];
    if (entry === undefined || sameName(change.from, to)) return change;
    const none = `(${index})`;
    entry.column = { ...entry.column, name: none };
    draft.renameInKeys(change.from, none);
    return { ...change, from: none };
  });
  const isDrop = ({ kind }: TableChange): boolean => kind === 'dropColumn';
  return [...free.filter(isDrop), ...free.filter((change) => !isDrop(change))];
}

/** ADD SYSTEM VERSIONING. */
function addPeriod({ columns }: TableDraft, changes: readonly TableChange[]): void {
  if (!changes.some((change) => change.kind === 'options' && change.options.systemVersioning)) return;
  const added = addedPeriod(columns.map(({ column }) => column));
  columns.push(...added.map((column) => ({ column, source: -1 })));
}

function addImplicitDefaults(draft: TableDraft, context: StatementContext): void {
  const columns = withImplicitDefaults(
    draft.columns.map(({ column }) => column),
    context,
  );
  draft.columns = draft.columns.map((entry, index) => ({ ...entry, column: columns[index]! }));
}

/** A source writes a new name of a column into the expressions that have it; here they are not known any more. */
function forgetExpressions(draft: TableDraft, changes: readonly TableChange[]): void {
  const names = changes.flatMap((change) => {
    if (change.kind === 'renameColumn') return [change.from];
    return change.kind === 'changeColumn' && !sameName(change.from, change.column.name) ? [change.from] : [];
  });
  for (const entry of draft.columns) {
    const { expression, ...column } = entry.column;
    if (expression !== undefined && names.some(mentionedIn(expression))) entry.column = column;
  }
}

/** @throws CatalogError the table known has a column already that the source's had not */
function refuseTwins({ columns, schema, name }: TableDraft): void {
  const twin = columns.find(({ column }, at) =>
    columns.slice(0, at).some((other) => sameName(other.column.name, column.name)),
  );
  if (twin === undefined) return;
  throw new CatalogError(
    `ALTER TABLE ${schema}.${name} adds column ${twin.column.name}, which the table known has already`,
    {
      errno: DUPLICATE_COLUMN,
      hint: 'The table has drifted from the source, or was altered while the copy was taken that it came with: load it again.',
    },
  );
}

function apply(draft: TableDraft, change: TableChange, context: StatementContext): void {
  switch (change.kind) {
    case 'addColumn': {
      const { column, place, ifNotExists } = change;
      if (ifNotExists && draft.find(column.name) >= 0) return;
      draft.insert({ column: resolved(column, draft.text, context), source: -1 }, place);
      draft.indexes.push(...ownIndex(column));
      draft.addForeignKeys(ownForeignKeys([column]));
      return;
    }
    case 'dropColumn': {
      if (change.ifExists && draft.find(change.column) < 0) return;
      draft.drop(change.column);
      return;
    }
    case 'changeColumn': {
      const { from, column, place, ifExists } = change;
      if (ifExists && draft.find(from) < 0) return;
      const at = draft.expectColumn(from);
      const entry = { column: resolved(column, draft.text, context), source: draft.columns[at]!.source };
      if (place === undefined) draft.columns[at] = entry;
      else {
        draft.columns.splice(at, 1);
        draft.insert(entry, place);
      }
      if (!sameName(from, column.name)) draft.renameInKeys(from, column.name);
      draft.indexes.push(...ownIndex(column));
      return;
    }
    case 'renameColumn': {
      const { from, to, ifExists } = change;
      if (ifExists && draft.find(from) < 0) return;
      const entry = draft.columns[draft.expectColumn(from)]!;
      entry.column = { ...entry.column, name: to };
      draft.renameInKeys(from, to);
      return;
    }
    case 'setDefault': {
      const entry = draft.columns[draft.expectColumn(change.column)]!;
      entry.column = { ...entry.column, default: change.default };
      return;
    }
    case 'setVisible': {
      const entry = draft.columns[draft.expectColumn(change.column)]!;
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
      if (change.constraint) draft.dropForeignKey(change.name);
      return;
    case 'addForeignKey': {
      const { key, ifNotExists } = change;
      if (!(ifNotExists && draft.hasForeignKey(key.name))) draft.addForeignKeys([key]);
      return;
    }
    case 'dropForeignKey':
      draft.dropForeignKey(change.name);
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
      draft.rename({ schema: change.to.schema ?? context.schema, name: change.to.name });
      return;
    // Of the whole statement, wherever they stand in it.
    case 'options':
    case 'convert':
      return;
    case 'partitionRows':
      takePartitions(draft, change);
      return;
    case 'partitions':
      if (change.change.kind === 'remove') draft.partitioning = undefined;
      else if (change.change.kind !== 'partitionBy')
        draft.partitioning = changedPartitioning(draft.partitioning, change.change);
      return;
    case 'dropSystemVersioning':
      // Others are dropped by their names.
      draft.columns = draft.columns.filter(({ column }) => column.unnamed !== true);
      return;
  }
}

type PartitionBy = Extract<TableChange, { kind: 'partitions' }> & {
  readonly change: { readonly kind: 'partitionBy' };
};

const isPartitionBy = (change: TableChange): change is PartitionBy =>
  change.kind === 'partitions' && change.change.kind === 'partitionBy';

/** @throws CatalogError it is not known which rows go */
function takePartitions(
  draft: TableDraft,
  { what, partitions, ifExists }: Extract<TableChange, { kind: 'partitionRows' }>,
): void {
  if (what !== 'DROP' && what !== 'TRUNCATE')
    throw untoldPartitions(draft, `rows of another table take part in ${what}`);
  if (partitions === 'all') {
    draft.taken = 'all';
    return;
  }
  const { partitioning } = draft;
  draft.taken = partitionsNamed(draft, partitioning, partitions, ifExists);
  if (what === 'TRUNCATE' || partitioning === undefined || partitioning.method === 'unknown') return;
  const { taken } = draft;
  draft.partitioning = {
    ...partitioning,
    partitions: partitioning.partitions.filter((_, index) => !taken.includes(index)),
  };
}

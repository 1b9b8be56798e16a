import {
  numberedPartitions,
  type PartitionChange,
  type PartitionDefinition,
  type PartitionExpression,
  type TableChange,
  type UnknownPartitioning,
} from '../../sql/index.ts';
import { CatalogError } from './error.ts';
import {
  columnIndex,
  type KnownPartitioning,
  sameName,
  type Table,
  type TablePartitioning,
} from './table.ts';

const NOT_KNOWN = 'how its rows are spread over them is not known';

const unknownPartitioning = (reason: string): UnknownPartitioning => ({ method: 'unknown', reason });

/** Partitions as ALTER TABLE leaves them, where their rows stay. */
export function changedPartitioning(
  known: TablePartitioning | undefined,
  change: Exclude<PartitionChange, { kind: 'partitionBy' | 'remove' }>,
): TablePartitioning | undefined {
  if (known === undefined || known.method === 'unknown') return known;
  if (change.kind === 'lost') return unknownPartitioning(change.reason);
  if (leavesDefault(known.partitions, change))
    return unknownPartitioning(
      'MariaDB leaves rows in its DEFAULT partition that belong to one that came later',
    );
  const partitions = changed(known.partitions, change);
  return partitions === undefined
    ? unknownPartitioning('they were changed in a way that does not fit the ones known')
    : { ...known, partitions };
}

/** Whether values may have come that rows in the partition DEFAULT have, which stay there. */
const leavesDefault = (
  known: readonly PartitionDefinition[],
  change: Parameters<typeof changed>[1],
): boolean =>
  known.some(
    ({ name, isDefault }) =>
      isDefault &&
      !(change.kind === 'reorganize' && (change.names.length === 0 || change.names.includes(name))),
  );

function changed(
  known: readonly PartitionDefinition[],
  change: Exclude<PartitionChange, { kind: 'partitionBy' | 'remove' | 'lost' }>,
): readonly PartitionDefinition[] | undefined {
  switch (change.kind) {
    case 'addCount':
      return [...known, ...numberedPartitions(known.length, change.count)];
    case 'coalesce':
      return change.count < known.length ? known.slice(0, -change.count) : undefined;
    case 'add': {
      const isThere = ({ name }: PartitionDefinition): boolean => indexOf(known, name) >= 0;
      if (!change.partitions.some(isThere)) return [...known, ...change.partitions];
      return change.ifNotExists ? known : undefined;
    }
    case 'reorganize': {
      const { names, into } = change;
      const at = names.map((name) => indexOf(known, name));
      if (at.includes(-1)) return undefined;
      const first = Math.min(...at);
      return known.flatMap((one, index) => (index === first ? into : at.includes(index) ? [] : [one]));
    }
  }
}

const indexOf = (partitions: readonly PartitionDefinition[], name: string): number =>
  partitions.findIndex((one) => one.name.toLowerCase() === name.toLowerCase());

/**
 * Where the partitions of these names stand.
 *
 * @throws CatalogError it is not known which they are
 */
export function partitionsNamed(
  table: Pick<Table, 'schema' | 'name'>,
  known: TablePartitioning | undefined,
  names: readonly string[],
  ifExists: boolean,
): readonly number[] {
  if (known === undefined) throw untoldPartitions(table, NOT_KNOWN);
  if (known.method === 'unknown') throw untoldPartitions(table, known.reason);
  const found = names.map((name) => indexOf(known.partitions, name));
  if (!ifExists && found.includes(-1)) throw untoldPartitions(table, 'none of that name is known');
  return found.filter((index) => index >= 0);
}

/** Rows that go with partitions and cannot be told from others. */
export const untoldPartitions = (
  { schema, name }: Pick<Table, 'schema' | 'name'>,
  reason: string,
): CatalogError =>
  new CatalogError(
    `ALTER TABLE ${schema}.${name} takes partitions away, and which rows went is not in the log: ${reason}`,
    {
      context: { table: `${schema}.${name}` },
      hint: 'Load the table again, and replicate from the position of that copy.',
    },
  );

/**
 * What a statement leaves of partitions that the source showed when it was asked. Where the statement may be older than that answer, nobody knows what they were in between.
 */
export function shownBefore(
  known: TablePartitioning | undefined,
  seconds: number | undefined,
): TablePartitioning | undefined {
  if (known === undefined || known.method === 'unknown' || known.seenAt === undefined) return known;
  return (seconds ?? 0) > known.seenAt
    ? known
    : unknownPartitioning('the source has shown them as they were behind this statement');
}

/** What ALTER TABLE leaves of partitions whose columns it changes: other names are not followed, nor texts that may compare in another way. */
export function keptPartitioning(
  known: TablePartitioning | undefined,
  changes: readonly TableChange[],
  before: Table,
  after: Table,
  sources: readonly number[],
): TablePartitioning | undefined {
  if (known === undefined || known.method === 'unknown') return known;
  const isKept = columnsOf(known).every((name) => {
    const [from, to] = [columnIndex(before, name), columnIndex(after, name)];
    if (from < 0 || to < 0 || sources[to] !== from) return false;
    const isText = before.columns[from]!.charset !== undefined || after.columns[to]!.charset !== undefined;
    return !(isText && changes.some((change) => retells(change, name)));
  });
  return isKept ? known : unknownPartitioning('a column that they are made by has changed');
}

/** Whether a change may give a column another collation. */
const retells = (change: TableChange, column: string): boolean =>
  change.kind === 'convert' || (change.kind === 'changeColumn' && sameName(change.column.name, column));

/** The columns that partitions are made by, each once. */
export function columnsOf({ by }: Pick<KnownPartitioning, 'by'>): readonly string[] {
  const names = new Map<string, string>();
  const visit = (expression: PartitionExpression): void => {
    if (expression.kind === 'column') names.set(expression.name.toLowerCase(), expression.name);
    if (expression.kind === 'call') expression.arguments.forEach(visit);
  };
  by.forEach(visit);
  return [...names.values()];
}

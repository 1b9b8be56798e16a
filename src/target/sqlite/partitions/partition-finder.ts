import type { PartitionDefinition, PartitionExpression } from '../../../sql/index.ts';
import type { SqliteValue } from '../../../store/index.ts';
import {
  columnIndex,
  type KnownPartitioning,
  partitionColumns,
  type Table,
  type TableColumn,
} from '../../schema/index.ts';
import { comparisonWith } from './comparison.ts';
import { constantOf, integerOf, type KeyValues } from './evaluation.ts';
import type { Comparison } from './ordered.ts';
import { type TextOrder, textOrder } from './text-order.ts';
import { Untold } from './untold.ts';

/** Tells the partition of a row, by its place. @throws Untold */
export type PartitionFinder = (row: KeyValues) => number;

/** The columns whose values {@link partitionFinder} asks for, in that order. @throws Untold one is not kept */
export function keyColumns(table: Table, partitioning: KnownPartitioning): readonly TableColumn[] {
  return partitionColumns(partitioning).map((name) => {
    const column = table.columns[columnIndex(table, name)];
    if (column === undefined) throw new Untold(`column ${name} is not known`);
    if (column.generated === 'virtual')
      throw new Untold(`column ${name} is virtual, and its values are not kept`);
    return column;
  });
}

/**
 * Where the source puts rows.
 *
 * @throws Untold the target may put one elsewhere
 */
export function partitionFinder(table: Table, partitioning: KnownPartitioning): PartitionFinder {
  const columns = keyColumns(table, partitioning);
  const { method, isByColumns, by, partitions } = partitioning;
  if (isByColumns) {
    const tests = by.map((part): KeyColumn => {
      const at = columns.findIndex(
        ({ name }) => part.kind === 'column' && part.name.toLowerCase() === name.toLowerCase(),
      );
      const column = columns[at]!;
      return { at, column, texts: textOrder(column.collation) };
    });
    return method === 'range' ? byRanges(partitions, tests) : byLists(partitions, tests);
  }
  const of = integerOf(by[0]!, columns);
  if (method === 'range') return byBounds(partitions, of);
  if (method === 'list') return byValues(partitions, of);
  return method === 'hash' ? byHash(partitions.length, of) : byLinearHash(partitions.length, of);
}

type IntegerOf = (row: KeyValues) => bigint | null;

const nowhere = (): Untold => new Untold('a row lies in none of the partitions known');

function byBounds(partitions: readonly PartitionDefinition[], of: IntegerOf): PartitionFinder {
  const bounds = partitions.map(({ values: [tuple] }) => {
    const [value] = tuple ?? [];
    if (value?.kind === 'maxvalue') return undefined;
    return (value === undefined ? null : constantOf(value)) ?? missing();
  });
  return (row) => {
    const value = of(row);
    if (value === null) return 0;
    return firstOf(bounds, (bound) => bound === undefined || value < bound);
  };
}

/**
 * Where the first bound stands that a row is below; it is below all behind it, too. A table may have thousands.
 *
 * @throws Untold it is below none
 */
function firstOf<T>(bounds: readonly T[], isBelowBound: (bound: T) => boolean): number {
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isBelowBound(bounds[middle]!)) high = middle;
    else low = middle + 1;
  }
  if (low === bounds.length) throw nowhere();
  return low;
}

function missing(): never {
  throw new Untold('a partition has no value');
}

function byValues(partitions: readonly PartitionDefinition[], of: IntegerOf): PartitionFinder {
  const places = new Map<bigint | null, number>();
  partitions.forEach(({ values }, at) => {
    for (const [value] of values) places.set(value === undefined ? missing() : constantOf(value), at);
  });
  const rest = partitions.findIndex(({ isDefault }) => isDefault);
  return (row) => {
    const found = places.get(of(row)) ?? rest;
    if (found < 0) throw nowhere();
    return found;
  };
}

/** What the servers have for NULL in an integer. */
const NULL_HASH = -(2n ** 63n);

function byHash(count: number, of: IntegerOf): PartitionFinder {
  const many = BigInt(count);
  return (row) => {
    const rest = BigInt.asIntN(64, of(row) ?? NULL_HASH) % many;
    return Number(rest < 0n ? -rest : rest);
  };
}

function byLinearHash(count: number, of: IntegerOf): PartitionFinder {
  const width = 32 - Math.clz32(count - 1);
  return (row) => {
    const value = of(row) ?? NULL_HASH;
    const found = Number(BigInt.asUintN(width, value));
    return found < count ? found : Number(BigInt.asUintN(width - 1, value));
  };
}

/** One of the columns of RANGE COLUMNS and LIST COLUMNS, and where its value stands. */
interface KeyColumn {
  readonly at: number;
  readonly column: TableColumn;
  readonly texts: TextOrder | undefined;
}

type Bound = { readonly at: number } & (
  | { readonly kind: 'maxvalue' | 'null' }
  | ({ readonly kind: 'value' } & Comparison)
);

function boundsOf(tuple: readonly PartitionExpression[], tests: readonly KeyColumn[]): readonly Bound[] {
  if (tuple.length !== tests.length) return missing();
  return tests.map(({ at, column, texts }, index): Bound => {
    const value = tuple[index]!;
    if (value.kind === 'maxvalue' || value.kind === 'null') return { at, kind: value.kind };
    return { at, kind: 'value', ...comparisonWith(column, texts, value) };
  });
}

function byRanges(partitions: readonly PartitionDefinition[], tests: readonly KeyColumn[]): PartitionFinder {
  const tuples = partitions.map(({ values: [tuple] }) => boundsOf(tuple ?? [], tests));
  return (row) => firstOf(tuples, (tuple) => isBelow(row, tuple));
}

/** Column by column; NULL is less than everything else. */
function isBelow(row: KeyValues, tuple: readonly Bound[]): boolean {
  for (const bound of tuple) {
    const value = row[bound.at]!;
    if (bound.kind === 'value') {
      const difference = value === null ? -1 : bound.compare(value);
      if (difference !== 0) return difference < 0;
    } else if (bound.kind === 'maxvalue') return true;
    else if (value !== null) return false;
  }
  return false;
}

function byLists(partitions: readonly PartitionDefinition[], tests: readonly KeyColumn[]): PartitionFinder {
  const lists = partitions.map(({ values }) => values.map((tuple) => boundsOf(tuple, tests)));
  const rest = partitions.findIndex(({ isDefault }) => isDefault);
  return (row) => {
    // One that cannot be told counts only where no other is it for certain.
    let doubt: unknown;
    const found = lists.findIndex((list) =>
      list.some((tuple) => {
        try {
          return isEqual(row, tuple);
        } catch (error) {
          doubt = error;
          return false;
        }
      }),
    );
    if (found >= 0) return found;
    if (doubt !== undefined) throw doubt;
    if (rest < 0) throw nowhere();
    return rest;
  };
}

const isEqual = (row: KeyValues, tuple: readonly Bound[]): boolean =>
  tuple.every((bound) => {
    const value: SqliteValue = row[bound.at]!;
    if (bound.kind !== 'value') return bound.kind === 'null' && value === null;
    return value !== null && bound.equals(value);
  });

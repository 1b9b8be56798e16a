import type { PartitionExpression } from '../../../sql/index.ts';
import { columnIndex, type KnownPartitioning, type Table, type TableColumn } from '../../schema/index.ts';
import { formOf } from '../definition/column-form.ts';
import { quote } from '../definition/definition.ts';
import { constantOf, isInteger } from './evaluation.ts';
import { dateOfDay, EPOCH_DAY, momentOf, SECONDS_A_DAY } from './moment.ts';

/** A value of a partition as SQLite compares the column with it; undefined: not at all. `step`: below it for a lower bound, above for an upper one. */
type Literal = (value: PartitionExpression, step: -1 | 1) => string | undefined;

interface Scale {
  readonly column: TableColumn;
  readonly literal: Literal;
  /** What does not compare as it counts: what lies in the lowest partition, and what may lie in any. */
  readonly odd?: (column: string) => { readonly lowest: string; readonly any: string };
}

/**
 * A condition that all rows of some partitions satisfy, and few others: SQLite asks it before it asks {@link partitionFinder}, and may have an index
 * for it. It is wide rather than exact.
 *
 * @param places of the partitions, one at least
 * @returns undefined: there is none
 */
export function narrowing(
  table: Table,
  partitioning: KnownPartitioning,
  places: readonly number[],
): string | undefined {
  const scale = partitioning.method === 'range' ? scaleOf(table, partitioning) : undefined;
  if (scale === undefined) return undefined;
  const { partitions } = partitioning;
  const [first, last] = [Math.min(...places), Math.max(...places)];
  const column = quote(scale.column.name);
  const odd = scale.odd?.(column);
  const upper = literalOf(scale, partitions[last]?.values[0]?.[0], 1);
  if (first > 0) {
    const lower = literalOf(scale, partitions[first - 1]?.values[0]?.[0], -1);
    const limits = [
      ...(lower === undefined ? [] : [`${column} >= ${lower}`]),
      ...(upper === undefined ? [] : [`${column} <= ${upper}`]),
    ];
    const inside = limits.join(' AND ');
    if (limits.length === 0) return undefined;
    return odd === undefined ? inside : `(${inside} OR ${odd.any})`;
  }
  if (upper === undefined) return undefined;
  const others = odd === undefined ? '' : ` OR ${odd.lowest} OR ${odd.any}`;
  return `(${column} IS NULL OR ${column} <= ${upper}${others})`;
}

const literalOf = (
  { literal }: Scale,
  value: PartitionExpression | undefined,
  step: -1 | 1,
): string | undefined =>
  value === undefined || value.kind === 'maxvalue' ? undefined : literal(value, step);

function scaleOf(table: Table, { isByColumns, by }: KnownPartitioning): Scale | undefined {
  const [expression] = by;
  if (expression?.kind === 'column') {
    const column = columnOf(table, expression);
    if (column === undefined) return undefined;
    // Digits that SQLite has no room for are texts.
    if (isInteger(column))
      return formOf(column).declared === 'INTEGER' ? { column, literal: integer } : undefined;
    return isByColumns && /^date(time)?$/.test(column.type.name) ? { column, literal: day } : undefined;
  }
  const [inner] = expression?.kind === 'call' && expression.name === 'FLOOR' ? expression.arguments : by;
  if (inner?.kind !== 'call' || inner.arguments.length !== 1) return undefined;
  const column = columnOf(table, inner.arguments[0]!);
  const scale = Object.hasOwn(scales, inner.name) ? scales[inner.name] : undefined;
  if (column === undefined || scale === undefined) return undefined;
  return scale.types.test(column.type.name) ? { ...scale, column } : undefined;
}

const columnOf = (table: Table, expression: PartitionExpression): TableColumn | undefined =>
  expression.kind === 'column' ? table.columns[columnIndex(table, expression.name)] : undefined;

const INT64 = 2n ** 63n;

const integer: Literal = (value) => {
  const bound = constantOf(value);
  return bound !== null && bound < INT64 && bound > -INT64 ? String(bound) : undefined;
};

const day: Literal = (value, step) => {
  const moment = value.kind === 'text' ? momentOf(value.text) : undefined;
  if (moment === undefined || value.kind !== 'text') return undefined;
  return `'${value.text.slice(0, 10)}${step > 0 ? '~' : ''}'`;
};

/** Dates, a day wider than the bounds, which are in this unit. */
function daysFrom(unit: number, epoch: number): Literal {
  return (value, step) => {
    const bound = Number(constantOf(value) ?? Number.NaN);
    const date = dateOfDay(Math.floor(bound / unit) + epoch + 2 * step);
    return date === undefined ? undefined : `'${date}'`;
  };
}

const seconds = daysFrom(SECONDS_A_DAY, EPOCH_DAY);

/** Days that count as NULL, and those that no calendar has. */
const oddDays = (column: string): { readonly lowest: string; readonly any: string } => ({
  lowest: `substr(${column}, 6, 2) = '00' OR substr(${column}, 9, 2) = '00'`,
  any: `substr(${column}, 6, 5) IN ('02-29', '02-30', '02-31', '04-31', '06-31', '09-31', '11-31')`,
});

/** Functions that grow with their column. */
const scales: Readonly<Record<string, Omit<Scale, 'column'> & { readonly types: RegExp }>> = {
  YEAR: {
    types: /^date(time)?$/,
    literal: (value) => {
      const bound = constantOf(value);
      return bound !== null && bound >= 0n && bound <= 9999n
        ? `'${String(bound).padStart(4, '0')}'`
        : undefined;
    },
  },
  TO_DAYS: { types: /^date(time)?$/, literal: daysFrom(1, 0), odd: oddDays },
  TO_SECONDS: { types: /^date(time)?$/, literal: daysFrom(SECONDS_A_DAY, 0), odd: oddDays },
  UNIX_TIMESTAMP: {
    types: /^timestamp$/,
    // The zero date counts as 0, and compares as the earliest of all.
    literal: (value, step) => ((constantOf(value) ?? 0n) > 0n ? seconds(value, step) : undefined),
  },
};

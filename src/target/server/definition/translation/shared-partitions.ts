import type { Flavor } from '../../../../binlog/index.ts';
import {
  type LexerOptions,
  type PartitionExpression,
  type Partitioning,
  parseTableStatement,
  type TableStatement,
} from '../../../../sql/index.ts';
import type { ExistingTable } from './existing-table.ts';
import type { Piece } from './pieces.ts';

/** Types whose values compare alike in both families. Texts do not: the collation may be another one. */
const ALIKE = /^((tiny|small|medium|big)?int|date|datetime|time|binary|varbinary)\b/;

/**
 * Whether both families spread rows alike over the partitions that a statement gives its table: `RANGE`, `LIST` and `HASH` by expressions,
 * which are whole numbers, or by columns of types that compare alike. `KEY` is each family's own, `SYSTEM_TIME` and a `DEFAULT` partition are MariaDB's.
 *
 * @param existing what the table has by now; undefined: it is made here
 */
export function sharesPartitions(
  sql: Uint8Array,
  options: LexerOptions,
  to: Flavor,
  existing: ExistingTable | undefined,
): boolean {
  const statement = parseTableStatement(sql, options);
  const partitioning = partitioningOf(statement);
  if (partitioning === undefined) return false;
  if (to === 'mysql' && partitioning.partitions.some(({ isDefault }) => isDefault)) return false;
  if (!partitioning.isByColumns) return partitioning.by.every(isWorkedOutAlike);
  const types = typesOf(statement, existing);
  return partitioning.by.every(
    (by) => by.kind === 'column' && ALIKE.test(types.get(by.name.toLowerCase()) ?? ''),
  );
}

const OPERATORS: ReadonlySet<string> = new Set(['+', '-', '*', 'DIV', 'MOD', 'NEG']);

/** Whether what a function returns has a sign, the families do not agree: operators are of columns and numbers. */
function isWorkedOutAlike(by: PartitionExpression): boolean {
  if (by.kind !== 'call') return true;
  const isOperator = OPERATORS.has(by.name);
  return by.arguments.every((given) =>
    isOperator && given.kind === 'call'
      ? OPERATORS.has(given.name) && isWorkedOutAlike(given)
      : isWorkedOutAlike(given),
  );
}

/** Whether the types of columns decide on that, and stand in no statement. */
export const namesPartitionColumns = (pieces: readonly Piece[]): boolean =>
  pieces[0]?.word === 'ALTER' &&
  pieces.some(({ word }, at) => word === 'PARTITION' && pieces[at + 3]?.word === 'COLUMNS');

function partitioningOf(statement: TableStatement): Partitioning | undefined {
  const given =
    statement.kind === 'createTable'
      ? statement.partitioning
      : statement.kind === 'alterTable'
        ? statement.changes.flatMap((change) =>
            change.kind === 'partitions' && change.change.kind === 'partitionBy'
              ? [change.change.partitioning]
              : [],
          )[0]
        : undefined;
  return given === undefined || given.method === 'unknown' ? undefined : given;
}

/** Of columns, by their names in small letters: those that there are, and those that the statement defines. */
function typesOf(
  statement: TableStatement,
  existing: ExistingTable | undefined,
): ReadonlyMap<string, string> {
  const defined =
    statement.kind === 'createTable'
      ? statement.columns
      : statement.kind === 'alterTable'
        ? statement.changes.flatMap((change) =>
            change.kind === 'addColumn' || change.kind === 'changeColumn' ? [change.column] : [],
          )
        : [];
  return new Map([
    ...(existing?.types ?? []),
    ...defined.map(({ name, type }) => [name.toLowerCase(), type.name] as const),
  ]);
}

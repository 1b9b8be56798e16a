import type {
  PartitionChange,
  PartitionDefinition,
  PartitionExpression,
  Partitioning,
  TableStatement,
} from '../../../sql/index.ts';
import type { SourceLookUp, StatementClock } from '../../target.ts';
import { isOfCalendar, momentOf, unixSeconds } from '../partitions/moment.ts';
import { inZone, UTC } from './moments.ts';

/** Of servers whose TIMESTAMP ends in 2038: what others make of later moments, they do not. */
const [FIRST_YEAR, LAST_YEAR] = [1971, 2037];

/** Seconds since 1970, by the moments as the statement writes them. */
type Settled = ReadonlyMap<string, number>;

/**
 * A statement with the values of its partitions as the source worked them out: UNIX_TIMESTAMP of a moment hangs on the time zone of the
 * session. One that nobody can tell stays as it is written.
 */
export async function settledPartitions(
  statement: TableStatement,
  { timeZone }: StatementClock,
  lookUp: SourceLookUp | undefined,
): Promise<TableStatement> {
  const moments = new Set<string>();
  withPartitions(statement, (expression) => {
    const moment = writtenMoment(expression);
    if (moment !== undefined) moments.add(moment);
    return expression;
  });
  if (moments.size === 0 || timeZone === undefined) return statement;
  const settled = new Map<string, number>();
  for (const moment of moments) {
    const plain = moment.length > 10 ? moment : `${moment} 00:00:00`;
    // oxlint-disable-next-line no-await-in-loop -- on one connection they come one after the other
    const utc = await inZone(plain, timeZone, UTC, lookUp);
    const at = utc === undefined ? undefined : momentOf(utc);
    if (at !== undefined) settled.set(moment, unixSeconds(at));
  }
  return withPartitions(statement, (expression) => settledValue(expression, settled));
}

function settledValue(expression: PartitionExpression, settled: Settled): PartitionExpression {
  const seconds = settled.get(writtenMoment(expression) ?? '');
  return seconds === undefined ? expression : { kind: 'integer', digits: String(seconds) };
}

/** Of `UNIX_TIMESTAMP('…')`. */
function writtenMoment(expression: PartitionExpression): string | undefined {
  if (expression.kind !== 'call' || expression.name !== 'UNIX_TIMESTAMP') return undefined;
  const [first] = expression.arguments;
  const text = first?.kind === 'text' && !first.text.includes('.') ? first.text : '';
  const moment = momentOf(text);
  if (moment === undefined || !isOfCalendar(moment)) return undefined;
  return moment.year >= FIRST_YEAR && moment.year <= LAST_YEAR ? text : undefined;
}

type Change = (expression: PartitionExpression) => PartitionExpression;

/** The statement with every part of the values of its partitions changed. */
function withPartitions(statement: TableStatement, change: Change): TableStatement {
  if (statement.kind === 'createTable') {
    const { partitioning } = statement;
    if (partitioning === undefined || partitioning.method === 'unknown') return statement;
    return { ...statement, partitioning: spread(partitioning, change) };
  }
  if (statement.kind !== 'alterTable') return statement;
  const changes = statement.changes.map((one) =>
    one.kind === 'partitions' ? { ...one, change: changed(one.change, change) } : one,
  );
  return { ...statement, changes };
}

const spread = (partitioning: Partitioning, change: Change): Partitioning => ({
  ...partitioning,
  partitions: defined(partitioning.partitions, change),
});

function changed(given: PartitionChange, change: Change): PartitionChange {
  switch (given.kind) {
    case 'partitionBy': {
      const { partitioning } = given;
      return partitioning.method === 'unknown'
        ? given
        : { ...given, partitioning: spread(partitioning, change) };
    }
    case 'add':
      return { ...given, partitions: defined(given.partitions, change) };
    case 'reorganize':
      return { ...given, into: defined(given.into, change) };
    default:
      return given;
  }
}

const defined = (partitions: readonly PartitionDefinition[], change: Change): PartitionDefinition[] =>
  partitions.map((one) => ({
    ...one,
    values: one.values.map((tuple) => tuple.map((value) => inside(value, change))),
  }));

/** From the inside out. */
function inside(expression: PartitionExpression, change: Change): PartitionExpression {
  if (expression.kind !== 'call') return change(expression);
  return change({ ...expression, arguments: expression.arguments.map((one) => inside(one, change)) });
}

import {
  explicitDefaultsForTimestamp,
  type LogState,
  type Query,
  type RawEvent,
} from '../../binlog/index.ts';
import { collationName } from '../../charset/index.ts';
import type { StatementReading } from '../../replication/index.ts';
import { parseTableStatement } from '../../sql/index.ts';
import type { StatementContext } from '../schema/index.ts';
import type { Definition, StatementClock } from '../target.ts';
import { renameSchemas, type SchemaNames } from './rename-schemas.ts';

/** A definition of the log, with the schemas that it names under their names in the target. */
export function loggedDefinition(
  event: RawEvent,
  query: Query,
  reading: StatementReading,
  state: LogState,
  nameOf: SchemaNames | undefined,
): Definition {
  const statement = parseTableStatement(query.statement, reading);
  return {
    statement: nameOf === undefined ? statement : renameSchemas(statement, nameOf),
    nameOf,
    sql: query.statement,
    context: contextOf(query, state),
    clock: clockOf(query, event),
    sqlMode: query.status.sqlMode,
    event,
  };
}

function clockOf({ status: { microseconds = 0, timeZone } }: Query, { timestamp }: RawEvent): StatementClock {
  return { seconds: timestamp, microseconds, timeZone: timeZone?.toString('latin1') };
}

/** What `collation_database` was is no matter: no definition looks at it. */
function contextOf({ schema, status }: Query, state: LogState): StatementContext {
  const { flavor } = state;
  const { charset, defaultCollationForUtf8mb4, characterSetCollations = [] } = status;
  const nameOf = (id: number | undefined): string | undefined =>
    id === undefined ? undefined : collationName(id, flavor);
  const defaults = [defaultCollationForUtf8mb4, ...characterSetCollations.map(({ collation }) => collation)];
  return {
    schema: schema.toString(),
    collation: nameOf(charset?.server) ?? 'utf8mb4_general_ci',
    flavor,
    defaultCollations: defaults.flatMap((id) => nameOf(id) ?? []),
    explicitDefaultsForTimestamp: explicitDefaultsForTimestamp(status, state),
  };
}

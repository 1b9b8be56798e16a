import type { Flavor, Query, RawEvent } from '../../binlog/index.ts';
import { charsetOfCollation } from '../../charset/index.ts';
import type { StatementReading } from '../../replication/index.ts';
import { parseTableStatement } from '../../sql/index.ts';
import type { Definition, StatementClock } from '../target.ts';
import { renameSchemas, type SchemaNames } from './rename-schemas.ts';

/** A definition of the log, with the schemas that it names under their names in the target. */
export function loggedDefinition(
  event: RawEvent,
  query: Query,
  reading: StatementReading,
  nameOf: SchemaNames | undefined,
): Definition {
  const statement = parseTableStatement(query.statement, reading);
  return {
    statement: nameOf === undefined ? statement : renameSchemas(statement, nameOf),
    nameOf,
    sql: query.statement,
    context: { schema: query.schema.toString(), charset: defaultCharset(query, reading.flavor) },
    clock: clockOf(query, event),
    event,
  };
}

function clockOf({ status: { microseconds = 0, timeZone } }: Query, { timestamp }: RawEvent): StatementClock {
  return { seconds: timestamp, microseconds, timeZone: timeZone?.toString('latin1') };
}

/** Character set of what is created without one: the server's, or that of the default schema where the log says it. */
function defaultCharset({ status }: Query, flavor: Flavor): string {
  const collation = status.charsetDatabase ?? status.charset?.server;
  const known = collation === undefined ? undefined : charsetOfCollation(collation, flavor)?.name;
  return known ?? 'utf8mb4';
}

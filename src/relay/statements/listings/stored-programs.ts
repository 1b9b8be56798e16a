import { ServerError } from '../../../errors/index.ts';
import type { ShowStatement } from '../../../sql/index.ts';
import { type Answer, columns, rows } from '../answer.ts';
import type { Context } from '../context.ts';
import { currentSchema } from './catalogue.ts';

type Of<K extends ShowStatement['kind']> = Extract<ShowStatement, { kind: K }>;

const ROUTINES = columns(
  'Db Name Type Language Definer Modified:t Created:t Security_type Comment character_set_client collation_connection Database_Collation',
);
const SHAPES = {
  triggers: columns(
    'Trigger Event Table Statement Timing Created:t sql_mode Definer character_set_client collation_connection Database_Collation',
  ),
  events: columns(
    'Db Name Definer Time_zone Type Execute_at:t Interval_value Interval_field Starts:t Ends:t Status Originator:u character_set_client collation_connection Database_Collation',
  ),
  procedureStatus: ROUTINES,
  functionStatus: ROUTINES,
  xaRecover: columns('formatID:i gtrid_length:i bqual_length:i data'),
} as const;
const BLANKS = /^(Database_Collation|Time_zone|Execute_at|Interval_value|Interval_field)$/;

/** SHOW TRIGGERS and the like, XA RECOVER: a relay stores no programs, and nobody prepares transactions at it. @throws ServerError 1046, 1049 */
export function showEmpty({ what, schema }: Of<'showEmpty'>, context: Context): Answer {
  if (what === 'triggers' || what === 'events') currentSchema(schema, context);
  const { flavor } = context.relay;
  return rows(
    SHAPES[what]
      .filter(({ name }) => flavor === 'mysql' || name !== 'Language')
      .map((column) =>
        BLANKS.test(column.name) ? { ...column, name: column.name.replace('_', ' ') } : column,
      ),
    [],
  );
}

/** SHOW CREATE PROCEDURE and the like. @throws ServerError 1046, 1049, 1305, 1360, 1539 */
export function showCreateProgram({ what, schema, name }: Of<'showCreateProgram'>, context: Context): never {
  // MariaDB looks for the schema of a name that has none, and no further.
  const isLookedFor = what === 'TRIGGER' && context.relay.flavor === 'mysql';
  if (schema === undefined || isLookedFor) currentSchema(schema, context);
  if (what === 'TRIGGER') throw new ServerError(1360, 'HY000', 'Trigger does not exist');
  if (what === 'EVENT') throw new ServerError(1539, 'HY000', `Unknown event '${name}'`);
  throw new ServerError(1305, '42000', `${what} ${name} does not exist`);
}

import { type AdministrativeStatement, notSupported } from '../../../sql/index.ts';
import { type Answer, DONE } from '../answer.ts';
import type { Context } from '../context.ts';
import { currentSchema } from './catalogue.ts';

/** Tables of counters that count nothing here are as empty as they are asked to be (`mysqladmin flush-hosts`). @throws ServerError 1235 */
export function truncate(
  { schema, table }: Extract<AdministrativeStatement, { kind: 'truncate' }>,
  context: Context,
): Answer {
  const named = currentSchema(schema, context);
  const view = context.relay.engine.view(named, table);
  if (named === 'performance_schema' && view?.rows(context).length === 0) return DONE;
  throw notSupported('TRUNCATE', 'Rows of a relay come from its sources alone');
}

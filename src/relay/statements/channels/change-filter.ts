import { ServerError } from '../../../errors/index.ts';
import type { ReplicationFilters } from '../../../replication/index.ts';
import type { FilterRule, ReplicationStatement } from '../../../sql/index.ts';
import { type Answer, DONE } from '../answer.ts';
import { type Context, demandReplicationAdmin } from '../context.ts';
import { applierMustStop, store } from './implied-channel.ts';
import { channelsOf, notConfigured } from './replication.ts';

type ChangeFilter = Extract<ReplicationStatement, { kind: 'changeFilter' }>;

/** CHANGE REPLICATION FILTER. */
export async function changeFilter(statement: ChangeFilter, context: Context): Promise<Answer> {
  demandReplicationAdmin(context);
  const { relay } = context;
  for (const rule of statement.rules) checkPatterns(rule);
  const channels = channelsOf(context, statement.channel, statement.channel === undefined);
  if (channels.length === 0) throw notConfigured();
  for (const control of channels) {
    if (control.status().applier.state !== 'OFF') {
      throw applierMustStop(control.configuration.channel);
    }
  }
  for (const { configuration } of channels) {
    let { filters } = configuration;
    for (const rule of statement.rules) filters = withRule(filters, rule);
    await store(relay, { ...configuration, filters }, configuration);
    relay.audit.record('change', {
      what: 'CHANGE REPLICATION FILTER',
      channel: configuration.channel,
      rules: statement.rules.map(({ rule }) => rule).join(','),
    });
  }
  return DONE;
}

const withRule = (filters: ReplicationFilters, rule: FilterRule): ReplicationFilters =>
  rule.rule === 'rewriteDb' ? { ...filters, rewriteDb: rule.pairs } : { ...filters, [rule.rule]: rule.names };

function checkPatterns(rule: FilterRule): void {
  if (rule.rule !== 'wildDoTable' && rule.rule !== 'wildIgnoreTable') return;
  if (rule.names.every((name) => /^.+\..+$/s.test(name))) return;
  throw new ServerError(
    3067,
    'HY000',
    "Supplied filter list contains a value which is not in the required format 'db_pattern.table_pattern'",
  );
}

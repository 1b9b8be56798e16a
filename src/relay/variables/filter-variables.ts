import type { ReplicationFilters } from '../../replication/index.ts';
import { fixed, live, type VariableDefinition } from './definition.ts';

/** One rule of the default connection, as MariaDB shows it. CHANGE REPLICATION FILTER sets it. */
const filter = (shown: (filters: ReplicationFilters) => readonly string[]): VariableDefinition => ({
  ...live(({ streams }) => {
    const channel = streams.channels.get('');
    return channel === undefined ? '' : shown(channel.configuration.filters).join(',');
  }),
  flavor: 'mariadb',
});

/** MariaDB's variables of what a replica leaves out. */
export const filterVariables: Readonly<Record<string, VariableDefinition>> = {
  replicate_annotate_row_events: { ...fixed(true), flavor: 'mariadb' },
  replicate_do_db: filter(({ doDb }) => doDb),
  replicate_do_table: filter(({ doTable }) => doTable),
  replicate_events_marked_for_skip: { ...fixed('REPLICATE'), flavor: 'mariadb' },
  replicate_ignore_db: filter(({ ignoreDb }) => ignoreDb),
  replicate_ignore_table: filter(({ ignoreTable }) => ignoreTable),
  replicate_rewrite_db: filter(({ rewriteDb }) => rewriteDb.map(([from, to]) => `${from}->${to}`)),
  replicate_wild_do_table: filter(({ wildDoTable }) => wildDoTable),
  replicate_wild_ignore_table: filter(({ wildIgnoreTable }) => wildIgnoreTable),
};

import { MariadbReplicaState } from '../../gtid/index.ts';
import { slaveStatusColumns, slaveStatusRows } from '../statements/channels/replica-status.ts';
import type { ViewSource } from '../statements/context.ts';
import { columnsOf, type View, type ViewColumn, type ViewRow } from '../views/view.ts';

const statusColumn = ({ name, kind }: (typeof slaveStatusColumns)[number]): ViewColumn =>
  kind === 'text'
    ? { name, kind: 'text', type: 'varchar(1024)', nullable: true }
    : { name, kind: 'integer', type: 'bigint(20) unsigned', nullable: true };

/** Where a MariaDB replica says how it stands, for a relay of that family; empty with MySQL's. */
export const mariadbTables: readonly View<ViewSource>[] = [
  {
    schema: 'information_schema',
    name: 'SLAVE_STATUS',
    columns: slaveStatusColumns.map(statusColumn),
    rows: (context) => slaveStatusRows(context) as ViewRow[],
  },
  {
    schema: 'mysql',
    name: 'gtid_slave_pos',
    columns: columnsOf(
      'domain_id int unsigned, sub_id bigint unsigned, server_id int unsigned, seq_no bigint unsigned',
    ),
    rows: ({ relay: { flavor, streams } }) =>
      flavor === 'mysql'
        ? []
        : MariadbReplicaState.parse(streams.binaryLog.gtidPosition)
            .gtids()
            .map(({ domainId, serverId, seqNo }, i) => [domainId, i + 1, serverId, seqNo]),
  },
];

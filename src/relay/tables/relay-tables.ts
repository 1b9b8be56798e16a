import type { Flavor } from '../../charset/index.ts';
import type { ViewSource } from '../statements/context.ts';
import type { View } from '../views/view.ts';
import { accountTables } from './account-tables.ts';
import { applierTables } from './applier-tables.ts';
import { connectionTables } from './connection-tables.ts';
import { emptyTables } from './empty-tables.ts';
import { indexTables } from './index-tables.ts';
import { keywordTables } from './keyword-tables.ts';
import { mariadbTables } from './mariadb-tables.ts';
import { repositoryTables } from './repository-tables.ts';
import { schemaTables } from './schema-tables.ts';
import { serverTables } from './server-tables.ts';

const relayTables: readonly View<ViewSource>[] = [
  ...connectionTables,
  ...applierTables,
  ...serverTables,
  ...accountTables,
  ...schemaTables,
  ...indexTables,
  ...keywordTables,
  ...repositoryTables,
  ...mariadbTables,
  ...emptyTables,
];

/** What SELECT reads of a relay: information_schema, performance_schema and the server's own `mysql`. */
export const tablesOf = (flavor: Flavor): readonly View<ViewSource>[] =>
  relayTables.filter((table) => table.flavor === undefined || table.flavor === flavor);

import { ServerError } from '../../errors/index.ts';
import { formatMysqlGtid } from '../../gtid/index.ts';
import type { AdministrativeStatement } from '../../sql/index.ts';
import { notSupported } from '../../sql/index.ts';
import { grant, revokeAll } from './accounts/grants.ts';
import { showCreateUser, showGrants } from './accounts/show-account.ts';
import { alterUser, createUser, dropUser, renameUser, setPassword } from './accounts/user-statements.ts';
import { type Answer, DONE } from './answer.ts';
import { changeFilter } from './channels/change-filter.ts';
import { changeSource } from './channels/change-source.ts';
import { changeTarget } from './channels/change-target.ts';
import { showReplicaStatus } from './channels/replica-status.ts';
import { resetReplica, startReplica, stopReplica } from './channels/replication.ts';
import { type Context, demand } from './context.ts';
import {
  checkSchema,
  showColumns,
  showCreateSchema,
  showCreateTable,
  showIndex,
  showTables,
} from './listings/catalogue.ts';
import { showEngine } from './listings/engines.ts';
import { showPlain } from './listings/listings.ts';
import {
  flush,
  purge,
  purgeBefore,
  resetBinaryLogs,
  showBinaryLogStatus,
  showBinaryLogs,
  showBinlogEvents,
  showRelaylogEvents,
  showReplicas,
} from './listings/logs.ts';
import {
  kill,
  reloadTls,
  showProcesslist,
  showStatus,
  showVariables,
  showWarnings,
  shutdown,
} from './listings/sessions.ts';
import { showCreateProgram, showEmpty } from './listings/stored-programs.ts';
import { lookAtTables } from './listings/stored-tables.ts';
import { truncate } from './listings/truncate.ts';
import { deallocateStatement, executePrepared, prepareStatement } from './prepared/prepared-sql.ts';
import { doNothing, select } from './select.ts';
import { set, setForStatement } from './settings/settings.ts';

type Kind = AdministrativeStatement['kind'];
type Executor<K extends Kind> = (
  statement: Extract<AdministrativeStatement, { kind: K }>,
  context: Context,
) => Answer | Promise<Answer>;

/** What to do instead of a statement a relay has not. */
const HINTS: Readonly<Record<string, string>> = {
  INSERT: 'Rows of a relay come from its sources alone',
  UPDATE: 'Rows of a relay come from its sources alone',
  DELETE: 'Rows of a relay come from its sources alone',
  'CREATE TABLE': 'Rows of a relay come from its sources alone',
  EXPLAIN: 'SQLite answers queries here, by plans of its own',
  DESCRIBE: 'SQLite answers queries here, by plans of its own',
  DESC: 'SQLite answers queries here, by plans of its own',
  'CREATE ROLE': 'A relay has no roles: grant the privileges themselves',
  'DROP ROLE': 'A relay has no roles: grant the privileges themselves',
};

/** One entry a kind of statement; the compiler names those that are missing. */
const executors: { readonly [K in Kind]: Executor<K> } = {
  changeSource,
  changeFilter,
  changeTarget,
  startReplica,
  stopReplica,
  resetReplica,
  createUser,
  alterUser,
  dropUser,
  renameUser,
  setPassword,
  grant,
  revoke: grant,
  revokeAll,
  showReplicaStatus,
  showAllSlavesStatus: showReplicaStatus,
  showBinaryLogs,
  showBinaryLogStatus,
  showBinlogEvents,
  showRelaylogEvents,
  showReplicas,
  showProcesslist,
  showVariables,
  showStatus,
  showGrants,
  showCreateUser,
  showWarnings,
  showTables,
  showTableStatus: showTables,
  showColumns,
  showIndex,
  showCreateSchema,
  showCreateTable,
  showCreateProgram,
  showEmpty,
  showEngine,
  showPlain,
  set,
  setStatement: (statement, context) => setForStatement(statement, context, execute),
  prepare: prepareStatement,
  executePrepared: (statement, context) => executePrepared(statement, context, execute),
  deallocate: deallocateStatement,
  select,
  do: doNothing,
  use: ({ schema }, context) => {
    context.session.schema = checkSchema(schema, context);
    return DONE;
  },
  kill,
  purge,
  purgeBefore,
  flush,
  resetBinaryLogs,
  reloadTls,
  begin: (_, { session }) => {
    session.gtidNext.begin();
    return DONE;
  },
  rollback: ({ chain }, { session }) => {
    session.gtidNext.end(chain);
    return DONE;
  },
  commit: async ({ chain }, { relay, session }) => {
    const gtid = session.gtidNext.end(chain);
    if (gtid === undefined) return DONE;
    await relay.streams.binaryLog.executeEmpty(gtid);
    relay.audit.record('change', { what: 'empty transaction', gtid: formatMysqlGtid(gtid) });
    return DONE;
  },
  resetPersist: ({ name, ifExists }, context) => {
    demand(context, 'SUPER or SYSTEM_VARIABLES_ADMIN', 'SUPER', 'SYSTEM_VARIABLES_ADMIN');
    if (context.relay.variables.forget(name ?? '') || name === undefined) return DONE;
    const missing = `Variable ${name} does not exist in persisted config file`;
    if (!ifExists) throw new ServerError(3615, 'HY000', missing);
    context.session.warn(3615, missing);
    return DONE;
  },
  nothing: () => DONE,
  shutdown,
  truncate,
  unsupported: ({ word }) => {
    throw notSupported(word, HINTS[word] ?? 'docs/operating says what a relay answers');
  },
  empty: () => DONE,
};

/** Runs a statement for a session. @throws ServerError what the client is told */
export async function execute(statement: AdministrativeStatement, context: Context): Promise<Answer> {
  await lookAtTables(context.relay);
  const executor = executors[statement.kind] as Executor<Kind>;
  try {
    return await executor(statement, context);
  } catch (error) {
    context.session.gtidNext.failed();
    throw error;
  }
}

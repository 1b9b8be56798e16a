import type { ViewSource } from '../statements/context.ts';
import { processRows, visibleSessions } from '../statements/listings/sessions.ts';
import { statusValues } from '../statements/listings/status-values.ts';
import { shownValue } from '../variables/variables.ts';
import { columnsOf, type View, type ViewRow } from '../views/view.ts';

const NAME_VALUE = columnsOf('VARIABLE_NAME varchar(64), VARIABLE_VALUE varchar(1024)?');

function variables(name: string, scope: 'global' | 'session'): View<ViewSource> {
  return {
    schema: 'performance_schema',
    name,
    columns: NAME_VALUE,
    rows: ({ relay, session }) =>
      relay.variables
        .names(scope === 'session')
        .map((each) => [
          each,
          shownValue(relay.variables.read(scope === 'global' ? 'global' : undefined, each, session.viewer)),
        ]),
  };
}

function status(name: string): View<ViewSource> {
  return { schema: 'performance_schema', name, columns: NAME_VALUE, rows: statusValues };
}

/** MariaDB has them in information_schema, by names in capitals. */
const inCapitals = (view: View<ViewSource>): View<ViewSource> => ({
  ...view,
  flavor: 'mariadb',
  schema: 'information_schema',
  name: view.name.toUpperCase(),
  rows: (context) =>
    view.rows(context).map(([name = null, ...rest]) => [String(name).toUpperCase(), ...rest]),
});

const processes = (context: ViewSource): ViewRow[] =>
  processRows(context, true).map((row) => [...(row as ViewRow)]);

const ofServer = [
  variables('global_variables', 'global'),
  variables('session_variables', 'session'),
  status('global_status'),
  status('session_status'),
];

/** The server's own tables: variables, status, sessions, TLS. */
export const serverTables: readonly View<ViewSource>[] = [
  ...ofServer,
  ...ofServer.map(inCapitals),
  {
    schema: 'performance_schema',
    name: 'persisted_variables',
    columns: NAME_VALUE,
    rows: ({ relay }) => [...relay.variables.persisted].map(([name, value]) => [name, shownValue(value)]),
  },
  {
    schema: 'performance_schema',
    name: 'processlist',
    columns: columnsOf(`
      ID bigint unsigned, USER varchar(32)?, HOST varchar(261)?, DB varchar(64)?, COMMAND varchar(16)?,
      TIME bigint?, STATE varchar(64)?, INFO longtext?, EXECUTION_ENGINE enum('PRIMARY','SECONDARY')?`),
    rows: (context) => processes(context).map((row) => [...row, 'PRIMARY']),
  },
  {
    schema: 'information_schema',
    name: 'PROCESSLIST',
    columns: columnsOf(`
      ID bigint unsigned, USER varchar(32), HOST varchar(261), DB varchar(64), COMMAND varchar(16),
      TIME int, STATE varchar(64), INFO varchar(65535)`),
    rows: processes,
  },
  {
    schema: 'performance_schema',
    name: 'session_connect_attrs',
    columns: columnsOf(`
      PROCESSLIST_ID bigint unsigned, ATTR_NAME varchar(32), ATTR_VALUE varchar(1024)?,
      ORDINAL_POSITION int?`),
    rows: (context) =>
      visibleSessions(context).flatMap(({ state }) =>
        [...state.applicant.attributes].map(([name, value], i) => [state.id, name, value, i]),
      ),
  },
  {
    schema: 'performance_schema',
    name: 'tls_channel_status',
    columns: columnsOf(`
      CHANNEL varchar(128), PROPERTY varchar(128), VALUE varchar(2048)`),
    rows: (context) => [
      ['mysql_main', 'Enabled', 'Yes'],
      ...statusValues(context)
        .filter(([name]) => /^(Ssl_|Current_tls_)/.test(name))
        .map(([name, value]) => ['mysql_main', name, value]),
    ],
  },
  {
    schema: 'performance_schema',
    name: 'log_status',
    columns: columnsOf(`
      SERVER_UUID char(36), LOCAL json, REPLICATION json, STORAGE_ENGINES json`),
    rows: ({ relay }) => {
      const { end, gtidExecuted } = relay.streams.binaryLog;
      const local = {
        gtid_executed: gtidExecuted,
        binary_log_file: end.file,
        binary_log_position: end.position,
      };
      const channels = relay.streams.channels.all.map((control) => {
        const { applier } = control.status();
        return {
          channel_name: control.configuration.channel,
          relay_log_file: applier.relayLogFile,
          relay_log_position: applier.relayLogPos,
        };
      });
      return [
        [relay.variables.text('server_uuid'), JSON.stringify(local), JSON.stringify({ channels }), '{}'],
      ];
    },
  },
];

import type { AccountRecord, LocalGrant } from '../accounts/account-record.ts';
import { isDynamic, type Privilege } from '../accounts/privileges.ts';
import type { ViewSource } from '../statements/context.ts';
import { datetime } from '../statements/evaluate.ts';
import { columnsOf, type View, type ViewRow } from '../views/view.ts';

/** Columns of `mysql.user` and `mysql.db` that say whether a privilege is granted. */
const PRIVILEGE_COLUMNS: Readonly<Record<string, Privilege>> = {
  Select_priv: 'SELECT',
  Insert_priv: 'INSERT',
  Update_priv: 'UPDATE',
  Delete_priv: 'DELETE',
  Create_priv: 'CREATE',
  Drop_priv: 'DROP',
  Reload_priv: 'RELOAD',
  Shutdown_priv: 'SHUTDOWN',
  Process_priv: 'PROCESS',
  File_priv: 'FILE',
  References_priv: 'REFERENCES',
  Index_priv: 'INDEX',
  Alter_priv: 'ALTER',
  Show_db_priv: 'SHOW DATABASES',
  Super_priv: 'SUPER',
  Create_tmp_table_priv: 'CREATE TEMPORARY TABLES',
  Lock_tables_priv: 'LOCK TABLES',
  Execute_priv: 'EXECUTE',
  Repl_slave_priv: 'REPLICATION SLAVE',
  Repl_client_priv: 'REPLICATION CLIENT',
  Create_view_priv: 'CREATE VIEW',
  Show_view_priv: 'SHOW VIEW',
  Create_routine_priv: 'CREATE ROUTINE',
  Alter_routine_priv: 'ALTER ROUTINE',
  Create_user_priv: 'CREATE USER',
  Event_priv: 'EVENT',
  Trigger_priv: 'TRIGGER',
  Create_tablespace_priv: 'CREATE TABLESPACE',
  Create_role_priv: 'CREATE ROLE',
  Drop_role_priv: 'DROP ROLE',
};

const USER = columnsOf(`
  Host char(255), User char(32), Select_priv enum('N','Y'), Insert_priv enum('N','Y'),
  Update_priv enum('N','Y'), Delete_priv enum('N','Y'), Create_priv enum('N','Y'),
  Drop_priv enum('N','Y'), Reload_priv enum('N','Y'), Shutdown_priv enum('N','Y'),
  Process_priv enum('N','Y'), File_priv enum('N','Y'), Grant_priv enum('N','Y'),
  References_priv enum('N','Y'), Index_priv enum('N','Y'), Alter_priv enum('N','Y'),
  Show_db_priv enum('N','Y'), Super_priv enum('N','Y'), Create_tmp_table_priv enum('N','Y'),
  Lock_tables_priv enum('N','Y'), Execute_priv enum('N','Y'), Repl_slave_priv enum('N','Y'),
  Repl_client_priv enum('N','Y'), Create_view_priv enum('N','Y'), Show_view_priv enum('N','Y'),
  Create_routine_priv enum('N','Y'), Alter_routine_priv enum('N','Y'),
  Create_user_priv enum('N','Y'), Event_priv enum('N','Y'), Trigger_priv enum('N','Y'),
  Create_tablespace_priv enum('N','Y'), ssl_type enum('','ANY','X509','SPECIFIED'), ssl_cipher blob,
  x509_issuer blob, x509_subject blob, max_questions int unsigned, max_updates int unsigned,
  max_connections int unsigned, max_user_connections int unsigned, plugin char(64),
  authentication_string text, password_expired enum('N','Y'), password_last_changed timestamp,
  password_lifetime smallint unsigned, account_locked enum('N','Y'), Create_role_priv enum('N','Y'),
  Drop_role_priv enum('N','Y'), Password_reuse_history smallint unsigned,
  Password_reuse_time smallint unsigned, Password_require_current enum('N','Y'), User_attributes json`);
const DB = columnsOf(`
  Host char(255), Db char(64), User char(32), Select_priv enum('N','Y'), Insert_priv enum('N','Y'),
  Update_priv enum('N','Y'), Delete_priv enum('N','Y'), Create_priv enum('N','Y'),
  Drop_priv enum('N','Y'), Grant_priv enum('N','Y'), References_priv enum('N','Y'),
  Index_priv enum('N','Y'), Alter_priv enum('N','Y'), Create_tmp_table_priv enum('N','Y'),
  Lock_tables_priv enum('N','Y'), Create_view_priv enum('N','Y'), Show_view_priv enum('N','Y'),
  Create_routine_priv enum('N','Y'), Alter_routine_priv enum('N','Y'), Execute_priv enum('N','Y'),
  Event_priv enum('N','Y'), Trigger_priv enum('N','Y')`);

const yes = (is: boolean): string => (is ? 'Y' : 'N');

/** What the other columns of `mysql.user` hold. Password hashes are not shown: SHOW CREATE USER has them, to those who may. */
const userColumns: Readonly<Record<string, (record: AccountRecord) => string | number | null>> = {
  Host: ({ host }) => host,
  User: ({ user }) => user,
  Grant_priv: ({ grantOption }) => yes(grantOption),
  ssl_type: ({ require }) => require.type,
  ssl_cipher: ({ require }) => require.cipher,
  x509_issuer: ({ require }) => require.issuer,
  x509_subject: ({ require }) => require.subject,
  max_questions: () => 0,
  max_updates: () => 0,
  max_connections: () => 0,
  max_user_connections: () => 0,
  plugin: ({ plugin }) => plugin,
  authentication_string: ({ credential }) => (credential === '' ? '' : '<secret>'),
  password_expired: () => 'N',
  password_last_changed: ({ passwordChangedAt }) => datetime(passwordChangedAt),
  account_locked: ({ locked }) => yes(locked),
};

function userRow(record: AccountRecord): ViewRow {
  return USER.map(({ name }) => {
    const privilege = PRIVILEGE_COLUMNS[name];
    if (privilege !== undefined) return yes(record.privileges.includes(privilege));
    return userColumns[name]?.(record) ?? null;
  });
}

function dbRow(record: AccountRecord, grant: LocalGrant): ViewRow {
  const own: Readonly<Record<string, string>> = {
    Host: record.host,
    Db: grant.schema,
    User: record.user,
    Grant_priv: yes(grant.grantOption),
  };
  return DB.map(({ name }) => own[name] ?? yes(grant.privileges.includes(PRIVILEGE_COLUMNS[name]!)));
}

/** As the servers' sets spell privileges: `Create view`. */
const capitalised = (name: string): string => name.charAt(0) + name.slice(1).toLowerCase();
const NEVER = '0000-00-00 00:00:00';

const grantee = ({ user, host }: AccountRecord): string => `'${user}'@'${host}'`;

/** Privileges somebody may see in information_schema: their own, and with mysql.user everybody's. */
function visible({ relay, session }: ViewSource): AccountRecord[] {
  if (relay.accounts.mayRead(session.account, 'mysql', 'user')) return relay.accounts.all;
  return relay.accounts.all.filter(
    ({ user, host }) => user === session.account.user && host === session.account.host,
  );
}

function localPrivileges(tables: boolean) {
  return (source: ViewSource): ViewRow[] =>
    visible(source).flatMap((record) =>
      record.grants
        .filter(({ table }) => (table !== '') === tables)
        .flatMap(({ schema, table, privileges, grantOption }) =>
          privileges.map((privilege) => [
            grantee(record),
            'def',
            schema,
            ...(tables ? [table] : []),
            privilege,
            grantOption ? 'YES' : 'NO',
          ]),
        ),
    );
}

/** Accounts and what they may do, as the servers keep them in `mysql`. */
export const accountTables: readonly View<ViewSource>[] = [
  {
    schema: 'information_schema',
    name: 'USER_ATTRIBUTES',
    columns: columnsOf('USER char(32), HOST char(255), ATTRIBUTE longtext?'),
    rows: ({ relay }) => relay.accounts.all.map(({ user, host }) => [user, host, null]),
  },
  { schema: 'mysql', name: 'user', columns: USER, rows: ({ relay }) => relay.accounts.all.map(userRow) },
  {
    schema: 'mysql',
    name: 'db',
    columns: DB,
    rows: ({ relay }) =>
      relay.accounts.all.flatMap((record) =>
        record.grants.filter(({ table }) => table === '').map((grant) => dbRow(record, grant)),
      ),
  },
  {
    schema: 'mysql',
    name: 'tables_priv',
    columns: columnsOf(`
      Host char(255), Db char(64), User char(32), Table_name char(64), Grantor varchar(288),
      Timestamp timestamp, Table_priv set, Column_priv set`),
    rows: ({ relay }) =>
      relay.accounts.all.flatMap(({ user, host, grants }) =>
        grants
          .filter(({ table }) => table !== '')
          .map(({ schema, table, privileges, grantOption }) => {
            const words = [...privileges, ...(grantOption ? ['GRANT'] : [])].map(capitalised);
            return [host, schema, user, table, '', NEVER, words.join(','), ''];
          }),
      ),
  },
  {
    schema: 'mysql',
    name: 'global_grants',
    columns: columnsOf(`
      USER char(32), HOST char(255), PRIV char(32), WITH_GRANT_OPTION enum('N','Y')`),
    rows: ({ relay }) =>
      relay.accounts.all.flatMap((record) =>
        record.privileges
          .filter(isDynamic)
          .map((privilege) => [record.user, record.host, privilege, yes(record.grantOption)]),
      ),
  },
  {
    schema: 'information_schema',
    name: 'USER_PRIVILEGES',
    columns: columnsOf(`
      GRANTEE varchar(292), TABLE_CATALOG varchar(512), PRIVILEGE_TYPE varchar(64),
      IS_GRANTABLE varchar(3)`),
    rows: (source) =>
      visible(source).flatMap((record) =>
        (record.privileges.length === 0 ? ['USAGE'] : record.privileges).map((privilege) => [
          grantee(record),
          'def',
          privilege,
          record.grantOption ? 'YES' : 'NO',
        ]),
      ),
  },
  {
    schema: 'information_schema',
    name: 'SCHEMA_PRIVILEGES',
    columns: columnsOf(`
      GRANTEE varchar(292), TABLE_CATALOG varchar(512), TABLE_SCHEMA varchar(64),
      PRIVILEGE_TYPE varchar(64), IS_GRANTABLE varchar(3)`),
    rows: localPrivileges(false),
  },
  {
    schema: 'information_schema',
    name: 'TABLE_PRIVILEGES',
    columns: columnsOf(`
      GRANTEE varchar(292), TABLE_CATALOG varchar(512), TABLE_SCHEMA varchar(64), TABLE_NAME varchar(64),
      PRIVILEGE_TYPE varchar(64), IS_GRANTABLE varchar(3)`),
    rows: localPrivileges(true),
  },
];

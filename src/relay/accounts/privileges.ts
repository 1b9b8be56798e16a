/** Privileges in the order the servers print them. What a relay never looks at is granted and shown all the same. */
export const STATIC_PRIVILEGES = [
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'CREATE',
  'DROP',
  'RELOAD',
  'SHUTDOWN',
  'PROCESS',
  'FILE',
  'REFERENCES',
  'INDEX',
  'ALTER',
  'SHOW DATABASES',
  'SUPER',
  'CREATE TEMPORARY TABLES',
  'LOCK TABLES',
  'EXECUTE',
  'REPLICATION SLAVE',
  'REPLICATION CLIENT',
  'CREATE VIEW',
  'SHOW VIEW',
  'CREATE ROUTINE',
  'ALTER ROUTINE',
  'CREATE USER',
  'EVENT',
  'TRIGGER',
  'CREATE TABLESPACE',
  'CREATE ROLE',
  'DROP ROLE',
] as const;
export type StaticPrivilege = (typeof STATIC_PRIVILEGES)[number];

/** MySQL's dynamic privileges that mean something to a relay. */
export const DYNAMIC_PRIVILEGES = [
  'BINLOG_ADMIN',
  'CONNECTION_ADMIN',
  'PERSIST_RO_VARIABLES_ADMIN',
  'REPLICATION_APPLIER',
  'REPLICATION_SLAVE_ADMIN',
  'SESSION_VARIABLES_ADMIN',
  'SYSTEM_USER',
  'SYSTEM_VARIABLES_ADMIN',
] as const;
export type DynamicPrivilege = (typeof DYNAMIC_PRIVILEGES)[number];

export type Privilege = StaticPrivilege | DynamicPrivilege;

const TABLE: ReadonlySet<string> = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'CREATE',
  'DROP',
  'REFERENCES',
  'INDEX',
  'ALTER',
  'CREATE VIEW',
  'SHOW VIEW',
  'TRIGGER',
]);

const SCHEMA: ReadonlySet<string> = new Set([
  ...TABLE,
  'CREATE TEMPORARY TABLES',
  'LOCK TABLES',
  'EXECUTE',
  'CREATE ROUTINE',
  'ALTER ROUTINE',
  'EVENT',
]);

const dynamic: ReadonlySet<string> = new Set(DYNAMIC_PRIVILEGES);
const known: ReadonlySet<string> = new Set<string>([...STATIC_PRIVILEGES, ...DYNAMIC_PRIVILEGES]);

/** MariaDB's names, and both servers' other spellings. */
const SYNONYMS: Readonly<Record<string, Privilege>> = {
  'BINLOG MONITOR': 'REPLICATION CLIENT',
  'SLAVE MONITOR': 'REPLICATION CLIENT',
  'REPLICA MONITOR': 'REPLICATION CLIENT',
  'REPLICATION REPLICA': 'REPLICATION SLAVE',
  'BINLOG ADMIN': 'BINLOG_ADMIN',
  'BINLOG REPLAY': 'REPLICATION_APPLIER',
  'CONNECTION ADMIN': 'CONNECTION_ADMIN',
  'REPLICATION SLAVE ADMIN': 'REPLICATION_SLAVE_ADMIN',
  'REPLICATION REPLICA ADMIN': 'REPLICATION_SLAVE_ADMIN',
};

/** The privilege a word in GRANT means; undefined: none a relay knows. */
export function privilegeNamed(word: string): Privilege | undefined {
  const name = Object.hasOwn(SYNONYMS, word) ? SYNONYMS[word]! : word;
  return known.has(name) ? (name as Privilege) : undefined;
}

export function isDynamic(privilege: Privilege): privilege is DynamicPrivilege {
  return dynamic.has(privilege);
}

export type GrantScope = 'schema' | 'table';

/** Whether the privilege may be granted on a schema or table. */
export function fits(privilege: Privilege, scope: GrantScope): boolean {
  return (scope === 'table' ? TABLE : SCHEMA).has(privilege);
}

/** What GRANT ALL means on a schema or table. */
export function allOf(scope: GrantScope): readonly Privilege[] {
  return STATIC_PRIVILEGES.filter((privilege) => fits(privilege, scope));
}

const order: ReadonlyMap<string, number> = new Map(
  [...STATIC_PRIVILEGES, ...DYNAMIC_PRIVILEGES].map((privilege, i) => [privilege, i]),
);

/** The privileges in the order the servers print them. */
export function inOrder<P extends Privilege>(privileges: Iterable<P>): P[] {
  return [...privileges].sort((a, b) => order.get(a)! - order.get(b)!);
}

import { ServerError } from '../../errors/index.ts';
import { notSupported } from '../query/refusals.ts';
import type { AccountName, StatementCursor } from './statement-cursor.ts';

/** How an account is to prove itself. Absent `password` and `stored`: no change, or none. */
export interface Authentication {
  /** Undefined: the server's default, or what the account has. */
  readonly plugin: string | undefined;
  /** IDENTIFIED BY: to be turned into a stored value. */
  readonly password?: string;
  /** IDENTIFIED … AS, USING: the stored value itself. */
  readonly stored?: string;
  /** BY RANDOM PASSWORD: the relay makes one up and tells it once. */
  readonly random?: true;
}

/** A REQUIRE clause. */
export type RequireClause =
  | { readonly kind: 'NONE' | 'SSL' | 'X509' }
  | {
      readonly kind: 'SPECIFIED';
      readonly cipher: string;
      readonly issuer: string;
      readonly subject: string;
    };

/** One account of CREATE or ALTER USER. */
export interface UserSpecification {
  readonly account: AccountName;
  readonly authentication: Authentication | undefined;
}

/** Clauses that hold for all accounts of a statement. Absent: not mentioned. */
export interface UserClauses {
  readonly require?: RequireClause;
  readonly locked?: boolean;
  readonly failedLoginAttempts?: number;
  /** Days; UNBOUNDED is −1. */
  readonly passwordLockTime?: number;
}

/** What a GRANT is for. */
export type GrantLevel =
  | { readonly kind: 'global' }
  /** `schema` undefined: the current one. */
  | { readonly kind: 'schema'; readonly schema: string | undefined }
  | { readonly kind: 'table'; readonly schema: string | undefined; readonly table: string };

export type AccountStatement =
  | {
      readonly kind: 'createUser';
      readonly ifNotExists: boolean;
      /** MariaDB's CREATE OR REPLACE. */
      readonly replace: boolean;
      readonly users: readonly UserSpecification[];
      readonly clauses: UserClauses;
    }
  | {
      readonly kind: 'alterUser';
      readonly ifExists: boolean;
      readonly users: readonly UserSpecification[];
      readonly clauses: UserClauses;
    }
  | { readonly kind: 'dropUser'; readonly ifExists: boolean; readonly accounts: readonly AccountName[] }
  | {
      readonly kind: 'renameUser';
      readonly pairs: readonly { readonly from: AccountName; readonly to: AccountName }[];
    }
  | {
      readonly kind: 'setPassword';
      readonly account: AccountName | undefined;
      readonly authentication: Authentication;
    }
  | {
      readonly kind: 'grant' | 'revoke';
      /** In upper case; `ALL` alone for ALL PRIVILEGES. */
      readonly privileges: readonly string[];
      readonly level: GrantLevel;
      readonly accounts: readonly UserSpecification[];
      /** WITH GRANT OPTION. */
      readonly grantOption: boolean;
      /** MariaDB allows REQUIRE here. */
      readonly clauses: UserClauses;
      /** REVOKE IF EXISTS: what was not granted is a warning. */
      readonly ifExists: boolean;
      /** REVOKE … IGNORE UNKNOWN USER. */
      readonly ignoreUnknown: boolean;
    }
  | {
      readonly kind: 'revokeAll';
      readonly accounts: readonly AccountName[];
      readonly ignoreUnknown: boolean;
    };

/** What accounts of a relay have not, and what to do about it. */
const instead = {
  dual: 'Create a second account, and drop the first when nobody uses it any more',
  factors: 'An account of a relay has one password; REQUIRE adds a certificate to it',
  policy: 'Accounts of a relay keep their passwords until somebody changes them',
  limits: 'Accounts of a relay have no limits of their own; max_connections is that of all',
  attributes: 'Accounts of a relay have no comments and no attributes',
  roles: 'A relay has no roles: grant the privileges themselves',
  columns: 'Privileges of a relay are for whole tables',
  routines: 'A relay has no routines',
  proxies: 'A relay has no proxy users',
} as const;

/** Behind CREATE, with USER at hand. */
export function readCreateUser(cursor: StatementCursor, replace: boolean): AccountStatement {
  cursor.expect('USER');
  const ifNotExists = cursor.accept('IF', 'NOT', 'EXISTS');
  const users = cursor.list(() => userSpecification(cursor));
  return { kind: 'createUser', ifNotExists, replace, users, clauses: userClauses(cursor) };
}

/** Behind ALTER, with USER at hand. */
export function readAlterUser(cursor: StatementCursor): AccountStatement {
  cursor.expect('USER');
  const ifExists = cursor.accept('IF', 'EXISTS');
  const users = cursor.list(() => userSpecification(cursor));
  return { kind: 'alterUser', ifExists, users, clauses: userClauses(cursor) };
}

export function readDropUser(cursor: StatementCursor): AccountStatement {
  cursor.expect('USER');
  const ifExists = cursor.accept('IF', 'EXISTS');
  return { kind: 'dropUser', ifExists, accounts: cursor.list(() => cursor.account()) };
}

export function readRenameUser(cursor: StatementCursor): AccountStatement {
  cursor.expect('USER');
  const pairs = cursor.list(() => {
    const from = cursor.account();
    cursor.expect('TO');
    return { from, to: cursor.account() };
  });
  return { kind: 'renameUser', pairs };
}

/** Behind SET, with PASSWORD at hand. */
export function readSetPassword(cursor: StatementCursor): AccountStatement {
  cursor.expect('PASSWORD');
  const account = cursor.accept('FOR') ? cursor.account() : undefined;
  const random = cursor.accept('TO', 'RANDOM');
  if (!random) cursor.expectSymbol('=');
  const value = random ? { random: true as const } : plainOrHashed(cursor);
  refuseDual(cursor);
  return { kind: 'setPassword', account, authentication: { plugin: undefined, ...value } };
}

/** SET ROLE, SET DEFAULT ROLE, behind SET: of none there is no other than none. @throws ServerError 1235 */
export function readSetRole(cursor: StatementCursor): { readonly kind: 'nothing'; readonly word: string } {
  cursor.accept('DEFAULT');
  cursor.expect('ROLE');
  const none = cursor.acceptOne('NONE', 'DEFAULT', 'ALL') !== undefined;
  if (!none || cursor.is('EXCEPT')) throw notSupported('roles', instead.roles);
  if (cursor.accept('TO')) cursor.list(() => cursor.account());
  if (cursor.accept('FOR')) cursor.account();
  return { kind: 'nothing', word: 'SET ROLE' };
}

/** REPLACE 'current', RETAIN CURRENT PASSWORD. @throws ServerError 1235 */
function refuseDual(cursor: StatementCursor): void {
  if (cursor.is('REPLACE')) throw notSupported('REPLACE', 'Leave it out: the session is proof enough');
  if (cursor.is('RETAIN', 'DISCARD')) throw notSupported('two passwords of an account', instead.dual);
}

/** A password, PASSWORD('…') around it, or (MariaDB, and MySQL up to 5.6) the stored value of mysql_native_password. */
function plainOrHashed(cursor: StatementCursor): { password: string } | { stored: string } {
  if (cursor.accept('PASSWORD')) {
    cursor.expectSymbol('(');
    const password = cursor.string();
    cursor.expectSymbol(')');
    return { password };
  }
  const text = cursor.string();
  return /^\*[\da-f]{40}$/i.test(text) ? { stored: text } : { password: text };
}

function userSpecification(cursor: StatementCursor): UserSpecification {
  const account = cursor.account();
  const proof = cursor.accept('IDENTIFIED') ? authentication(cursor) : undefined;
  refuseDual(cursor);
  if (cursor.is('AND', 'ADD', 'MODIFY')) throw notSupported('several factors', instead.factors);
  return { account, authentication: proof };
}

function authentication(cursor: StatementCursor): Authentication {
  if (cursor.accept('BY')) {
    if (cursor.accept('RANDOM', 'PASSWORD')) return { plugin: undefined, random: true };
    if (!cursor.accept('PASSWORD')) return { plugin: undefined, password: cursor.string() };
    return { plugin: 'mysql_native_password', stored: cursor.string() };
  }
  cursor.expectOne('WITH', 'VIA');
  const plugin = cursor.nameOrString();
  const how = cursor.acceptOne('BY', 'AS', 'USING');
  if (how === undefined) return { plugin };
  if (how === 'BY' && cursor.accept('RANDOM', 'PASSWORD')) return { plugin, random: true };
  if (how === 'BY') return { plugin, password: cursor.string() };
  if (cursor.is('PASSWORD')) return { plugin, ...plainOrHashed(cursor) };
  return { plugin, stored: stored(cursor) };
}

/** A string, or the hexadecimal form that SHOW CREATE USER prints where a value is not printable. */
function stored(cursor: StatementCursor): string {
  if (cursor.atString) return cursor.string();
  const { text } = cursor.lexer;
  if (!cursor.atNumber || !/^0x([\da-f]{2})*$/i.test(text)) throw cursor.fail();
  cursor.advance();
  return Buffer.from(text.slice(2), 'hex').toString('latin1');
}

/** Behind the accounts. GRANT has another WITH. */
function userClauses(cursor: StatementCursor, inGrant = false): UserClauses {
  const clauses: { -readonly [K in keyof UserClauses]: UserClauses[K] } = {};
  if (cursor.accept('DEFAULT', 'ROLE') && !cursor.accept('NONE')) throw notSupported('roles', instead.roles);
  if (cursor.accept('REQUIRE')) clauses.require = requireClause(cursor);
  if (!inGrant && cursor.accept('WITH')) limits(cursor);
  for (;;) {
    if (cursor.accept('ACCOUNT')) clauses.locked = cursor.expectOne('LOCK', 'UNLOCK') === 'LOCK';
    else if (cursor.accept('FAILED_LOGIN_ATTEMPTS')) {
      clauses.failedLoginAttempts = counted(cursor, 'FAILED_LOGIN_ATTEMPTS');
    } else if (cursor.accept('PASSWORD_LOCK_TIME')) {
      clauses.passwordLockTime = cursor.accept('UNBOUNDED') ? -1 : counted(cursor, 'PASSWORD_LOCK_TIME');
    } else if (cursor.accept('PASSWORD')) passwordClause(cursor);
    else if (cursor.is('COMMENT', 'ATTRIBUTE')) throw notSupported(cursor.word, instead.attributes);
    else return clauses;
  }
}

/** The servers count failures and days up to this. */
const MAX_COUNTED = 32_767;

/** ER_WRONG_VALUE */
function counted(cursor: StatementCursor, what: string): number {
  const value = cursor.integer();
  if (value <= MAX_COUNTED) return value;
  throw new ServerError(1525, 'HY000', `Incorrect ${what} value: '${value}'`);
}

/** WITH MAX_…_PER_HOUR n: none is 0. @throws ServerError 1235 */
function limits(cursor: StatementCursor): void {
  const words = [
    'MAX_QUERIES_PER_HOUR',
    'MAX_UPDATES_PER_HOUR',
    'MAX_CONNECTIONS_PER_HOUR',
    'MAX_USER_CONNECTIONS',
    'MAX_STATEMENT_TIME',
  ] as const;
  do {
    const word = cursor.expectOne(...words);
    if (cursor.integer() !== 0) throw notSupported(word, instead.limits);
  } while (cursor.is(...words));
}

/** PASSWORD EXPIRE NEVER, HISTORY DEFAULT and the like, as SHOW CREATE USER prints them: what a relay does. @throws ServerError 1235 for others */
function passwordClause(cursor: StatementCursor): void {
  const word = cursor.expectOne('EXPIRE', 'HISTORY', 'REUSE', 'REQUIRE');
  if (word === 'REUSE') cursor.expect('INTERVAL');
  if (word === 'REQUIRE') {
    cursor.expect('CURRENT');
    if (cursor.acceptOne('DEFAULT', 'OPTIONAL') !== undefined) return;
  } else if (cursor.accept('DEFAULT') || (word === 'EXPIRE' && cursor.accept('NEVER'))) return;
  else if (word !== 'EXPIRE' && cursor.integer() === 0) {
    cursor.accept('DAY');
    return;
  }
  throw notSupported(`PASSWORD ${word}`, instead.policy);
}

/** ER_DUP_ARGUMENT */
const usedTwice = (option: string): ServerError =>
  new ServerError(1225, 'HY000', `Option '${option}' used twice in statement`);

function requireClause(cursor: StatementCursor): RequireClause {
  const plain = cursor.acceptOne('NONE', 'SSL', 'X509');
  if (plain !== undefined) return { kind: plain };
  const parts: { CIPHER?: string; ISSUER?: string; SUBJECT?: string } = {};
  do {
    const word = cursor.expectOne('CIPHER', 'ISSUER', 'SUBJECT');
    if (parts[word] !== undefined) throw usedTwice(word);
    parts[word] = cursor.string();
  } while (cursor.accept('AND') || cursor.is('CIPHER', 'ISSUER', 'SUBJECT'));
  const { CIPHER: cipher = '', ISSUER: issuer = '', SUBJECT: subject = '' } = parts;
  return { kind: 'SPECIFIED', cipher, issuer, subject };
}

/** Behind GRANT. */
export function readGrant(cursor: StatementCursor): AccountStatement {
  const privileges = privilegeList(cursor);
  if (cursor.is('TO')) throw notSupported('roles', instead.roles);
  cursor.expect('ON');
  const level = grantLevel(cursor, privileges);
  cursor.expect('TO');
  const accounts = cursor.list(() => userSpecification(cursor));
  const clauses = userClauses(cursor, true);
  const grantOption = cursor.accept('WITH', 'GRANT', 'OPTION');
  const rest = { ifExists: false, ignoreUnknown: false } as const;
  return { kind: 'grant', privileges, level, accounts, grantOption, clauses, ...rest };
}

/** Behind REVOKE. */
export function readRevoke(cursor: StatementCursor): AccountStatement {
  const ifExists = cursor.accept('IF', 'EXISTS');
  const privileges = privilegeList(cursor);
  if (cursor.accept('FROM')) {
    if (privileges.join() !== 'ALL,GRANT OPTION') throw notSupported('roles', instead.roles);
    const accounts = cursor.list(() => cursor.account());
    return { kind: 'revokeAll', accounts, ignoreUnknown: ignoresUnknown(cursor) };
  }
  cursor.expect('ON');
  const level = grantLevel(cursor, privileges);
  cursor.expect('FROM');
  const accounts = cursor.list(() => ({ account: cursor.account(), authentication: undefined }));
  const ignoreUnknown = ignoresUnknown(cursor);
  return {
    kind: 'revoke',
    privileges,
    level,
    accounts,
    grantOption: false,
    clauses: {},
    ifExists,
    ignoreUnknown,
  };
}

const ignoresUnknown = (cursor: StatementCursor): boolean => cursor.accept('IGNORE', 'UNKNOWN', 'USER');

/** `REPLICATION SLAVE, BINLOG_ADMIN`: words up to a comma or the word that follows the list. */
function privilegeList(cursor: StatementCursor): string[] {
  return cursor.list(() => {
    const words: string[] = [];
    while (cursor.word !== '' && !cursor.is('ON', 'TO', 'FROM')) {
      words.push(cursor.word);
      cursor.advance();
    }
    if (words.length === 0) {
      // GRANT 'role' TO …: a name in quotes is no privilege.
      if (cursor.atString || cursor.atName) throw notSupported('roles', instead.roles);
      throw cursor.fail();
    }
    if (cursor.isSymbol('(')) throw notSupported('privileges of columns', instead.columns);
    const name = words.join(' ');
    return name === 'ALL PRIVILEGES' ? 'ALL' : name;
  });
}

function grantLevel(cursor: StatementCursor, privileges: readonly string[]): GrantLevel {
  if (privileges.includes('PROXY')) throw notSupported('PROXY', instead.proxies);
  if (cursor.is('PROCEDURE', 'FUNCTION', 'PACKAGE')) throw notSupported(cursor.word, instead.routines);
  cursor.accept('TABLE');
  if (cursor.acceptSymbol('*')) {
    if (!cursor.acceptSymbol('.')) return { kind: 'schema', schema: undefined };
    cursor.expectSymbol('*');
    return { kind: 'global' };
  }
  const first = cursor.name();
  if (!cursor.acceptSymbol('.')) return { kind: 'table', schema: undefined, table: first };
  if (cursor.acceptSymbol('*')) return { kind: 'schema', schema: first };
  return { kind: 'table', schema: first, table: cursor.name() };
}

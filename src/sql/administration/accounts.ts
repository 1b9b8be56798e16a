import { ServerError } from '../../errors/index.ts';
import type { AccountName, StatementCursor } from './statement-cursor.ts';

/** How an account is to prove itself. Absent `password` and `stored`: no change, or none. */
export interface Authentication {
  /** Undefined: the server's default, or what the account has. */
  readonly plugin: string | undefined;
  /** IDENTIFIED BY: to be turned into a stored value. */
  readonly password?: string;
  /** IDENTIFIED … AS, USING: the stored value itself. */
  readonly stored?: string;
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
      readonly ifExists: boolean;
    }
  | { readonly kind: 'revokeAll'; readonly accounts: readonly AccountName[] };

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
  cursor.expectSymbol('=');
  return { kind: 'setPassword', account, authentication: { plugin: undefined, ...plainOrHashed(cursor) } };
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
  return { account, authentication: cursor.accept('IDENTIFIED') ? authentication(cursor) : undefined };
}

function authentication(cursor: StatementCursor): Authentication {
  if (cursor.accept('BY')) {
    if (!cursor.accept('PASSWORD')) return { plugin: undefined, password: cursor.string() };
    return { plugin: 'mysql_native_password', stored: cursor.string() };
  }
  cursor.expectOne('WITH', 'VIA');
  const plugin = cursor.nameOrString();
  const how = cursor.acceptOne('BY', 'AS', 'USING');
  if (how === undefined) return { plugin };
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

function userClauses(cursor: StatementCursor): UserClauses {
  const clauses: { -readonly [K in keyof UserClauses]: UserClauses[K] } = {};
  if (cursor.accept('REQUIRE')) clauses.require = requireClause(cursor);
  for (;;) {
    if (cursor.accept('ACCOUNT')) clauses.locked = cursor.expectOne('LOCK', 'UNLOCK') === 'LOCK';
    else if (cursor.accept('FAILED_LOGIN_ATTEMPTS')) clauses.failedLoginAttempts = cursor.integer();
    else if (cursor.accept('PASSWORD_LOCK_TIME')) {
      clauses.passwordLockTime = cursor.accept('UNBOUNDED') ? -1 : cursor.integer();
    } else if (!skipPasswordClause(cursor)) return clauses;
  }
}

/** PASSWORD EXPIRE NEVER, HISTORY DEFAULT and the like, as SHOW CREATE USER prints them: their defaults are what a relay does. */
function skipPasswordClause(cursor: StatementCursor): boolean {
  if (!cursor.is('PASSWORD')) return false;
  cursor.advance();
  const words = [
    'EXPIRE',
    'HISTORY',
    'REUSE',
    'INTERVAL',
    'REQUIRE',
    'CURRENT',
    'DEFAULT',
    'NEVER',
    'OPTIONAL',
  ];
  cursor.expectOne('EXPIRE', 'HISTORY', 'REUSE', 'REQUIRE');
  while (cursor.acceptOne(...words) !== undefined);
  return true;
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
  cursor.expect('ON');
  const level = grantLevel(cursor);
  cursor.expect('TO');
  const accounts = cursor.list(() => userSpecification(cursor));
  const clauses = userClauses(cursor);
  const grantOption = cursor.accept('WITH', 'GRANT', 'OPTION');
  return { kind: 'grant', privileges, level, accounts, grantOption, clauses, ifExists: false };
}

/** Behind REVOKE. */
export function readRevoke(cursor: StatementCursor): AccountStatement {
  const ifExists = cursor.accept('IF', 'EXISTS');
  const privileges = privilegeList(cursor);
  if (cursor.accept('FROM')) {
    if (privileges.join() !== 'ALL,GRANT OPTION') throw cursor.fail();
    return { kind: 'revokeAll', accounts: cursor.list(() => cursor.account()) };
  }
  cursor.expect('ON');
  const level = grantLevel(cursor);
  cursor.expect('FROM');
  const accounts = cursor.list(() => ({ account: cursor.account(), authentication: undefined }));
  return { kind: 'revoke', privileges, level, accounts, grantOption: false, clauses: {}, ifExists };
}

/** `REPLICATION SLAVE, BINLOG_ADMIN`: words up to a comma or the word that follows the list. */
function privilegeList(cursor: StatementCursor): string[] {
  return cursor.list(() => {
    const words: string[] = [];
    while (cursor.word !== '' && !cursor.is('ON', 'TO', 'FROM')) {
      words.push(cursor.word);
      cursor.advance();
    }
    if (words.length === 0) throw cursor.fail();
    const name = words.join(' ');
    return name === 'ALL PRIVILEGES' ? 'ALL' : name;
  });
}

function grantLevel(cursor: StatementCursor): GrantLevel {
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

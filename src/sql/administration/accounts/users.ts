import { notSupported } from '../../query/refusals.ts';
import { readSet } from '../settings.ts';
import type { StatementCursor } from '../statement-cursor.ts';
import type { AccountStatement } from './account-statement.ts';
import { plainOrHashed, refuseDual, userSpecification } from './authentication.ts';
import { instead } from './lacked.ts';
import { userClauses } from './user-clauses.ts';

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
  const isLonger = cursor.lexer.flavor === 'mariadb' && cursor.acceptSymbol(',');
  const assignments = isLonger ? readSet(cursor).assignments : [];
  return { kind: 'setPassword', account, authentication: { plugin: undefined, ...value }, assignments };
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

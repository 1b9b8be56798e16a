import { ServerError } from '../../../errors/index.ts';
import { notSupported } from '../../query/refusals.ts';
import type { StatementCursor } from '../statement-cursor.ts';
import type { RequireClause, UserClauses } from './account-statement.ts';
import { instead } from './lacked.ts';

/** Behind the accounts. GRANT has another WITH. */
export function userClauses(cursor: StatementCursor, inGrant = false): UserClauses {
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

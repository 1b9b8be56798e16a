import { notSupported } from '../../query/refusals.ts';
import type { StatementCursor } from '../statement-cursor.ts';
import type { Authentication, UserSpecification } from './account-statement.ts';
import { instead } from './lacked.ts';

/** REPLACE 'current', RETAIN CURRENT PASSWORD. @throws ServerError 1235 */
export function refuseDual(cursor: StatementCursor): void {
  if (cursor.is('REPLACE')) throw notSupported('REPLACE', 'Leave it out: the session is proof enough');
  if (cursor.is('RETAIN', 'DISCARD')) throw notSupported('two passwords of an account', instead.dual);
}

/** A password (not with MariaDB), PASSWORD('…') around it, or (MariaDB, and MySQL up to 5.6) the stored value of mysql_native_password. */
export function plainOrHashed(cursor: StatementCursor): { password: string } | { stored: string } {
  if (cursor.accept('PASSWORD')) {
    cursor.expectSymbol('(');
    const password = cursor.string();
    cursor.expectSymbol(')');
    return { password };
  }
  const text = cursor.string();
  const isStored = /^\*[\da-f]{40}$/i.test(text) || (cursor.lexer.flavor === 'mariadb' && text !== '');
  return isStored ? { stored: text } : { password: text };
}

/** An account and how it proves itself. */
export function userSpecification(cursor: StatementCursor): UserSpecification {
  const account = cursor.account();
  const proof = cursor.accept('IDENTIFIED') ? authentication(cursor) : undefined;
  refuseDual(cursor);
  // MariaDB's OR: one of several ways to log in.
  if (cursor.is('AND', 'ADD', 'MODIFY', 'OR')) throw notSupported('several factors', instead.factors);
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

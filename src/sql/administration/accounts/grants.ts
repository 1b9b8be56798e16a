import { notSupported } from '../../query/refusals.ts';
import type { StatementCursor } from '../statement-cursor.ts';
import type { AccountStatement, GrantLevel } from './account-statement.ts';
import { userSpecification } from './authentication.ts';
import { instead } from './lacked.ts';
import { userClauses } from './user-clauses.ts';

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

import { notSupported } from '../query/refusals.ts';
import { type ReplicationStatement, readResetReplica } from './replication/index.ts';
import type { StatementCursor } from './statement-cursor.ts';

export type ResetStatement =
  | { readonly kind: 'resetBinaryLogs'; readonly first: number | undefined }
  /** `name` undefined: all. */
  | { readonly kind: 'resetPersist'; readonly name: string | undefined; readonly ifExists: boolean };

/** Behind RESET. Undefined: the servers know more forms. @throws ServerError 1235 of several things in one statement */
export function readReset(cursor: StatementCursor): ResetStatement | ReplicationStatement | undefined {
  const statement = readOne(cursor);
  if (cursor.isSymbol(',')) throw notSupported('RESET of several things', 'Reset one after the other');
  return statement;
}

function readOne(cursor: StatementCursor): ResetStatement | ReplicationStatement | undefined {
  if (cursor.is('SLAVE', 'REPLICA')) return readResetReplica(cursor);
  const word = cursor.acceptOne('MASTER', 'BINARY', 'PERSIST');
  if (word === undefined) return undefined;
  if (word === 'PERSIST') {
    const ifExists = cursor.accept('IF', 'EXISTS');
    const name = cursor.atStatementEnd && !ifExists ? undefined : cursor.name().toLowerCase();
    return { kind: 'resetPersist', name, ifExists };
  }
  if (word === 'BINARY') cursor.expect('LOGS', 'AND', 'GTIDS');
  return { kind: 'resetBinaryLogs', first: cursor.accept('TO') ? cursor.integer() : undefined };
}

import { Token } from '../lexer.ts';
import { notSupported } from '../query/refusals.ts';
import {
  type AccountStatement,
  readAlterUser,
  readCreateUser,
  readDropUser,
  readGrant,
  readRenameUser,
  readRevoke,
  readSetPassword,
  readSetRole,
} from './accounts/index.ts';
import { type FlushStatement, readFlush } from './flush.ts';
import { type PreparedStatementSql, readDeallocate, readExecute, readPrepare } from './prepared.ts';
import { type ReplicationStatement, readChange, readStart, readStop } from './replication/index.ts';
import { type ResetStatement, readReset } from './reset.ts';
import { type Assignment, readSet, readStatementSettings, type SetStatement } from './settings.ts';
import { readShow } from './show.ts';
import type { ShowStatement } from './show-statement.ts';
import type { StatementCursor } from './statement-cursor.ts';
import { readStartTransaction, type TransactionStatement, transactionReaders } from './transaction.ts';

/** A statement of administration, understood. */
export type AdministrativeStatement =
  | ReplicationStatement
  | AccountStatement
  | ShowStatement
  | SetStatement
  /** SELECT, DO, VALUES, or a query in parentheses: its text. */
  | { readonly kind: 'select' | 'do'; readonly text: string }
  | PreparedStatementSql
  /** MariaDB's SET STATEMENT … FOR: settings that hold for one statement. */
  | {
      readonly kind: 'setStatement';
      readonly assignments: readonly Assignment[];
      readonly statement: AdministrativeStatement;
    }
  | { readonly kind: 'use'; readonly schema: string }
  | { readonly kind: 'kill'; readonly what: 'connection' | 'query'; readonly id: string }
  | { readonly kind: 'purge'; readonly to: string }
  /** `time` is the text of an expression. */
  | { readonly kind: 'purgeBefore'; readonly time: string }
  | FlushStatement
  | ResetStatement
  | { readonly kind: 'reloadTls'; readonly channel: string | undefined; readonly rollback: boolean }
  /** Harmless here, with nothing to do: LOCK TABLES, SAVEPOINT, … */
  | TransactionStatement
  /** SHUTDOWN */
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'truncate'; readonly schema: string | undefined; readonly table: string }
  /** Known to the servers, not to a relay. */
  | { readonly kind: 'unsupported'; readonly word: string }
  | { readonly kind: 'empty' };

type Reader = (cursor: StatementCursor) => AdministrativeStatement;

const nothing: Reader = (cursor) => {
  const { word } = cursor;
  cursor.rest();
  return { kind: 'nothing', word };
};

const unsupported: Reader = (cursor) => {
  const { word } = cursor;
  cursor.rest();
  return { kind: 'unsupported', word };
};

const select: Reader = (cursor) => ({ kind: 'select', text: cursor.rest() });

/** Behind a word that has been taken: what is not ours falls back to "unsupported" under the same word. */
function behind(
  word: string,
  read: (cursor: StatementCursor) => AdministrativeStatement | undefined,
): Reader {
  return (cursor) => {
    cursor.advance();
    const statement = read(cursor);
    if (statement !== undefined) return statement;
    const shown = cursor.word === '' ? word : `${word} ${cursor.word}`;
    cursor.rest();
    return { kind: 'unsupported', word: shown };
  };
}

const purge = behind('PURGE', (cursor) => {
  cursor.expectOne('BINARY', 'MASTER');
  cursor.expect('LOGS');
  if (cursor.expectOne('TO', 'BEFORE') === 'TO') return { kind: 'purge', to: cursor.string() };
  return { kind: 'purgeBefore', time: cursor.expression() };
});

const reset = behind('RESET', readReset);

const truncate = behind('TRUNCATE', (cursor) => {
  cursor.accept('TABLE');
  const { schema, name: table } = cursor.path();
  return { kind: 'truncate', schema, table };
});

const kill = behind('KILL', (cursor) => {
  cursor.acceptOne('HARD', 'SOFT');
  const what = cursor.acceptOne('CONNECTION', 'QUERY') === 'QUERY' ? 'query' : 'connection';
  if (what === 'query' && cursor.is('ID'))
    throw notSupported('KILL QUERY ID', 'KILL QUERY takes the number of the connection');
  return { kind: 'kill', what, id: cursor.expression() };
});

const alter = behind('ALTER', (cursor) => {
  if (cursor.is('USER')) return readAlterUser(cursor);
  if (!cursor.accept('INSTANCE', 'RELOAD', 'TLS')) return undefined;
  const channel = cursor.channel();
  return { kind: 'reloadTls', channel, rollback: !cursor.accept('NO', 'ROLLBACK', 'ON', 'ERROR') };
});

const start = behind('START', (cursor) => {
  if (cursor.is('SLAVE', 'REPLICA', 'ALL')) return readStart(cursor);
  return cursor.is('TRANSACTION') ? readStartTransaction(cursor) : undefined;
});

const readSetting: Reader = (cursor) => {
  if (cursor.is('ROLE', 'DEFAULT')) return readSetRole(cursor);
  return cursor.is('PASSWORD') ? readSetPassword(cursor) : readSet(cursor);
};

/** Behind SET STATEMENT. One within another is read as one: a text of them may be as long as a packet. */
const readSetStatement: Reader = (cursor) => {
  const assignments: Assignment[] = [];
  for (;;) {
    assignments.push(...readStatementSettings(cursor));
    if (cursor.atStatementEnd) throw cursor.fail();
    if (!cursor.accept('SET')) return { kind: 'setStatement', assignments, statement: readStatement(cursor) };
    if (!cursor.accept('STATEMENT'))
      return { kind: 'setStatement', assignments, statement: readSetting(cursor) };
  }
};

/** The first word of a statement, and who reads it. */
const readers: Readonly<Record<string, Reader>> = {
  CHANGE: behind('CHANGE', readChange),
  START: start,
  STOP: behind('STOP', (cursor) => (cursor.is('SLAVE', 'REPLICA', 'ALL') ? readStop(cursor) : undefined)),
  RESET: reset,
  TRUNCATE: truncate,
  SHOW: behind('SHOW', readShow),
  CREATE: behind('CREATE', (cursor) => {
    const replace = cursor.accept('OR', 'REPLACE');
    return cursor.is('USER') ? readCreateUser(cursor, replace) : undefined;
  }),
  ALTER: alter,
  DROP: behind('DROP', (cursor) => {
    if (cursor.is('PREPARE')) return readDeallocate(cursor);
    return cursor.is('USER') ? readDropUser(cursor) : undefined;
  }),
  PREPARE: behind('PREPARE', readPrepare),
  EXECUTE: behind('EXECUTE', readExecute),
  DEALLOCATE: behind('DEALLOCATE', readDeallocate),
  RENAME: behind('RENAME', (cursor) => (cursor.is('USER') ? readRenameUser(cursor) : undefined)),
  GRANT: behind('GRANT', readGrant),
  REVOKE: behind('REVOKE', readRevoke),
  SET: behind('SET', (cursor) =>
    cursor.lexer.flavor === 'mariadb' && cursor.accept('STATEMENT')
      ? readSetStatement(cursor)
      : readSetting(cursor),
  ),
  SELECT: select,
  VALUES: select,
  TABLE: unsupported,
  WITH: select,
  DO: behind('DO', (cursor) => ({ kind: 'do', text: cursor.rest() })),
  USE: behind('USE', (cursor) => ({ kind: 'use', schema: cursor.name() })),
  DESCRIBE: behind('DESCRIBE', describe),
  DESC: behind('DESC', describe),
  EXPLAIN: behind('EXPLAIN', describe),
  KILL: kill,
  PURGE: purge,
  FLUSH: behind('FLUSH', readFlush),
  BEGIN: behind('BEGIN', transactionReaders.BEGIN),
  COMMIT: behind('COMMIT', transactionReaders.COMMIT),
  ROLLBACK: behind('ROLLBACK', transactionReaders.ROLLBACK),
  SAVEPOINT: behind('SAVEPOINT', transactionReaders.SAVEPOINT),
  RELEASE: behind('RELEASE', transactionReaders.RELEASE),
  LOCK: nothing,
  UNLOCK: nothing,
  XA: behind('XA', (cursor) => {
    if (!cursor.accept('RECOVER')) return undefined;
    cursor.accept('CONVERT', 'XID');
    return { kind: 'showEmpty', what: 'xaRecover', schema: undefined };
  }),
  SHUTDOWN: behind('SHUTDOWN', () => ({ kind: 'shutdown' })),
};

/** DESCRIBE of a table is SHOW COLUMNS; of a statement, nothing a relay has. */
function describe(cursor: StatementCursor): AdministrativeStatement | undefined {
  if (
    !cursor.atName ||
    cursor.is('SELECT', 'WITH', 'UPDATE', 'INSERT', 'DELETE', 'REPLACE', 'FORMAT', 'ANALYZE')
  ) {
    return undefined;
  }
  const { schema, name: table } = cursor.path();
  const like = cursor.atString ? cursor.string() : cursor.atName ? cursor.name() : undefined;
  return { kind: 'showColumns', schema, table, full: false, filter: { like, where: undefined } };
}

/** Statements the servers have and a relay has not. Any other first word is a syntax error. */
const KNOWN_ELSEWHERE: ReadonlySet<string> = new Set(
  (
    'ANALYZE BACKUP BINLOG CACHE CALL CHECK CHECKSUM CLONE DELETE GET HANDLER HELP IMPORT INSERT INSTALL ' +
    'LOAD OPTIMIZE REPAIR REPLACE RESIGNAL RESTART SIGNAL TRUNCATE UNINSTALL UPDATE'
  ).split(' '),
);

/** Reads the statement at hand and stops at its end: the end of the text or a semicolon. @throws ServerError 1064 */
export function readStatement(cursor: StatementCursor): AdministrativeStatement {
  const statement = cursor.atStatementEnd ? { kind: 'empty' as const } : readWords(cursor);
  // Behind it, too: whoever forgot the end of a comment meant what stands in it.
  const { unclosedAt } = cursor.lexer;
  if (unclosedAt !== undefined) throw cursor.fail(unclosedAt);
  return statement;
}

function readWords(cursor: StatementCursor): AdministrativeStatement {
  if (cursor.isSymbol('(')) return select(cursor);
  if (cursor.lexer.token !== Token.WORD) throw cursor.fail();
  const reader = Object.hasOwn(readers, cursor.word) ? readers[cursor.word] : undefined;
  if (reader === undefined && !KNOWN_ELSEWHERE.has(cursor.word)) throw cursor.fail();
  const statement = (reader ?? unsupported)(cursor);
  if (!cursor.atStatementEnd) throw cursor.fail();
  return statement;
}

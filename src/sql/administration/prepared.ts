import { variableName } from './settings.ts';
import type { StatementCursor } from './statement-cursor.ts';

/** Where the text of a prepared statement comes from. */
export type PreparedText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string };

/** Prepared statements as SQL: names are the same in capitals and small letters. */
export type PreparedStatementSql =
  | { readonly kind: 'prepare'; readonly name: string; readonly from: PreparedText }
  /** `what` is a name, or, of EXECUTE IMMEDIATE, the text itself; `using` are user variables. */
  | {
      readonly kind: 'executePrepared';
      readonly what: string | PreparedText;
      readonly using: readonly string[];
    }
  | { readonly kind: 'deallocate'; readonly name: string };

const preparedName = (cursor: StatementCursor): string => cursor.name().toLowerCase();

function userVariable(cursor: StatementCursor): string {
  const named = cursor.atVariable ? variableName(cursor.lexer.text) : undefined;
  if (named?.kind !== 'user') throw cursor.fail();
  cursor.advance();
  return named.name;
}

const preparedText = (cursor: StatementCursor): PreparedText =>
  cursor.atString
    ? { kind: 'text', text: cursor.string() }
    : { kind: 'variable', name: userVariable(cursor) };

/** Behind PREPARE. */
export function readPrepare(cursor: StatementCursor): PreparedStatementSql {
  const name = preparedName(cursor);
  cursor.expect('FROM');
  return { kind: 'prepare', name, from: preparedText(cursor) };
}

/** Behind EXECUTE. IMMEDIATE is MariaDB's. */
export function readExecute(cursor: StatementCursor): PreparedStatementSql {
  const isImmediate = cursor.lexer.flavor === 'mariadb' && cursor.accept('IMMEDIATE');
  const what = isImmediate ? preparedText(cursor) : preparedName(cursor);
  const using = cursor.accept('USING') ? cursor.list(() => userVariable(cursor)) : [];
  return { kind: 'executePrepared', what, using };
}

/** Behind DEALLOCATE or DROP, with PREPARE at hand. */
export function readDeallocate(cursor: StatementCursor): PreparedStatementSql {
  cursor.expect('PREPARE');
  return { kind: 'deallocate', name: preparedName(cursor) };
}

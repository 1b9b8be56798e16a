import type { Connection } from '../../../connection/index.ts';
import { ServerError } from '../../../errors/index.ts';
import { type LexerOptions, SqlLexer, type TableStatement } from '../../../sql/index.ts';
import type { Definition } from '../../target.ts';
import { namesSchemas } from './names-schemas.ts';

/** ER_BAD_DB_ERROR */
const NO_SCHEMA = 1049;
/** ER_NO_SUCH_TABLE */
const NO_TABLE = 1146;
/** ER_TRG_DOES_NOT_EXIST */
const NO_TRIGGER = 1360;
/** Both families have it, and nothing can be made in it. */
const NOWHERE = 'information_schema';

/**
 * Lets a statement do without its default schema: filters may keep one away that is the default all the same, as with the servers' own
 * replicas.
 *
 * @param error what USE met
 * @throws the error: the statement needs the schema, or it is another error
 */
export async function goWithoutSchema(
  connection: Connection,
  statement: TableStatement,
  error: unknown,
): Promise<ServerError> {
  if (!(error instanceof ServerError) || error.errno !== NO_SCHEMA) throw error;
  if (namesSchemas(statement)) return error;
  if (statement.kind !== 'other') throw error;
  // Names without a schema would be looked for in that of the statement before.
  await connection.query(`USE ${NOWHERE}`);
  return error;
}

/** What a statement without its default schema has failed with, in the words of the source. */
export function refusalOf(error: unknown, missing: ServerError | undefined): unknown {
  return error instanceof ServerError && error.message.includes(NOWHERE) ? (missing ?? error) : error;
}

/** Whether an error says that what a definition is about is not here, and need not be. `isKin`: the source is of the target's family. */
export const isAbsent = (
  error: unknown,
  { sql, statement }: Definition,
  options: LexerOptions,
  isKin: boolean,
): boolean =>
  error instanceof ServerError &&
  (isTriggerAbsent(error, sql, options) || (!isKin && isViewAbsent(error, statement)));

/** A view or a sequence to be renamed, which the other family's target has not. A table that is missed says so when its rows come. */
const isViewAbsent = ({ errno }: ServerError, statement: TableStatement): boolean =>
  errno === NO_TABLE &&
  ((statement.kind === 'renameTables' && statement.pairs.length === 1) ||
    (statement.kind === 'alterTable' && statement.changes.every(({ kind }) => kind === 'renameTable')));

/** A trigger to be dropped: filters kept it away, and the servers' own replicas go on. */
function isTriggerAbsent(error: ServerError, sql: Uint8Array, options: LexerOptions): boolean {
  if (error.errno !== NO_TRIGGER && error.errno !== NO_SCHEMA) return false;
  const lexer = new SqlLexer(sql, options);
  const word = (): string => {
    lexer.next();
    return lexer.word;
  };
  return word() === 'DROP' && word() === 'TRIGGER';
}

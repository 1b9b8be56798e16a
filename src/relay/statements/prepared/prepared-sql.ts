import { ServerError } from '../../../errors/index.ts';
import {
  type AdministrativeStatement,
  inPlainMode,
  type PreparedStatementSql,
  type PreparedText,
  readStatement,
  StatementCursor,
} from '../../../sql/index.ts';
import { type Answer, DONE } from '../answer.ts';
import type { Context } from '../context.ts';
import { areTooMany, outOfMemory } from './kept-bytes.ts';
import {
  bound,
  MAX_STATEMENTS,
  questionMarks,
  tooManyStatements,
  unknownStatement,
} from './prepared-statements.ts';

type Of<K extends PreparedStatementSql['kind']> = Extract<PreparedStatementSql, { kind: K }>;

/** Statements that cannot be prepared: those that deal with prepared ones, which could run themselves without end. */
const NOT_PREPARED: ReadonlySet<AdministrativeStatement['kind']> = new Set([
  'prepare',
  'executePrepared',
  'deallocate',
]);

/** The one statement of a text. @throws ServerError 1064, 1065, 1295 */
function readPrepared(text: Buffer, { relay }: Context): AdministrativeStatement {
  const cursor = new StatementCursor(text, { flavor: relay.flavor });
  const statement = readStatement(cursor);
  cursor.acceptSymbol(';');
  if (!cursor.atEnd) throw cursor.fail();
  if (statement.kind === 'empty') throw new ServerError(1065, '42000', 'Query was empty');
  if (NOT_PREPARED.has(statement.kind === 'setStatement' ? statement.statement.kind : statement.kind)) {
    throw new ServerError(
      1295,
      'HY000',
      'This command is not supported in the prepared statement protocol yet',
    );
  }
  return statement;
}

/** The text that was meant, as it reads without the modes of the session. */
function textOf(from: PreparedText, { relay, session }: Context): Buffer {
  const text = from.kind === 'text' ? from.text : (session.userVariables.get(from.name) ?? 'NULL');
  const modes = String(relay.variables.read(undefined, 'sql_mode', session.viewer) ?? '');
  return inPlainMode(Buffer.from(String(text)), modes, relay.flavor);
}

function textNamed(name: string, { session }: Context): Buffer {
  const text = session.prepared.get(name);
  if (text === undefined) throw unknownStatement(name, 'EXECUTE');
  return text;
}

export function prepareStatement({ name, from }: Of<'prepare'>, context: Context): Answer {
  const { prepared } = context.session;
  // As with the servers, the older one of that name is gone whatever becomes of this one.
  prepared.delete(name);
  const text = textOf(from, context);
  if (prepared.size >= MAX_STATEMENTS || areTooMany(prepared.values(), text.length))
    throw tooManyStatements();
  readPrepared(text, context);
  prepared.set(name, text);
  return DONE;
}

/** `run` runs what was prepared. */
export async function executePrepared(
  { what, using }: Of<'executePrepared'>,
  context: Context,
  run: (statement: AdministrativeStatement, context: Context) => Promise<Answer>,
): Promise<Answer> {
  const { session, relay } = context;
  const text = typeof what === 'string' ? textNamed(what, context) : textOf(what, context);
  const places = questionMarks(text);
  if (places.length !== using.length) throw new ServerError(1210, 'HY000', 'Incorrect arguments to EXECUTE');
  const values = using.map((name) => session.userVariables.get(name) ?? null);
  // One long variable in many places would be many times as long.
  if (areTooMany(values, text.length)) throw outOfMemory();
  const parameters = values.map((value) => ({
    value: typeof value === 'string' ? Buffer.from(value) : value,
  }));
  const statement = readPrepared(
    bound({ text, places, longData: new Map(), isTooLong: false }, parameters),
    context,
  );
  const { statements } = relay.counters;
  statements.set(statement.kind, (statements.get(statement.kind) ?? 0) + 1);
  return run(statement, context);
}

export function deallocateStatement({ name }: Of<'deallocate'>, { session }: Context): Answer {
  if (!session.prepared.delete(name)) throw unknownStatement(name, 'DEALLOCATE PREPARE');
  return DONE;
}

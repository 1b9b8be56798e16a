import { ServerError } from '../../errors/index.ts';
import { tooSlow } from '../views/refusals.ts';
import type { Context } from './context.ts';

/** ER_QUERY_INTERRUPTED */
export const interruption = (code?: string): ServerError =>
  new ServerError(1317, '70100', 'Query execution was interrupted', code === undefined ? {} : { code });

/** MariaDB's ER_STATEMENT_TIMEOUT */
const tooSlowInMariadb = (): ServerError =>
  new ServerError(1969, '70100', 'Query execution was interrupted (max_statement_time exceeded)');

/** The longest that a timer can wait. */
const LONGEST_MS = 2 ** 31 - 1;

/** A hint stands among the first characters. */
const HINT_END = 4096;
/** MySQL's hint, among others behind the first word of a query. */
const HINT = /^[\s(]*SELECT\s*\/\*\+(?:(?!\*\/).)*?\bMAX_EXECUTION_TIME\s*\(\s*(\d+)\s*\)/is;

/** Milliseconds that a query may take: max_execution_time, or MariaDB's max_statement_time, which is in seconds. 0: for ever. */
function timeOf(text: string, { relay, session }: Context): number {
  const setting = (name: string): number => Number(relay.variables.read(undefined, name, session.viewer));
  if (relay.flavor === 'mariadb') return setting('max_statement_time') * 1000;
  return Number(HINT.exec(text.slice(0, HINT_END))?.[1] ?? setting('max_execution_time'));
}

/** Interrupts the statement of a session when the time of its query is over. @returns has it run on */
export function limitTime(text: string, context: Context): () => void {
  const { relay, session } = context;
  const limit = timeOf(text, context);
  if (!(limit > 0)) return () => undefined;
  const timer = setTimeout(
    () => session.interrupt(relay.flavor === 'mariadb' ? tooSlowInMariadb() : tooSlow()),
    Math.min(limit, LONGEST_MS),
  );
  return () => clearTimeout(timer);
}

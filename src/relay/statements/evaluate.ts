import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { ServerError } from '../../errors/index.ts';
import { nameValue, SqlLexer, stringValue, Token, type variableName } from '../../sql/index.ts';
import { isThisMachine } from '../accounts/host-pattern.ts';
import { zoneOf } from '../views/dates/zone.ts';
import type { QueryContext, TableReference } from '../views/query-context.ts';
import type { QueryResult } from '../views/query-engine.ts';
import type { Context } from './context.ts';
import { callsIn, performedCalls, performedNames } from './functions/performed-calls.ts';
import { limitTime } from './interruption.ts';

/** `2026-11-21 05:45:04`, with as many digits of a second. */
export function datetime(at: number, digits = 0): string {
  const text = new Date(at).toISOString().slice(0, 23).replace('T', ' ');
  if (digits === 0) return text.slice(0, 19);
  return `${text.slice(0, 20)}${text.slice(20).padEnd(6, '0').slice(0, digits)}`;
}

/** USER(): who logged in, and from where. */
export function loginName({ session }: Pick<Context, 'session'>): string {
  const { user, host } = session.applicant;
  return `${user}@${isThisMachine(host) ? 'localhost' : host}`;
}

/** The time zone of the session; undefined: UTC. */
function sessionZone({ relay, session }: Context): string | undefined {
  const zone = String(relay.variables.read(undefined, 'time_zone', session.viewer));
  return /^(SYSTEM|UTC|\+00:00)$/i.test(zone) ? undefined : zone;
}

/** What the clocks of the session's zone show, as if they were those of UTC. */
function local(now: number, context: Context): number {
  const name = sessionZone(context);
  const zone = name === undefined ? undefined : zoneOf(name, context.relay.flavor);
  return zone === undefined ? now : now + zone.offsetAt(now * 1000) / 1000;
}

/** Functions without arguments; a blank behind the name: the word alone. */
const values: Readonly<
  Record<string, (context: Context, now: number, digits: number) => string | number | null>
> = {
  VERSION: ({ relay }) => relay.version,
  DATABASE: ({ session }) => session.schema ?? null,
  SCHEMA: ({ session }) => session.schema ?? null,
  USER: (context) => loginName(context),
  SESSION_USER: (context) => loginName(context),
  SYSTEM_USER: (context) => loginName(context),
  CURRENT_USER: ({ session }) => `${session.account.user}@${session.account.host}`,
  'CURRENT_USER ': ({ session }) => `${session.account.user}@${session.account.host}`,
  CURRENT_ROLE: () => 'NONE',
  CONNECTION_ID: ({ session }) => session.id,
  NOW: (context, now, digits) => datetime(local(now, context), digits),
  // SET timestamp does not stop it.
  SYSDATE: (context, _now, digits) => datetime(local(context.relay.now(), context), digits),
  LOCALTIME: (context, now, digits) => datetime(local(now, context), digits),
  LOCALTIMESTAMP: (context, now, digits) => datetime(local(now, context), digits),
  CURRENT_TIMESTAMP: (context, now, digits) => datetime(local(now, context), digits),
  'CURRENT_TIMESTAMP ': (context, now) => datetime(local(now, context)),
  UTC_TIMESTAMP: (_context, now, digits) => datetime(now, digits),
  CURDATE: (context, now) => datetime(local(now, context)).slice(0, 10),
  CURRENT_DATE: (context, now) => datetime(local(now, context)).slice(0, 10),
  'CURRENT_DATE ': (context, now) => datetime(local(now, context)).slice(0, 10),
  UTC_DATE: (_context, now) => datetime(now).slice(0, 10),
  CURTIME: (context, now, digits) => datetime(local(now, context), digits).slice(11),
  CURRENT_TIME: (context, now, digits) => datetime(local(now, context), digits).slice(11),
  'CURRENT_TIME ': (context, now) => datetime(local(now, context)).slice(11),
  UTC_TIME: (_context, now, digits) => datetime(now, digits).slice(11),
  'LOCALTIME ': (context, now) => datetime(local(now, context)),
  'LOCALTIMESTAMP ': (context, now) => datetime(local(now, context)),
  'UTC_TIMESTAMP ': (_context, now) => datetime(now),
  'UTC_DATE ': (_context, now) => datetime(now).slice(0, 10),
  'UTC_TIME ': (_context, now) => datetime(now).slice(11),
  PI: () => 3.141_593,
  RAND: () => Math.random(),
  UUID: () => randomUUID(),
  UNIX_TIMESTAMP: (_context, now) => Math.floor(now / 1000),
  LAST_INSERT_ID: () => 0,
  ROW_COUNT: () => -1,
  FOUND_ROWS: () => 0,
};

/** `@name` or `@@scope.name`, as an expression sees it: booleans are numbers there. */
function variableValue(
  named: ReturnType<typeof variableName>,
  { relay, session }: Context,
): string | number | null {
  if (named.kind === 'user') return session.userVariables.get(named.name) ?? null;
  const scope = named.scope === 'session' || named.scope === undefined ? named.scope : 'global';
  const value = relay.variables.read(scope, named.name, session.viewer);
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Runs a query with what the session knows, in the time that the session gives it. @throws ServerError */
export async function query(text: string, context: Context): Promise<QueryResult> {
  const letRun = limitTime(text, context);
  try {
    return await runQuery(text, context);
  } finally {
    letRun();
  }
}

async function runQuery(text: string, context: Context): Promise<QueryResult> {
  const { relay, session } = context;
  const now = session.timestamp === undefined ? relay.now() : session.timestamp * 1000;
  const zone = sessionZone(context);
  const known: QueryContext = {
    flavor: relay.flavor,
    ...(zone !== undefined && { zone }),
    warn: (code, message) => session.warn(code, message),
    interrupted: session.interrupted,
    schema: session.schema,
    variable: (named) => variableValue(named, context),
    value: (name, digits = 0) =>
      Object.hasOwn(values, name) ? values[name]!(context, now, Math.min(digits, 6)) : undefined,
    awaited: new Map(),
  };
  const awaits = callsIn(text, AWAITED_OR_PERFORMED).length > 0;
  // What is no query does nothing.
  if (awaits) relay.engine.demandQuery(text, known);
  const queryContext = awaits ? { ...known, awaited: await awaitedCalls(text, context) } : known;
  return relay.engine.run(text, queryContext, context, (table) => mayRead(table, context));
}

/** The context of a query that looks at no table of its own: SHOW … WHERE. */
export function plainQueryContext(context: Context): QueryContext {
  const now = context.relay.now();
  return {
    flavor: context.relay.flavor,
    schema: context.session.schema,
    variable: (named) => variableValue(named, context),
    value: (name, digits = 0) =>
      Object.hasOwn(values, name) ? values[name]!(context, now, Math.min(digits, 6)) : undefined,
    awaited: new Map(),
  };
}

/** The one value of an expression. */
export async function evaluate(expression: string, context: Context): Promise<string | number | null> {
  const literal = simpleLiteral(expression);
  if (literal !== undefined) return literal;
  // MySQL gives SELECT alone a time, MariaDB any statement.
  const run = context.relay.flavor === 'mariadb' ? query : runQuery;
  const { rows, shapes } = await run(`SELECT ${expression}`, context);
  const value = rows[0]?.[0] ?? null;
  if (shapes[0]?.kind === 'decimal' && value !== null) return Number(value);
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString() : value;
}

/** A number or a string alone needs no engine. */
function simpleLiteral(expression: string): string | number | undefined {
  if (/^-?\d{1,15}$/.test(expression)) return Number(expression);
  const lexer = new SqlLexer(Buffer.from(expression));
  if (lexer.next() !== Token.STRING || lexer.malformed) return undefined;
  const { text } = lexer;
  return lexer.next() === Token.END ? stringValue(text) : undefined;
}

/** A value of SET: a bare word is its own text (ON, utf8mb4), DEFAULT is undefined. */
export async function settingValue(
  expression: string,
  context: Context,
): Promise<string | number | null | undefined> {
  if (/^DEFAULT$/i.test(expression)) return undefined;
  if (/^(NULL|TRUE|FALSE)$/i.test(expression)) {
    return { NULL: null, TRUE: 1, FALSE: 0 }[expression.toUpperCase() as 'NULL' | 'TRUE' | 'FALSE'];
  }
  if (/^[\p{L}_][\p{L}\d_-]*$/u.test(expression)) return nameValue(expression);
  return evaluate(expression, context);
}

/** The longest that a timer can wait. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;
const AWAITED: ReadonlySet<string> = new Set(['sleep', 'binlog_gtid_pos']);
const AWAITED_OR_PERFORMED: ReadonlySet<string> = new Set([...AWAITED, ...performedNames]);
/** So many are waited for. */
const MOST_AWAITED = 8;

/** BINLOG_GTID_POS('file', position): known only after looking into a log. SLEEP(seconds): once they are over. */
async function awaitedCalls(
  text: string,
  context: Context,
): Promise<ReadonlyMap<string, string | number | null>> {
  const { relay, session } = context;
  const calls = new Map<string, string | number | null>(
    await performedCalls(text, context, (expression) => evaluate(expression, context)),
  );
  for (const { text: call, name, values: given } of callsIn(text, AWAITED)) {
    if (calls.size >= MOST_AWAITED) break;
    const [first = '', second = ''] = given;
    if (name === 'sleep' && given.length === 1 && /^\d+(\.\d+)?$/.test(first)) {
      const options = { ref: false, signal: session.interrupted };
      // Interrupted, it is 1; an error in MariaDB.
      // oxlint-disable-next-line no-await-in-loop -- in their order
      const slept = await wait(Math.min(Number(first) * 1000, LONGEST_SLEEP_MS), 0, options).catch(() => 1);
      calls.set(call, slept);
      if (relay.flavor === 'mariadb') session.interrupted.throwIfAborted();
    } else if (name === 'binlog_gtid_pos' && /^'[^'\\]*'$/.test(first) && /^\d+$/.test(second)) {
      // oxlint-disable-next-line no-await-in-loop -- in their order
      const position = await relay.streams.binaryLog.gtidPositionAt(first.slice(1, -1), Number(second));
      calls.set(call, position ?? null);
    }
  }
  return calls;
}

function mayRead({ schema, table }: TableReference, { relay, session }: Context): void {
  if (schema === 'information_schema' || relay.accounts.mayRead(session.account, schema, table)) return;
  throw new ServerError(
    1142,
    '42000',
    `SELECT command denied to user ${loginName({ session }).replace(/^(.*)@(.*)$/, "'$1'@'$2'")} for table '${table}'`,
  );
}

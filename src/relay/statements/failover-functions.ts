import { ServerError } from '../../errors/index.ts';
import { SqlLexer, Token } from '../../sql/index.ts';
import { notSupported } from '../views/refusals.ts';
import { type Context, demandReplicationAdmin } from './context.ts';

type Value = string | number | null;

interface FailoverFunction {
  readonly least: number;
  readonly most: number;
  /** @throws ServerError 1123, 3200 */
  run(values: readonly Value[], context: Context, name: string): void;
}

/** ER_CANT_INITIALIZE_UDF */
const wrongArguments = (name: string, what: string): ServerError =>
  new ServerError(1123, 'HY000', `Can't initialize function '${name}'; Wrong arguments: ${what}`);
/** ER_UDF_ERROR */
const failed = (name: string, what: string): ServerError =>
  new ServerError(3200, 'HY000', `${name} UDF failed; Error ${what}`);

const TABLE = 'mysql.replication_asynchronous_connection_failover';
/** What its columns hold. */
const MAX_CHANNEL_NAME = 64;
const MAX_HOST = 255;
const DEFAULT_WEIGHT = 50;

function sourceOf([channel = null, host = null, port, namespace = null]: readonly Value[], name: string) {
  if (typeof channel === 'number') throw wrongArguments(name, 'You need to specify channel name.');
  if (typeof host !== 'string' || host === '') throw wrongArguments(name, 'You need to specify hostname.');
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw wrongArguments(name, 'You need to specify value for port.');
  if (typeof namespace === 'number')
    throw wrongArguments(name, 'You need to specify a string value for network_namespace.');
  return { channel: channel ?? '', host, port, networkNamespace: namespace ?? '' };
}

const GROUPS = 'A relay is in no group; give its members with asynchronous_connection_failover_add_source';
const managed = (least: number, most: number): FailoverFunction => ({
  least,
  most,
  run: (_values, _context, name) => {
    throw notSupported(name, GROUPS);
  },
});

/** What MySQL has as loadable functions: each changes the list of sources that channels fail over to. */
const functions: Readonly<Record<string, FailoverFunction>> = {
  asynchronous_connection_failover_add_source: {
    least: 3,
    most: 5,
    run: (values, { relay }, name) => {
      const source = sourceOf(values, name);
      const weight = values.length < 5 ? DEFAULT_WEIGHT : values[4];
      if (typeof weight !== 'number' || !Number.isInteger(weight) || weight < 1 || weight > 100)
        throw wrongArguments(name, 'The weight argument value should be integer value between 1-100.');
      if (source.networkNamespace !== '')
        throw notSupported('network_namespace', 'Start the relay inside the namespace');
      if (source.channel.length > MAX_CHANNEL_NAME) throw failed(name, `saving channel field of ${TABLE}.`);
      if (source.host.length > MAX_HOST) throw failed(name, `saving host field of ${TABLE}.`);
      if (!relay.failover.add({ ...source, weight })) throw failed(name, 'inserting row to the table.');
    },
  },
  asynchronous_connection_failover_delete_source: {
    least: 3,
    most: 4,
    run: (values, { relay }, name) => {
      if (!relay.failover.delete(sourceOf(values, name)))
        throw failed(name, 'no matching row was found to be deleted.');
    },
  },
  asynchronous_connection_failover_add_managed: managed(5, 8),
  asynchronous_connection_failover_delete_managed: managed(2, 2),
  asynchronous_connection_failover_reset: {
    least: 0,
    most: 0,
    run: (_values, { relay }) => relay.failover.clear(),
  },
};

interface Call {
  /** As it is written. */
  readonly text: string;
  readonly name: string;
  /** Expressions. */
  readonly values: readonly string[];
}

/** Does what the calls in a query say, from left to right, once each: values by the text of the call. @throws ServerError */
export async function failoverCalls(
  text: string,
  context: Context,
  evaluate: (expression: string) => Promise<Value>,
): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>();
  if (!/asynchronous_connection_failover/i.test(text)) return answers;
  for (const { text: call, name, values } of callsIn(text)) {
    demandReplicationAdmin(context);
    const called = functions[name]!;
    const { least, most } = called;
    if (values.length < least) throw wrongArguments(name, 'You need to specify all mandatory arguments.');
    if (values.length > most) {
      throw wrongArguments(
        name,
        most === 0 ? 'The function takes no arguments.' : `You must specify max ${most} arguments.`,
      );
    }
    const given: Value[] = [];
    // oxlint-disable-next-line no-await-in-loop -- in their order
    for (const value of values) given.push(await evaluate(value));
    called.run(given, context, name);
    context.relay.audit.record('change', { what: name, values: given.join(',') });
    answers.set(call, `The UDF ${name}() executed successfully.`);
  }
  return answers;
}

function callsIn(text: string): Call[] {
  const bytes = Buffer.from(text);
  const lexer = new SqlLexer(bytes);
  const calls: Call[] = [];
  lexer.next();
  while (lexer.token !== Token.END) {
    const name = lexer.token === Token.WORD ? lexer.text.toLowerCase() : '';
    const { start } = lexer;
    lexer.next();
    if (!Object.hasOwn(functions, name) || !lexer.isSymbol('(')) continue;
    const values: string[] = [];
    let from = lexer.end;
    for (let depth = 1; depth > 0; ) {
      if (lexer.next() === Token.END) return calls;
      if (lexer.isSymbol('(')) depth += 1;
      if (lexer.isSymbol(')')) depth -= 1;
      if (depth > 0 && !(depth === 1 && lexer.isSymbol(','))) continue;
      const value = bytes.toString('utf8', from, lexer.start).trim();
      if (value !== '' || depth > 0) values.push(value);
      from = lexer.end;
    }
    calls.push({ text: bytes.toString('utf8', start, lexer.end), name, values });
    lexer.next();
  }
  return calls;
}

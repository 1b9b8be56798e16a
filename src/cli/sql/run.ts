import { homedir } from 'node:os';
import { type Connection, connect } from '../../connection/index.ts';
import { RowlockError } from '../../errors/index.ts';
import {
  helpText,
  loadDefaults,
  OptionError,
  type ParsedArguments,
  parseArguments,
  printedDefaults,
  resolveOptions,
} from '../../options/index.ts';
import { remoteOf } from '../binlog/options/assemble.ts';
import { GivenOptions } from '../binlog/options/given-options.ts';
import { Values } from '../binlog/options/values.ts';
import { askSecret } from '../binlog/remote/ask-secret.ts';
import { connectSettings } from '../binlog/remote/connect-settings.ts';
import type { CommandIo } from '../command-io.ts';
import { version } from '../version.ts';
import { type ClientOptions, SqlClient } from './client.ts';
import { ClientOutput } from './client-output.ts';
import { converse } from './converse.ts';
import { linesOf, linesOfStream } from './input-lines.ts';
import { Interrupts } from './interrupts.ts';
import { sqlOptionGroups, sqlOptionTable, sqlSecrets } from './options.ts';

const PROGRAM = 'rowlock sql';
const DIALECT = 'mysql';

/** Runs `rowlock sql`. Returns the exit status: 0, or 1 where a statement failed or there is no server. */
export async function runSql(io: CommandIo): Promise<number> {
  const say = (line: string): void => io.stdout.write(Buffer.from(`${line}\n`));
  const complain = (line: string): void => io.stderr.write(Buffer.from(`${line}\n`));
  try {
    const { words, printDefaults } = loadDefaults({
      dialect: DIALECT,
      program: PROGRAM,
      groups: sqlOptionGroups,
      argv: io.argv,
      env: io.env,
      home: homedir(),
      workingDirectory: io.cwd,
      warn: complain,
    });
    if (printDefaults) {
      for (const line of printedDefaults(PROGRAM, words, sqlSecrets)) say(line);
      return 0;
    }
    const given = new GivenOptions(DIALECT, complain);
    let silences = 0;
    const parsed = parseArguments(resolveOptions(sqlOptionTable, DIALECT), words, {
      dialect: DIALECT,
      program: PROGRAM,
      warn: complain,
      onOption: (option) => {
        if (option.option.name === 'silent') silences = option.value === true ? silences + 1 : 0;
        return given.accept(option);
      },
    });
    if (given.action === 'help') say(usage());
    else if (given.action === 'version') say(`${PROGRAM} ${version}`);
    else return await talk(io, given, parsed, silences);
    return 0;
  } catch (error) {
    if (error instanceof OptionError) {
      for (const line of error.lines) complain(line);
      return error.exitStatus;
    }
    if (!(error instanceof RowlockError)) throw error;
    const { errno, sqlState } = error as { errno?: number; sqlState?: string };
    const number = errno === undefined ? '' : `${errno} (${sqlState ?? 'HY000'}): `;
    complain(`ERROR ${number}${error.describe()}`);
    for (const line of error.hint?.split('\n') ?? []) complain(`hint: ${line}`);
    return 1;
  }
}

async function talk(
  io: CommandIo,
  given: GivenOptions,
  parsed: ParsedArguments,
  silences: number,
): Promise<number> {
  const values = new Values(parsed);
  const statements = values.text('execute');
  const atTerminal = process.stdin.isTTY && io.stdout.isTerminal && !values.on('batch');
  const interactive = statements === undefined && atTerminal;
  const login = await loginOf(io, given, parsed, values);
  const connection = await login();
  const interrupts = new Interrupts(connection, login, (line) => io.stderr.write(Buffer.from(line)));
  const silent = (atTerminal ? 0 : 1) + silences;
  const layout = layoutOf(values, silent, given.verbose);
  const output = new ClientOutput(io);
  const columnNames = !values.on('skip-column-names');
  const client = new SqlClient(connection, output, {
    layout,
    columnNames,
    // As with mysql: silence takes the names off what stands between tabs.
    batchColumnNames: columnNames && silent < 2,
    raw: values.on('raw'),
    binaryAsHex: values.switch('binary-as-hex') ?? atTerminal,
    force: values.on('force'),
    silent: silent > 0,
    verbose: given.verbose,
    showWarnings: values.on('show-warnings'),
    columnTypeInfo: values.on('column-type-info'),
    lineNumbers: !values.on('skip-line-numbers') && (values.switch('line-numbers') ?? true),
    interactive,
  } satisfies ClientOptions);
  client.schema = values.text('database') ?? parsed.positionals[0] ?? '';
  try {
    for (const statement of firstStatements(values)) await connection.query(statement);
    const file = values.text('tee');
    if (file !== undefined && interactive) output.tee(file);
    const delimiter = values.text('delimiter');
    if (interactive) {
      const { user = '', host = '', port = '' } = facts(values);
      await converse(client, connection, {
        output,
        interrupts,
        delimiter,
        silent: silent > 0,
        prompt: values.text('prompt') ?? 'rowlock> ',
        facts: { user, host, port, version: connection.serverVersion },
      });
    } else {
      interrupts.listen(() => client.isRunning);
      const lines = statements === undefined ? linesOfStream(process.stdin) : linesOf(latin1(statements));
      await client.runLines(lines, delimiter);
    }
    if (interactive ? silent === 0 : given.verbose > 1) output.say('Bye\n');
  } finally {
    interrupts.end();
    output.endTee();
    await connection.close();
  }
  return client.failed ? 1 : 0;
}

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

function facts(values: Values): { user?: string; host?: string; port?: string } {
  const [user, host] = [values.text('user'), values.text('host')];
  const port = values.number('port');
  return { ...(user && { user }), host: host ?? 'localhost', ...(port > 0 && { port: String(port) }) };
}

/** Statements before all others. */
function firstStatements(values: Values): string[] {
  const first = values.text('init-command');
  const added = values.text('init-command-add');
  const limits = `SQL_SELECT_LIMIT=${values.integer('select-limit')}, MAX_JOIN_SIZE=${values.integer('max-join-size')}`;
  return [
    ...(values.on('safe-updates') ? [`SET SQL_SAFE_UPDATES=1, ${limits}`] : []),
    ...(first === undefined ? [] : [first]),
    ...(added === undefined ? [] : [added]),
  ];
}

function layoutOf(values: Values, silent: number, verbose: number): ClientOptions['layout'] {
  if (values.on('html')) return 'html';
  if (values.on('xml')) return 'xml';
  if (values.on('vertical')) return 'vertical';
  return values.on('table') || silent === 0 || verbose > 2 ? 'table' : 'batch';
}

/** How to log in, as often as it is needed. A password is asked for once. */
async function loginOf(
  io: CommandIo,
  given: GivenOptions,
  parsed: ParsedArguments,
  values: Values,
): Promise<() => Promise<Connection>> {
  const remote = remoteOf({ dialect: DIALECT, env: io.env }, given, 'COM_BINLOG_DUMP', parsed, values);
  const password = remote.askPassword ? await askSecret('Enter password: ') : remote.password;
  const settings = connectSettings(
    { ...remote, password },
    {
      dialect: DIALECT,
      program: PROGRAM,
      cwd: io.cwd,
      warn: (line) => io.stderr.write(Buffer.from(`${line}\n`)),
      isFirst: true,
    },
  );
  const schema = values.text('database') ?? parsed.positionals[0];
  const seconds = values.number('connect-timeout');
  return () =>
    connect({
      ...settings,
      ...(schema === undefined ? {} : { schema }),
      ...(seconds === 0 ? {} : { connectTimeoutMs: seconds * 1000 }),
      attributes: { program_name: PROGRAM },
    });
}

function usage(): string {
  return helpText(resolveOptions(sqlOptionTable, DIALECT), {
    introduction: [
      `Usage: ${PROGRAM} [options] [schema]`,
      '',
      'A small client: runs statements from -e, from standard input or from a terminal.',
    ].join('\n'),
    closing: `Options are also read from the groups ${sqlOptionGroups.map((group) => `[${group}]`).join(' ')} of option files.`,
  });
}

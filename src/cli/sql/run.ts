import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { createInterface } from 'node:readline';
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
import { readHistory, writeHistory } from './history.ts';
import { sqlOptionGroups, sqlOptionTable, sqlSecrets } from './options.ts';
import { type ClientCommand, type SplitStatement, StatementSplitter } from './statement-splitter.ts';

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
    const parsed = parseArguments(resolveOptions(sqlOptionTable, DIALECT), words, {
      dialect: DIALECT,
      program: PROGRAM,
      warn: complain,
      onOption: (option) => given.accept(option),
    });
    if (given.action === 'help') say(usage());
    else if (given.action === 'version') say(`${PROGRAM} ${version}`);
    else return await talk(io, given, parsed);
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
    if (error.hint !== undefined) complain(error.hint);
    return 1;
  }
}

async function talk(io: CommandIo, given: GivenOptions, parsed: ParsedArguments): Promise<number> {
  const values = new Values(parsed);
  const statements = values.text('execute');
  const interactive = statements === undefined && process.stdin.isTTY && !values.on('batch');
  const connection = await open(io, given, parsed, values);
  const layout = layoutOf(values, interactive);
  // As with mysql: silence takes the names off what stands between tabs.
  const bare = values.on('skip-column-names') || (values.on('silent') && layout === 'batch');
  const client = new SqlClient(connection, io, {
    layout,
    columnNames: !bare,
    raw: values.on('raw'),
    force: values.on('force'),
    silent: values.on('silent'),
    showWarnings: values.on('show-warnings'),
    interactive,
  } satisfies ClientOptions);
  try {
    const first = values.text('init-command');
    if (first !== undefined) await connection.query(first);
    if (statements !== undefined) await runLines(client, statements.split('\n'));
    else if (interactive) await converse(client, connection, io, values.on('silent'));
    else await runLines(client, createInterface({ input: process.stdin }));
  } finally {
    await connection.close();
  }
  return client.failed ? 1 : 0;
}

function layoutOf(values: Values, interactive: boolean): ClientOptions['layout'] {
  if (values.on('vertical')) return 'vertical';
  return values.on('table') || interactive ? 'table' : 'batch';
}

async function open(
  io: CommandIo,
  given: GivenOptions,
  parsed: ParsedArguments,
  values: Values,
): Promise<Connection> {
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
  return connect({
    ...settings,
    ...(schema === undefined ? {} : { schema }),
    ...(seconds === 0 ? {} : { connectTimeoutMs: seconds * 1000 }),
    attributes: { program_name: PROGRAM },
  });
}

/** Statements of a text, until one fails. @returns as {@link SqlClient.run} */
async function runLines(
  client: SqlClient,
  lines: Iterable<string> | AsyncIterable<string>,
): Promise<boolean> {
  const splitter = new StatementSplitter();
  for await (const line of lines) {
    for (const item of splitter.push(line)) if (!(await runItem(client, item))) return false;
  }
  for (const item of splitter.finish()) if (!(await client.run(item))) return false;
  return true;
}

/** A statement, a command, or all of a file. */
async function runItem(client: SqlClient, item: SplitStatement | ClientCommand): Promise<boolean> {
  if (!('command' in item) || item.command !== 'source') return client.run(item);
  let text: string;
  try {
    text = readFileSync(item.file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return client.fail(item.line, `Failed to open file '${item.file}': ${reason}`);
  }
  return runLines(client, text.split('\n'));
}

/** A person types. */
async function converse(
  client: SqlClient,
  { serverVersion, connectionId }: Connection,
  io: CommandIo,
  silent: boolean,
): Promise<void> {
  if (!silent) {
    io.stdout.write(
      Buffer.from(
        `Connection ${connectionId} to ${serverVersion}. Statements end in ; or \\g. Type \\h for help.\n\n`,
      ),
    );
  }
  const home = homedir();
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    history: readHistory(home),
    historySize: 500,
    removeHistoryDuplicates: true,
  });
  const splitter = new StatementSplitter();
  const prompt = (): void => {
    lines.setPrompt(splitter.pending ? '      -> ' : 'rowlock> ');
    lines.prompt();
  };
  let kept: readonly string[] = [];
  lines.on('history', (history) => {
    kept = [...history];
  });
  let isRunning = false;
  lines.on('SIGINT', () => {
    // While a statement runs, it is the last one.
    if (isRunning) {
      lines.close();
      return;
    }
    // As with mysql: what was typed is forgotten.
    splitter.clear();
    lines.write(null, { ctrl: true, name: 'e' });
    lines.write(null, { ctrl: true, name: 'u' });
    io.stdout.write(Buffer.from('^C\n'));
    prompt();
  });
  prompt();
  try {
    for await (const line of lines) {
      isRunning = true;
      for (const item of splitter.push(line)) if (!(await runItem(client, item))) return;
      isRunning = false;
      prompt();
    }
    io.stdout.write(Buffer.from('\n'));
  } finally {
    lines.close();
    if (kept.length > 0) writeHistory(home, kept);
  }
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

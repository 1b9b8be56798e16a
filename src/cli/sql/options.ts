import type { OptionDefinition, OptionType } from '../../options/index.ts';
import { connectionOptions } from '../connection-options.ts';

const OUTPUT = 'Statements and output';

function flag(name: string, help: string, short?: string): OptionDefinition {
  const type: OptionType = { kind: 'bool', default: false };
  return {
    name,
    argument: 'none',
    type,
    owner: 'both',
    section: OUTPUT,
    help,
    ...(short === undefined ? {} : { short }),
  };
}

function text(name: string, short: string | undefined, placeholder: string, help: string): OptionDefinition {
  return {
    name,
    ...(short === undefined ? {} : { short }),
    argument: 'required',
    type: { kind: 'string' },
    owner: 'both',
    section: OUTPUT,
    placeholder,
    help,
  };
}

function limit(name: string, preset: bigint, help: string): OptionDefinition {
  const type: OptionType = { kind: 'unsigned', bits: 64, default: preset, min: 1n };
  return { name, argument: 'required', type, owner: 'both', section: OUTPUT, placeholder: 'ROWS', help };
}

/** What mysql takes, and this client does by itself or has no use for: scripts and option files name them. */
const NOT_NEEDED: readonly (readonly [name: string, short: string | undefined])[] = [
  ['no-auto-rehash', 'A'],
  ['comments', 'c'],
  ['quick', 'q'],
  ['unbuffered', 'n'],
  ['line-numbers', undefined],
];

/** Options of `rowlock sql`, named as the mysql client names them. */
export const sqlOptionTable: readonly OptionDefinition[] = [
  {
    name: 'help',
    short: '?',
    argument: 'none',
    type: { kind: 'flag' },
    owner: 'both',
    section: 'General',
    help: 'Print this and exit.',
  },
  {
    name: 'version',
    short: 'V',
    argument: 'none',
    type: { kind: 'flag' },
    owner: 'both',
    section: 'General',
    help: 'Print the version and exit.',
  },
  text('execute', 'e', 'SQL', 'Run these statements and exit.'),
  text('database', 'D', 'SCHEMA', 'The schema to use.'),
  flag('table', 'Tables, also where the output is not a terminal.', 't'),
  flag('batch', 'Values between tabs, also on a terminal; no history.', 'B'),
  flag('vertical', 'A line for each value.', 'E'),
  flag('html', 'HTML tables.', 'H'),
  flag('xml', 'XML, a document for each statement.', 'X'),
  {
    name: 'verbose',
    short: 'v',
    argument: 'none',
    type: { kind: 'flag' },
    owner: 'both',
    section: OUTPUT,
    help: 'Show statements. Twice: with counts of rows. Three times: with times, and in tables.',
  },
  flag('column-type-info', 'What the server says of each column, in tables and with -E.'),
  { ...flag('binary-as-hex', 'Bytes that are no text as 0x….'), type: { kind: 'bool', default: false } },
  flag('skip-column-names', 'Leave the column names out.', 'N'),
  flag('raw', 'Do not escape control characters in batch output.', 'r'),
  flag('force', 'Go on after an error.', 'f'),
  flag(
    'silent',
    'No row counts, no greeting, values between tabs. Twice, or once where there is no terminal: no column names there.',
    's',
  ),
  flag('show-warnings', 'Show the warnings of each statement behind it.'),
  flag('skip-line-numbers', 'Errors do not say on which line.', 'L'),
  text('init-command', undefined, 'SQL', 'A statement to begin with.'),
  text('init-command-add', undefined, 'SQL', 'Another one behind it.'),
  text('delimiter', undefined, 'TEXT', 'What ends a statement, in place of a semicolon.'),
  text('prompt', undefined, 'TEXT', "The prompt, with mysql's escapes: \\u@\\h [\\d]>\\_"),
  text('tee', undefined, 'FILE', 'Append what is shown at a terminal to this file, too.'),
  flag('safe-updates', 'SQL_SAFE_UPDATES, with the two limits below.', 'U'),
  limit('select-limit', 1000n, 'SQL_SELECT_LIMIT of --safe-updates.'),
  limit('max-join-size', 1_000_000n, 'MAX_JOIN_SIZE of --safe-updates.'),
  text(
    'default-character-set',
    undefined,
    'NAME',
    'Taken for the sake of mysql: this client writes and reads UTF-8.',
  ),
  {
    name: 'connect-timeout',
    argument: 'required',
    type: { kind: 'unsigned', bits: 32, default: 0n, min: 0n, max: 31_536_000n },
    owner: 'both',
    section: OUTPUT,
    placeholder: 'SECONDS',
    help: 'How long to wait for the connection; 0: as long as it takes.',
  },
  ...NOT_NEEDED.map(([name, short]) => flag(name, 'Accepted and not needed.', short)),
  ...connectionOptions,
];

/** Groups of option files that are read. */
export const sqlOptionGroups: readonly string[] = ['client', 'rowlock-sql'];

/** Values --print-defaults does not show. */
export const sqlSecrets: ReadonlySet<string> = new Set(
  sqlOptionTable.filter(({ secret }) => secret === true).map(({ name }) => name),
);

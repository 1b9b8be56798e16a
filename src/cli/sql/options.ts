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

function text(name: string, short: string, placeholder: string, help: string): OptionDefinition {
  return {
    name,
    short,
    argument: 'required',
    type: { kind: 'string' },
    owner: 'both',
    section: OUTPUT,
    placeholder,
    help,
  };
}

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
  flag('skip-column-names', 'Leave the column names out.', 'N'),
  flag('raw', 'Do not escape control characters in batch output.', 'r'),
  flag('force', 'Go on after an error.', 'f'),
  flag('silent', 'No row counts and no greeting; no column names where values stand between tabs.', 's'),
  ...connectionOptions,
];

/** Groups of option files that are read. */
export const sqlOptionGroups: readonly string[] = ['client', 'rowlock-sql'];

/** Values --print-defaults does not show. */
export const sqlSecrets: ReadonlySet<string> = new Set(
  sqlOptionTable.filter(({ secret }) => secret === true).map(({ name }) => name),
);

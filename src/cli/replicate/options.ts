import type { OptionDefinition, OptionType } from '../../options/index.ts';
import { remoteOptions } from '../binlog/options/remote-options.ts';
import { connectionOptions as reachOptions } from '../connection-options.ts';

const SECTIONS = {
  work: 'What goes where',
  filters: 'What is left out',
  general: 'General',
} as const;
type Section = keyof typeof SECTIONS;

/** How to reach a server. */
export const connectionOptions: readonly OptionDefinition[] = [
  ...remoteOptions.filter(({ name }) => name === 'connection-server-id'),
  ...reachOptions,
];

/** What a URL may say behind its question mark: how to connect, but not to whom. */
export const urlOptions: ReadonlySet<string> = new Set(
  connectionOptions
    .map(({ name }) => name)
    .filter((name) => !['connection-server-id', 'host', 'port', 'user', 'password'].includes(name)),
);

const text: OptionType = { kind: 'string' };
const flagType: OptionType = { kind: 'flag' };
const off: OptionType = { kind: 'bool', default: false };

function option(
  section: Section,
  name: string,
  type: OptionType,
  placeholder: string,
  help: string,
  short?: string,
): OptionDefinition {
  return {
    name,
    argument: type.kind === 'bool' || type.kind === 'flag' ? 'none' : 'required',
    type,
    owner: 'both',
    section: SECTIONS[section],
    placeholder,
    help,
    ...(short === undefined ? {} : { short }),
  };
}

/** Options of `rowlock replicate`. Filters are named as mysqld names them. */
export const replicateOptionTable: readonly OptionDefinition[] = [
  option('general', 'help', flagType, '', 'Print this and exit.', '?'),
  option('general', 'version', flagType, '', 'Print the version and exit.', 'V'),
  option('general', 'silent', off, '', 'Say nothing but errors.', 's'),
  option(
    'work',
    'source',
    text,
    'URL',
    'mysql://user@host:port?ssl-mode=VERIFY_CA&ssl-ca=FILE, or mariadb://…: any option about the connection may stand behind the question mark. ' +
      'The same as --host, --port, --user and so on.',
  ),
  option(
    'work',
    'target',
    text,
    'URL',
    'Where the rows go: sqlite:FOLDER or the path of a folder, which gets a database file a schema; or mysql://…, mariadb://…, ' +
      'whose password may stand in the group [rowlock-target] of an option file.',
  ),
  option(
    'work',
    'channel',
    { kind: 'string', default: '' },
    'NAME',
    'Name under which the target keeps its position; for several sources into one target.',
  ),
  option(
    'work',
    'from',
    { kind: 'string', default: 'beginning' },
    'PLACE',
    'Where to begin while the target has no position: beginning, now, FILE:POSITION, or the GTIDs that the target has already.',
  ),
  option(
    'work',
    'from-dump',
    text,
    'FILE',
    'Load this dump of mysqldump or mariadb-dump into SQLite first, and go on from where it was taken; gzip is fine, - is standard input. ' +
      'Counts while the target has no position.',
  ),
  option(
    'work',
    'start-from-dump',
    text,
    'FILE',
    'Begin where this dump was taken: whoever made the target has loaded it. The folder, for a dump of MySQL Shell.',
  ),
  option('work', 'stop-at-end', off, '', 'End at the end of the source’s log instead of waiting for more.'),
  option('work', 'until-before-gtids', text, 'GTIDS', 'End before the first of these transactions.'),
  option('work', 'until-after-gtids', text, 'GTIDS', 'End when all of these are applied.'),
  option(
    'work',
    'until-position',
    text,
    'FILE:POSITION',
    'End at the first transaction that begins or ends here, or later.',
  ),
  option(
    'work',
    'pass-over',
    text,
    'TRANSACTION',
    'Do without this transaction, named by its GTID or by the FILE:POSITION of an event in it, as an error says it; may be given several times.',
  ),
  option(
    'work',
    'on-conflict',
    { kind: 'choice', values: ['stop', 'skip', 'overwrite'], default: 'stop' },
    'RULE',
    'What to do where a row of the target is not as the source had it.',
  ),
  option(
    'work',
    'keep-gtids',
    { kind: 'bool', default: true },
    '',
    'Whether transactions keep their GTIDs in a server. If not given, where the server and the account allow it. Without ' +
      '(--skip-keep-gtids), many share a commit.',
  ),
  option(
    'work',
    'parallel-workers',
    { kind: 'unsigned', bits: 32, default: 4n, min: 1n, max: 64n },
    'N',
    'Sessions that apply to a server side by side, where GTIDs are kept (replica_parallel_workers).',
  ),
  option(
    'work',
    'preserve-commit-order',
    { kind: 'bool', default: true },
    '',
    'Commit in the order of the source (replica_preserve_commit_order). --skip-preserve-commit-order lets MySQL commit together what does ' +
      'not depend on each other.',
  ),
  option(
    'work',
    'require-row-format',
    off,
    '',
    'Stop at everything that is not rows or a definition, as REQUIRE_ROW_FORMAT does, and at what could pass for one.',
  ),
  {
    ...option(
      'work',
      'reconnect',
      text,
      'N',
      'Attempts in a row to reach a source or a target that is lost, with pauses of a quarter of a second to 30 seconds; 0: none. 60 if not given, about half an hour.',
    ),
  },
  option(
    'filters',
    'replicate-do-db',
    text,
    'SCHEMA',
    'Only this schema; may be given several times, as all of these.',
  ),
  option('filters', 'replicate-ignore-db', text, 'SCHEMA', 'Not this schema.'),
  option('filters', 'replicate-do-table', text, 'SCHEMA.TABLE', 'Only this table.'),
  option('filters', 'replicate-ignore-table', text, 'SCHEMA.TABLE', 'Not this table.'),
  option(
    'filters',
    'replicate-wild-do-table',
    text,
    'PATTERN',
    'Only tables like this: % is any text, _ any character.',
  ),
  option('filters', 'replicate-wild-ignore-table', text, 'PATTERN', 'Not tables like this.'),
  option(
    'filters',
    'replicate-rewrite-db',
    text,
    'FROM->TO',
    'What is in schema FROM goes into schema TO; filters see TO.',
  ),
  ...connectionOptions,
];

/** Groups of option files that are read. */
export const replicateOptionGroups: readonly string[] = ['client', 'rowlock-replicate'];

/** Values --print-defaults does not show. */
export const replicateSecrets: ReadonlySet<string> = new Set(
  replicateOptionTable.filter(({ secret }) => secret === true).map(({ name }) => name),
);

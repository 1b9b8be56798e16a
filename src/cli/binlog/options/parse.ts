import {
  type DefaultsSurroundings,
  type Dialect,
  loadDefaults,
  parseArguments,
  printedDefaults,
  type WarningSink,
} from '../../../options/index.ts';
import { assemble } from './assemble.ts';
import type { BinlogOptions } from './binlog-options.ts';
import { checkTogether, type GtidSetCheck } from './checks.ts';
import { GivenOptions } from './given-options.ts';
import { binlogOptionGroups, binlogOptionsFor, binlogOptionTable } from './table.ts';
import { filePosition, Values } from './values.ts';

export interface BinlogCommandLine {
  readonly dialect: Dialect;
  /** The name the program was started by, without folders; messages begin with it. */
  readonly program: string;
  /** Words after the program's name (and after `binlog`). */
  readonly argv: readonly string[];
  readonly env: DefaultsSurroundings['env'];
  readonly home: string | undefined;
  readonly workingDirectory: string;
  /** Folders of the system's option files, where they are not the usual ones. */
  readonly systemFolders?: readonly string[];
  readonly warn: WarningSink;
  readonly checkGtidSet: GtidSetCheck;
  /**
   * Opens --result-file for writing (not with --raw), at the moment the real programs do; throw an OptionError
   * where that fails.
   */
  readonly openResult?: (file: string) => void;
}

/** What the command has to do. */
export type BinlogRequest =
  | { readonly action: 'run'; readonly options: BinlogOptions }
  /** Exit status 0; 1 when mysqlbinlog shows its usage because there is no log. */
  | { readonly action: 'help'; readonly exitStatus: 0 | 1 }
  | { readonly action: 'version' }
  /** Print these lines and exit 0. */
  | { readonly action: 'printDefaults'; readonly lines: readonly string[] };

/** They make a copy of logs one that lives. */
const ARCHIVE_OPTIONS = ['resume', 'reconnect', 'expire-logs'];

const secretNames: ReadonlySet<string> = new Set(
  binlogOptionTable.filter(({ secret }) => secret === true).map(({ name }) => name),
);

/**
 * Reads option files and command line and checks them as mysqlbinlog or mariadb-binlog would.
 *
 * @throws OptionError with the lines for standard error and the exit status.
 */
export function parseBinlogCommandLine(line: BinlogCommandLine): BinlogRequest {
  const { dialect, program, warn } = line;
  const { words, printDefaults } = loadDefaults({ ...line, groups: binlogOptionGroups[dialect] });
  if (printDefaults) return { action: 'printDefaults', lines: printedDefaults(program, words, secretNames) };

  const given = new GivenOptions(dialect, warn, line.env);
  const parsed = parseArguments(binlogOptionsFor(dialect), words, {
    dialect,
    program,
    warn,
    onOption: (option) => given.accept(option),
  });
  if (given.action === 'help') return { action: 'help', exitStatus: 0 };
  if (given.action === 'version') return { action: 'version' };
  if (parsed.positionals.length === 0 && dialect === 'mysql') return { action: 'help', exitStatus: 1 };

  const values = new Values(parsed);
  checkTogether(dialect, {
    given,
    warn,
    checkGtidSet: line.checkGtidSet,
    openResult: () => {
      const file = values.text('result-file');
      if (file !== undefined) line.openResult?.(file);
    },
    values: {
      logs: parsed.positionals,
      raw: values.on('raw'),
      json: values.text('json') !== undefined,
      database: parsed.given.has('database'),
      stopPositionGiven:
        filePosition(given.stopPosition ?? values.position('stop-position')) !== undefined ||
        given.stopGtids !== undefined,
      startPosition: given.startPosition ?? values.position('start-position'),
      includeGtids: values.text('include-gtids'),
      excludeGtids: values.text('exclude-gtids'),
      stopNever: values.on('stop-never'),
      connectionServerId: values.integer('connection-server-id'),
      stopNeverSlaveServerId: values.integer('stop-never-slave-server-id'),
      gtidStrictMode: values.on('gtid-strict-mode'),
      archiveOptions: ARCHIVE_OPTIONS.filter((name) => parsed.given.has(name)),
    },
  });
  return { action: 'run', options: assemble(line, given, parsed, values) };
}

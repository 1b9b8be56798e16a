import { type Dialect, OptionError, type WarningSink } from '../../../options/index.ts';
import type { GivenOptions } from './given-options.ts';
import { formatPositionGtid } from './mariadb-lists.ts';
import { LAST_REMOTE_POSITION } from './values.ts';

/** What the checks look at besides {@link GivenOptions}. */
export interface CheckedValues {
  readonly logs: readonly string[];
  readonly raw: boolean;
  readonly json: boolean;
  readonly database: boolean;
  readonly stopPositionGiven: boolean;
  /** Bytes; undefined where GTIDs were given. */
  readonly startPosition: bigint | undefined;
  readonly includeGtids: string | undefined;
  readonly excludeGtids: string | undefined;
  readonly stopNever: boolean;
  /** -1: not given. */
  readonly connectionServerId: bigint;
  readonly stopNeverSlaveServerId: bigint;
  readonly gtidStrictMode: boolean;
  /** --resume, --reconnect and --expire-logs, as far as they were given. */
  readonly archiveOptions: readonly string[];
}

/** Says what is wrong with a MySQL GTID set, or undefined. Its text follows `Could not configure --x-gtids '…': `. */
export type GtidSetCheck = (text: string) => string | undefined;

export interface CheckSurroundings {
  readonly given: GivenOptions;
  readonly values: CheckedValues;
  readonly warn: WarningSink;
  readonly checkGtidSet: GtidSetCheck;
  /** Opens the result file: the real programs do so between two checks. */
  readonly openResult: () => void;
}

function refuse(...lines: readonly string[]): never {
  throw new OptionError(
    lines.map((line) => `ERROR: ${line}`),
    1,
  );
}

function checkGtidSets({ values, checkGtidSet }: CheckSurroundings): void {
  for (const [option, text] of [
    ['--include-gtids', values.includeGtids],
    ['--exclude-gtids', values.excludeGtids],
  ] as const) {
    if (text === undefined) continue;
    const problem = checkGtidSet(text);
    if (problem !== undefined) refuse(`Could not configure ${option} '${text}': ${problem}`);
  }
}

/** mysqlbinlog's `args_post_process`, in its order. */
function checkMysql(surroundings: CheckSurroundings): void {
  const { given, values, warn, openResult } = surroundings;
  if (values.logs.length === 1 && values.logs[0] === '-' && values.stopPositionGiven)
    refuse('stop_position not allowed when input is STDIN');
  if (given.remoteAlias && given.dump !== 'COM_BINLOG_DUMP')
    refuse(
      'The option read-from-remote-server cannot be used when read-from-remote-source is defined and is not equal to ' +
        'BINLOG-DUMP-NON-GTIDS',
    );
  if (given.dump !== undefined && (values.startPosition ?? 0n) > LAST_REMOTE_POSITION)
    refuse(
      'The option --start-position cannot be used with values greater than 4 GiB (4294967854), when one of ' +
        'read-from-remote-server or read-from-remote-source is used.',
    );
  if (values.raw) {
    if (values.database) warn('WARNING: The --database option is ignored with --raw mode');
    if (given.dump === undefined)
      refuse('The --raw flag requires one of --read-from-remote-source or --read-from-remote-server');
    if (values.includeGtids !== undefined) refuse('You cannot use --include-gtids and --raw together.');
    if (given.dump === 'COM_BINLOG_DUMP' && values.excludeGtids !== undefined)
      refuse(
        'You cannot use both of --exclude-gtids and --raw together with one of --read-from-remote-server or ' +
          '--read-from-remote-source=BINLOG-DUMP-NON-GTID.',
      );
    if (values.stopPositionGiven) warn('WARNING: The --stop-position option is ignored in raw mode');
    if (given.stopTimestamp !== undefined) warn('WARNING: The --stop-datetime option is ignored in raw mode');
  } else openResult();
  checkGtidSets(surroundings);
  // These two are called errors, but the real program goes on.
  if (values.connectionServerId === 0n && values.stopNever)
    warn('ERROR: Cannot set --server-id=0 when --stop-never is specified.');
  if (values.connectionServerId !== -1n && values.stopNeverSlaveServerId !== -1n)
    warn(
      `ERROR: Cannot set --connection-server-id= ${values.connectionServerId} and` +
        `--stop-never-slave-server-id= ${values.stopNeverSlaveServerId}. `,
    );
}

/** mariadb-binlog checks a range of GTIDs before it looks whether there are logs at all. */
function checkMariadbRange({ given, values }: CheckSurroundings): void {
  if (!values.gtidStrictMode) return;
  for (const start of given.startGtids ?? []) {
    const stop = given.stopGtids?.find((gtid) => gtid.domainId === start.domainId);
    if (stop !== undefined && stop.sequence < start.sequence)
      refuse(
        `Queried GTID range is invalid in strict mode. Stop position ${formatPositionGtid(stop)} is not greater than ` +
          `or equal to start ${formatPositionGtid(start)}.`,
      );
  }
}

function checkMariadb(surroundings: CheckSurroundings): void {
  const { given, values, warn, openResult } = surroundings;
  const { startPosition } = values;
  if (given.dump !== undefined && startPosition !== undefined && startPosition > LAST_REMOTE_POSITION)
    warn(
      `Warning: option 'start-position': unsigned value ${startPosition} adjusted to 4294967295 ` +
        '(limitation of the client-server protocol)',
    );
  if (values.logs.length === 0)
    refuse("Please provide the log file(s). Run with '--help' for usage instructions.");
  if (values.raw) {
    if (given.flashback) refuse('The --raw mode is not allowed with --flashback mode');
    if (given.dump === undefined) refuse('The --raw mode only works with --read-from-remote-server');
    if (values.database) warn('WARNING: The --database option is ignored in raw mode');
    if (values.stopPositionGiven) warn('WARNING: The --stop-position option is ignored in raw mode');
    if (given.stopTimestamp !== undefined) warn('WARNING: The --stop-datetime option is ignored in raw mode');
  } else openResult();
  checkGtidSets(surroundings);
}

/** Conflicts of options that only one of the two real programs has, or none; both dialects refuse them alike. */
function checkOurs({ given, values }: CheckSurroundings): void {
  if (values.json && values.raw) refuse('You cannot use --json and --raw together.');
  if (values.json && given.flashback) refuse('You cannot use --json and --flashback together.');
  const [archiveOption] = values.archiveOptions;
  if (archiveOption !== undefined && !values.raw)
    refuse(`The option --${archiveOption} can only be used with --raw.`);
  if (archiveOption !== undefined && values.logs.length > 1)
    refuse(
      `The option --${archiveOption} takes one log: the first to copy. Those that follow it come by themselves.`,
    );
  if (archiveOption !== undefined && given.rewrites.length > 0)
    refuse(
      `The option --${archiveOption} cannot be used with --rewrite-db: an archive is what its source has.`,
    );
  if (values.raw && given.flashback) refuse('The --raw mode is not allowed with --flashback mode');
  // What undoes a log begins with its end; a file has one.
  if (values.stopNever && given.dump !== undefined && given.flashback)
    refuse('You cannot use --stop-never and --flashback together.');
}

/**
 * Checks options against each other, in the order, with the texts and the exit status of the real program.
 *
 * @throws OptionError
 */
export function checkTogether(dialect: Dialect, surroundings: CheckSurroundings): void {
  if (dialect === 'mysql') {
    checkMysql(surroundings);
    checkMariadbRange(surroundings);
  } else {
    checkMariadbRange(surroundings);
    checkMariadb(surroundings);
  }
  checkOurs(surroundings);
}

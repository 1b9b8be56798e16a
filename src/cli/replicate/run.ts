import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Flavor } from '../../charset/index.ts';
import { type Connection, type ConnectOptions, connect } from '../../connection/index.ts';
import { RowlockError } from '../../errors/index.ts';
import {
  helpText,
  loadDefaults,
  OptionError,
  parseArguments,
  printedDefaults,
  resolveOptions,
} from '../../options/index.ts';
import type { SourcePosition, StartPoint } from '../../replication/index.ts';
import { makeTarget, parseTargetUrl, Replication, SourceTables, type TargetUrl } from '../../target/index.ts';
import { remoteOf } from '../binlog/options/assemble.ts';
import { GivenOptions } from '../binlog/options/given-options.ts';
import { Values } from '../binlog/options/values.ts';
import { askSecret } from '../binlog/remote/ask-secret.ts';
import { connectSettings } from '../binlog/remote/connect-settings.ts';
import { onSignal } from '../binlog/signals.ts';
import type { CommandIo } from '../command-io.ts';
import { diskFailure } from '../disk-failure.ts';
import { withoutSecrets } from '../hide-secrets.ts';
import { version } from '../version.ts';
import { startAt } from './dump.ts';
import { replicateOptionGroups, replicateOptionTable, replicateSecrets } from './options.ts';
import { placeText, Report } from './report.ts';
import { GivenFilters, GivenTransactions, type ReplicateSettings, readSettings } from './settings.ts';
import { spellOutSource } from './source-url.ts';
import { targetServer } from './target-server.ts';

const PROGRAM = 'rowlock replicate';
const DIALECT = 'mysql';

interface Request {
  readonly settings: ReplicateSettings;
  readonly source: ConnectOptions;
  readonly serverId: number;
}

/**
 * Runs `rowlock replicate`. Returns the exit status: 0 at the end that was asked for, 1 after an error, 128 and the signal's number where
 * one ended it; what was applied is safe each time.
 */
export async function runReplicate(io: CommandIo): Promise<number> {
  const say = (line: string): void => io.stdout.write(Buffer.from(`${line}\n`));
  const complain = (line: string): void => io.stderr.write(Buffer.from(`${line}\n`));
  try {
    const request = await readRequest(io, say, complain);
    return request === undefined ? 0 : await replicate(request, io);
  } catch (error) {
    if (error instanceof OptionError) {
      for (const line of error.lines) complain(line);
      return error.exitStatus;
    }
    const failure = error instanceof RowlockError ? error : diskFailure(error);
    if (failure === undefined) throw error;
    for (const line of failureLines(failure)) complain(line);
    return 1;
  }
}

/** `ERROR 1062: binlog.000001:4711 WRITE_ROWS_EVENT a.t: Duplicate entry …`, and what to do. */
export function failureLines(error: RowlockError): string[] {
  const { errno } = error as { errno?: number };
  const number = errno === undefined ? '' : ` ${errno}`;
  return [
    `${PROGRAM}: ERROR${number}: ${error.describe()}`,
    ...(error.hint === undefined ? [] : error.hint.split('\n').map((line) => `hint: ${line}`)),
  ];
}

/** Undefined: there was nothing to do but to print. */
async function readRequest(
  io: CommandIo,
  say: (line: string) => void,
  complain: (line: string) => void,
): Promise<Request | undefined> {
  const loaded = loadDefaults({
    dialect: DIALECT,
    program: PROGRAM,
    groups: replicateOptionGroups,
    argv: io.argv,
    env: io.env,
    home: homedir(),
    workingDirectory: io.cwd,
    warn: complain,
  });
  if (loaded.printDefaults) {
    const texts = withoutSecrets(loaded.words.map(({ text }) => text));
    const words = loaded.words.map((word, at) => ({ ...word, text: texts[at]! }));
    for (const line of printedDefaults(PROGRAM, words, replicateSecrets)) say(line);
    return undefined;
  }
  const given = new GivenOptions(DIALECT, complain);
  const filters = new GivenFilters();
  const transactions = new GivenTransactions();
  const parsed = parseArguments(resolveOptions(replicateOptionTable, DIALECT), spellOutSource(loaded.words), {
    dialect: DIALECT,
    program: PROGRAM,
    warn: complain,
    onOption: (option) => {
      const text = String(option.value ?? '');
      filters.accept(option.option.name, text);
      transactions.accept(option.option.name, text);
      return given.accept(option);
    },
  });
  if (given.action === 'help') say(usage());
  else if (given.action === 'version') say(`${PROGRAM} ${version}`);
  if (given.action !== 'run') return undefined;
  if (parsed.positionals.length > 0)
    throw new OptionError([`${PROGRAM}: too many arguments (first extra is '${parsed.positionals[0]}')`], 1);
  const values = new Values(parsed);
  const settings = readSettings(values, filters, transactions.names, given.reconnect);
  const remote = remoteOf({ dialect: DIALECT, env: io.env }, given, 'COM_BINLOG_DUMP', parsed, values);
  const password = remote.askPassword ? await askSecret('Enter password: ') : remote.password;
  const surroundings = {
    dialect: DIALECT,
    program: PROGRAM,
    cwd: io.cwd,
    warn: complain,
    isFirst: true,
  } as const;
  return {
    settings,
    source: connectSettings({ ...remote, password }, surroundings),
    serverId: remote.serverId,
  };
}

async function replicate({ settings, source, serverId }: Request, io: CommandIo): Promise<number> {
  const report = new Report(io.stderr, PROGRAM, settings.silent);
  const url = located(parseTargetUrl(settings.target), io.cwd);
  let flavor: Flavor = 'mysql';
  const tables = new SourceTables(source);
  const warn = (line: string): void => io.stderr.write(Buffer.from(`${line}\n`));
  const server = url.kind === 'server' ? targetServer(settings.target, io, warn) : undefined;
  /** Whoever ends us does not wait for a target that does not answer; one that is open gets to its end in order. */
  const opening = new AbortController();
  let isOpen = false;
  // What answers queries is large, and a server works out its columns itself.
  const expressions =
    url.kind === 'sqlite' ? (await import('../../relay/index.ts')).storedExpressions : undefined;
  const target = makeTarget(url, {
    ...(server === undefined ? {} : { server: async () => ({ ...server, signal: opening.signal }) }),
    flavor: () => flavor,
    conflicts: settings.conflicts,
    sessions: settings.sessions,
    onConflict: (conflict) => report.conflict(conflict, settings.conflicts),
    lookUp: tables.renamed(settings.filters.rewriteDb),
    ...(expressions === undefined ? {} : { expressions }),
  });
  const start = await startAt(settings, url, io, report, expressions);
  let attempts = 0;
  const replication = new Replication({
    target,
    channel: settings.channel,
    connection: async (signal) => {
      isOpen = true;
      const connection = await connect({ ...source, signal });
      attempts += 1;
      flavor = /mariadb/i.test(connection.serverVersion) ? 'mariadb' : 'mysql';
      report.say(greeting(connection, attempts));
      return connection;
    },
    start,
    stopAtEnd: settings.stopAtEnd,
    filters: settings.filters,
    requireRowFormat: settings.requireRowFormat,
    passOver: settings.passOver,
    onPassOver: (place, gtid) =>
      report.say(`passed over the transaction ${placeText(place)}${gtid === undefined ? '' : ` (${gtid})`}`),
    ...(settings.until === undefined ? {} : { until: settings.until }),
    ...(serverId > 0 ? { identity: { serverId } } : {}),
    retry: settings.reconnect === 0 ? false : { attempts: settings.reconnect },
    onRetry: (retry) => report.retry('source', retry),
    onTargetRetry: (retry) => {
      isOpen = false;
      report.retry('target', retry);
    },
    onBegin: (position, isResumed) => report.say(beginning(position, isResumed, start)),
  });
  let signalled = 0;
  const release = onSignal((exitStatus) => {
    signalled = exitStatus;
    if (!isOpen) opening.abort();
    replication.stop();
  });
  report.begin(() => replication.progress);
  try {
    await replication.run().catch((error: unknown) => {
      if (!opening.signal.aborted) throw error;
    });
    report.end();
    report.say(ending(replication, signalled, report.conflicts));
    return signalled;
  } finally {
    report.end();
    release();
    await target.close();
    await tables.close();
  }
}

const located = (url: TargetUrl, cwd: string): TargetUrl =>
  url.kind === 'sqlite' ? { ...url, folder: resolve(cwd, url.folder) } : url;

function greeting({ serverVersion, tls }: Connection, attempts: number): string {
  const protection = tls === undefined ? 'without TLS' : tls.protocol;
  return `${attempts === 1 ? 'connected' : 'connected again'} to ${serverVersion} (${protection})`;
}

function beginning(position: SourcePosition, isResumed: boolean, start: StartPoint): string {
  const { file } = position;
  const place = placeText(position);
  if (isResumed) return `goes on ${place}`;
  const isPurged = start === 'beginning' && file !== undefined && !/\.0*1$/.test(file);
  return isPurged
    ? `begins ${place}: older logs are gone, so tables hold only what was changed since`
    : `begins ${place}`;
}

function ending({ progress, isComplete }: Replication, signalled: number, conflicts: number): string {
  const { transactions, file, position } = progress;
  const why =
    signalled > 0
      ? 'ended by a signal'
      : isComplete
        ? 'ended where it was told to'
        : 'ended with the source’s log';
  const place = file === '' ? '' : `, at ${file}:${position}`;
  const odd = conflicts === 0 ? '' : `, ${conflicts} rows in conflict`;
  return `${why}${place}; ${transactions} transactions applied${odd}`;
}

function usage(): string {
  return helpText(resolveOptions(replicateOptionTable, DIALECT), {
    introduction: [
      `Usage: ${PROGRAM} --source=URL --target=URL [OPTION…]`,
      '',
      'Applies the row changes of a server to a target, in the foreground, exactly once: it goes on where the target stands.',
    ].join('\n'),
    closing: [
      `Options are also read from the groups ${replicateOptionGroups.map((group) => `[${group}]`).join(' ')} of option files.`,
      'The account needs REPLICATION SLAVE, SELECT on tables that are older than the log, and REPLICATION CLIENT for --from=now.',
    ].join('\n'),
  });
}

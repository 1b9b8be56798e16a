import { homedir } from 'node:os';
import { RowlockError } from '../../errors/index.ts';
import { helpText, OptionError, printedDefaults, resolveOptions } from '../../options/index.ts';
import {
  bindAddresses,
  cannotListen,
  type OpenedStreams,
  openRelay,
  openStreams,
  type RunningRelay,
} from '../../relay/index.ts';
import type { WatchServer } from '../../web/index.ts';
import type { CommandIo } from '../command-io.ts';
import { diskFailure } from '../disk-failure.ts';
import { version } from '../version.ts';
import { openLog } from './log.ts';
import { relayOptionTable } from './options.ts';
import { type RelaySettings, readSettings } from './settings.ts';
import { startReader } from './start-reader.ts';

const PROGRAM = 'rowlock relay';

/** Signals and what they mean; tests give their own. */
export interface RelaySignals {
  /** Resolves with the name of the signal that ends the relay. */
  readonly end: Promise<string>;
  onReload(reload: () => void): void;
}

function processSignals(): RelaySignals {
  return {
    end: new Promise((resolve) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
    }),
    onReload: (reload) => void process.on('SIGHUP', reload),
  };
}

/** Runs `rowlock relay` until it is told to end. Returns the exit status. */
export async function runRelay(io: CommandIo, signals: RelaySignals = processSignals()): Promise<number> {
  const say = (line: string): void => io.stdout.write(Buffer.from(`${line}\n`));
  const complain = (line: string): void => io.stderr.write(Buffer.from(`${line}\n`));
  try {
    const settings = readSettings({
      program: PROGRAM,
      argv: io.argv,
      env: io.env,
      home: homedir(),
      workingDirectory: io.cwd,
      warn: complain,
    });
    if (settings.action === 'printDefaults') {
      for (const line of printedDefaults(PROGRAM, settings.words, new Set())) say(line);
      return 0;
    }
    if (settings.action === 'version') {
      say(`${PROGRAM} ${version}`);
      return 0;
    }
    if (settings.action === 'help') {
      say(usage());
      return 0;
    }
    return await serve(settings, io, signals, say);
  } catch (error) {
    if (error instanceof OptionError) {
      for (const line of error.lines) complain(line);
      return error.exitStatus;
    }
    const failure = error instanceof RowlockError ? error : diskFailure(error);
    if (failure === undefined) throw error;
    complain(`${PROGRAM}: ${failure.describe()}`);
    if (failure.hint !== undefined) complain(failure.hint);
    return 1;
  }
}

async function serve(
  settings: RelaySettings,
  io: CommandIo,
  signals: RelaySignals,
  say: (line: string) => void,
): Promise<number> {
  // Rows, accounts, keys: whatever library makes a file in the data folder, it is for its owner alone.
  process.umask(0o077);
  const log = openLog(settings);
  let shutdown = (): void => undefined;
  const asked = new Promise<string>((resolve) => {
    shutdown = () => resolve('SHUTDOWN');
  });
  let opened: OpenedStreams | undefined;
  const relay: RunningRelay = await openRelay({
    folder: settings.folder,
    flavor: settings.flavor,
    programVersion: version,
    variables: settings.variables,
    port: settings.port,
    bindAddress: settings.bindAddress,
    socket: settings.socket,
    logBin: settings.logBin,
    environment: io.env,
    openStreams: async (surroundings) => {
      opened = await openStreams(surroundings);
      return opened;
    },
    startReader: () => startReader(),
    audit: log,
    report: (error) => log.report(error),
    onShutdown: () => shutdown(),
    reopenLogs: () => log.reopen(),
    skipReplicaStart: settings.skipReplicaStart,
  });
  signals.onReload(() => {
    log.reopen();
    void relay.reloadTls().catch((error: unknown) => log.report(error));
  });
  const watchers = await watch(settings, relay, opened!).catch(async (error: unknown) => {
    await relay.close();
    throw error;
  });
  try {
    say(
      `${PROGRAM}: ready for connections. port: ${relay.port} socket: ${relay.socket} data: ${relay.folder}`,
    );
    const reason = await Promise.race([signals.end, asked]);
    log.info(`ending: ${reason}`);
  } finally {
    await watchers?.close();
    await relay.close();
  }
  return 0;
}

/** Answers probes where a port is given for them. Prometheus' client is loaded for nobody else. */
async function watch(
  { httpPort, bindAddress }: RelaySettings,
  { context }: RunningRelay,
  streams: OpenedStreams,
): Promise<WatchServer | undefined> {
  if (httpPort === 0) return undefined;
  const { listenForWatchers } = await import('../../web/index.ts');
  const watchers = listenForWatchers(
    {
      version: context.version,
      startedAt: context.startedAt,
      now: context.now,
      streams,
      certificateEnd: () => {
        const { notAfter } = context.tls.active;
        return notAfter === '' ? undefined : new Date(notAfter);
      },
      sessions: () => context.sessions.size,
    },
    { port: httpPort, addresses: bindAddresses(bindAddress) },
  );
  return watchers.catch((cause: unknown) => {
    throw cannotListen(`${bindAddress}:${httpPort}`, cause, '--http-port=PORT');
  });
}

function usage(): string {
  return helpText(resolveOptions(relayOptionTable, 'mysql'), {
    introduction: [
      `Usage: ${PROGRAM} --datadir=DIR [OPTION…]`,
      '',
      'Receives from MySQL or MariaDB servers, lets only rows pass, keeps binary logs and serves them on.',
      'It is run with SQL: the first start writes DIR/root.cnf, for mysql --defaults-file=DIR/root.cnf.',
    ].join('\n'),
    closing:
      'Options are also read from the group [rowlock] of option files. Sizes and times are plain numbers or take K, M, G.',
  });
}

import { type Connection, connect } from '../../../connection/index.ts';
import { RowlockError, ServerError } from '../../../errors/index.ts';
import { type Retry, SourceClient, type StartPoint } from '../../../replication/index.ts';
import type { ByteSink } from '../../command-io.ts';
import { ArchiveFolder } from './archive/archive-folder.ts';
import { ArchiveLock } from './archive/archive-lock.ts';
import { CopyProgress } from './archive/copy-progress.ts';
import { findLastPlace, type LastPlace } from './archive/last-place.ts';
import { LiveArchive } from './archive/live-archive.ts';
import { connectSettings } from './connect-settings.ts';
import { createCopyGuard } from './copy-guard.ts';
import { copyFailureLines } from './copy-remote.ts';
import { asFailure, type Step } from './failure.ts';
import type { DumpSurroundings } from './open-dump.ts';

export interface ArchiveSurroundings extends DumpSurroundings {
  readonly stderr: ByteSink;
  /** Calls back when the process is asked to end. The function it returns takes that back. */
  readonly onSignal: (stop: (exitStatus: number) => void) => () => void;
}

const LOG_START = 4;

/** `--raw` with `--resume`, `--reconnect` or `--expire-logs`: a copy that lives. Returns the exit status. */
export async function archiveRemoteLogs(surroundings: ArchiveSurroundings): Promise<number> {
  const { options, cwd, diagnose, stderr, onSignal } = surroundings;
  const progress = new CopyProgress(stderr);
  const tell = (line: string): void => {
    progress.clear();
    diagnose(line);
  };
  let step: Step = 'connect';
  let path = '';
  let lock: ArchiveLock | undefined;
  let release = (): void => undefined;
  let signalled = 0;
  let attempts = 0;
  try {
    const folder = new ArchiveFolder(options.output.resultFile ?? '', cwd);
    path = folder.lockPath;
    lock = ArchiveLock.take(folder.lockPath);
    const place = resumePlace(folder, surroundings);
    const archive = new LiveArchive({
      folder,
      lock,
      expiry: options.remote!.expireLogs,
      progress,
      createGuard: (flavor) => createCopyGuard(options.checks.requireRowFormat, flavor),
      tell,
    });
    archive.prepare(place.last, place.dropped);
    const client = new SourceClient({
      ...clientOptions(surroundings, place.last),
      connection: async (signal) => {
        step = 'connect';
        attempts += 1;
        const connection = await openConnection(surroundings, signal, attempts === 1, tell);
        step = 'dump';
        return connection;
      },
      onRetry: (retry) => tell(retryLine(retry)),
    });
    release = onSignal((exitStatus) => {
      signalled = exitStatus;
      client.close();
    });
    // A source whose log is not taken goes on sending: nobody waits for it.
    await archive.follow(client).finally(() => client.close());
    return signalled;
  } catch (error) {
    progress.clear();
    const lines = copyFailureLines(failureAt(step, withHint(error)), path, surroundings);
    if (lines === undefined) throw error;
    for (const line of lines) diagnose(line);
    return 1;
  } finally {
    release();
    lock?.release();
  }
}

/** What is in the archive already. */
function resumePlace(
  folder: ArchiveFolder,
  { options }: ArchiveSurroundings,
): { last: LastPlace | undefined; dropped: readonly string[] } {
  const { names } = folder;
  if (names.length === 0) return { last: undefined, dropped: [] };
  if (!options.remote!.resume) {
    throw new RowlockError('ARCHIVE_EXISTS', `copies are here already, up to ${names.at(-1)}`, {
      context: { file: folder.path },
      hint: 'Give --resume to go on where they end, or another --result-file.',
    });
  }
  const last = findLastPlace(
    folder,
    options.remote!.dump === 'COM_BINLOG_DUMP_GTID' || options.selection.startGtids !== undefined,
  );
  return { last, dropped: last?.dropped ?? names };
}

function clientOptions({ options }: ArchiveSurroundings, last: LastPlace | undefined) {
  const { stopNever, reconnect, serverId } = options.remote!;
  return {
    start: last === undefined ? firstStart(options) : startAt(last),
    by: 'position',
    stopAtEnd: !stopNever,
    retry: reconnect === undefined ? false : { attempts: reconnect, initial: last !== undefined },
    // 0 and 1 are what the original says when nobody tells it.
    ...(serverId > 1 ? { identity: { serverId } } : {}),
  } as const;
}

function firstStart({ logs, selection, remote }: ArchiveSurroundings['options']): StartPoint {
  if (remote!.dump === 'COM_BINLOG_DUMP_GTID') return { gtids: selection.excludeGtids ?? '' };
  if (selection.startGtids !== undefined) return { gtids: selection.startGtids };
  return { file: logs[0]!, position: Math.max(selection.startPosition, LOG_START) };
}

function startAt({ file, position, gtids, serverId }: LastPlace): StartPoint {
  return { file, position, serverId, ...(gtids === undefined ? {} : { gtids }) };
}

/** What there is to say about the options is said once. */
function openConnection(
  { options, program, cwd }: ArchiveSurroundings,
  signal: AbortSignal,
  isFirst: boolean,
  tell: (line: string) => void,
): Promise<Connection> {
  const warn = isFirst ? tell : (): void => undefined;
  const settings = connectSettings(options.remote!, {
    dialect: options.dialect,
    program,
    cwd,
    warn,
    isFirst,
  });
  return connect({ ...settings, signal });
}

function retryLine({ error, attempt, delayMs }: Retry): string {
  const why = error instanceof RowlockError ? error.describe() : String(error);
  return `lost the source (${why}); attempt ${attempt} to go on in ${(delayMs / 1000).toFixed(1)} s`;
}

/** The source's own words get the original's lead; what we found in its bytes, or in the archive, has its place in it. */
function failureAt(step: Step, error: unknown): unknown {
  return error instanceof RowlockError && Object.keys(error.context).every((key) => key === 'host')
    ? asFailure(step, error)
    : error;
}

const LOG_IS_GONE = /^could not find (first|next) log|purged/i;

/** A gap in an archive is nothing that another attempt fills: who runs it must know. */
function withHint(error: unknown): unknown {
  if (!(error instanceof ServerError) || !LOG_IS_GONE.test(error.message)) return error;
  const hint =
    'The source does not have the log that comes next (SHOW BINARY LOGS lists those it has). What it has deleted this archive can no longer get: begin another one, in another folder.';
  return new ServerError(error.errno, error.sqlState, error.message, { cause: error, hint });
}

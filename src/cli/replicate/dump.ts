import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../errors/index.ts';
import { ReplicateFilter, type SourcePosition, type StartPoint } from '../../replication/index.ts';
import {
  type DumpProgress,
  type Expressions,
  openDump,
  readDump,
  readDumpPlace,
  readShellDumpPlace,
  SqliteLoad,
  type TargetUrl,
} from '../../target/index.ts';
import type { CommandIo } from '../command-io.ts';
import { placeText, type Report } from './report.ts';
import type { ReplicateSettings } from './settings.ts';

/** Where to begin: as was asked for, or where the dump was taken; that one is in the target then, if it was to be loaded. */
export async function startAt(
  settings: ReplicateSettings,
  target: TargetUrl,
  io: CommandIo,
  report: Report,
  expressions?: Expressions,
): Promise<StartPoint> {
  const { dump, start } = settings;
  if (dump === undefined) return start;
  const path = dump.path === '-' ? undefined : resolve(io.cwd, dump.path);
  const isFolder = path !== undefined && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!dump.loads)
    return isFolder ? readShellDumpPlace(path) : readDumpPlace(openDump(path, standardInput(io)));
  if (isFolder) {
    throw new UsageError('dumps of MySQL Shell are not loaded', {
      hint: 'Load it into a server with util.loadDump() and begin with --start-from-dump, or make a dump with mysqldump.',
    });
  }
  if (target.kind !== 'sqlite') {
    throw new UsageError('a dump is loaded into SQLite only', {
      hint: 'Load it into the server with its own client, and say --start-from-dump.',
    });
  }
  return load(settings, target.folder, openDump(path, standardInput(io)), report, expressions);
}

async function load(
  { channel, start, filters }: ReplicateSettings,
  folder: string,
  pieces: AsyncIterable<Uint8Array>,
  report: Report,
  expressions: Expressions | undefined,
): Promise<SourcePosition> {
  const sink = await SqliteLoad.open(folder, channel, expressions);
  try {
    const known = await sink.position();
    if (known !== undefined) {
      report.say(`the dump is not loaded: the target stands ${placeText(known)}`);
      return known;
    }
    await sink.begin();
    const progress: DumpProgress = { tables: 0, rows: 0, bytes: 0 };
    report.beginLine(() => `loading: ${progressText(progress)}`);
    const filter = new ReplicateFilter(filters);
    const place = await readDump(pieces, {
      sink,
      filter: filter.isOn ? filter : undefined,
      progress,
      warn: (message) => report.complain(message),
      ...(typeof start === 'string' ? {} : { start }),
    });
    report.end();
    report.say(`loaded ${progressText(progress)}, taken ${placeText(place)}`);
    return place;
  } finally {
    report.end();
    sink.close();
  }
}

const progressText = ({ tables, rows, bytes }: DumpProgress): string =>
  `${tables} ${tables === 1 ? 'table' : 'tables'}, ${rows} rows, ${(bytes / 1e6).toFixed(1)} MB`;

const PIECE_BYTES = 256 * 1024;

/** What is piped to the command. */
async function* standardInput(io: CommandIo): AsyncGenerator<Uint8Array> {
  const source = io.stdin();
  const piece = Buffer.alloc(PIECE_BYTES);
  for (;;) {
    const count = source.read(piece);
    if (count === 0) return;
    // Of its own: whoever inflates it may take its time.
    yield Buffer.from(piece.subarray(0, count));
  }
}

import type { RawEvent } from '../../binlog/index.ts';
import { RowlockError } from '../../errors/index.ts';
import type { Disk } from '../disk/disk.ts';
import { clearInUse } from '../files/in-use.ts';
import type { LogFiles } from '../files/log-files.ts';
import { comparePlaces, type LogPlace } from '../files/log-place.ts';
import { type LogScan, scanLog } from './recover-log.ts';

/** What to do with what a crash left. */
export interface RecoveryPlan {
  /** Given the end of the last whole transaction: where to cut. Default: there. */
  cutAt?(end: LogPlace): LogPlace;
  /**
   * The log is the only one of its kind: damage in what was durable is refused. Otherwise it is cut away, for it comes again. `durable`:
   * how far that was for sure; so was a file that its writer closed, to its end.
   */
  original?: { readonly durable: LogPlace | undefined };
  /** Told of every file that loses something. */
  cut?(cut: LogCut): void;
  /** Told every event of the newest file that is kept, in order; borrowed. */
  visit?(event: RawEvent, file: string): void;
  /** Number of the first file of an empty log. */
  firstNumber?: number;
}

/** What was taken off the end of a file. */
export interface LogCut {
  readonly path: string;
  /** Where the file ends now; 0: it is gone. */
  readonly position: number;
  /** Bytes that went. */
  readonly bytes: number;
}

/**
 * Takes the files of a log as a crash left them: cuts the newest one back to what is whole, drops what was only begun.
 *
 * After a power cut, blocks that were not synced may be there or not, in any order: whole transactions behind a hole are no sign
 * that the hole was ever filled.
 *
 * @throws RowlockError `STORE_DAMAGED` what was durable cannot be read
 */
export async function recoverFiles(
  files: LogFiles,
  disk: Disk,
  folder: string,
  plan: RecoveryPlan,
): Promise<void> {
  const { index } = files;
  await index.load();
  const numbers = files.among(await disk.list(folder));
  let cut: LogPlace | undefined;
  while (numbers.length > 0) {
    const number = numbers.at(-1)!;
    const path = files.pathOf(number);
    const scan = await scanLog(disk, path);
    const end = { number, position: scan.wholeEnd };
    if (plan.original !== undefined) refuseDamage(path, scan, end, plan.original.durable);
    if (scan.isLog && !scan.inUse && scan.wholeEnd === scan.size) break;
    if (scan.isLog) {
      const wanted = cut ?? plan.cutAt?.(end) ?? end;
      if (wanted.number >= number) {
        const position = wanted.number > number ? end.position : wanted.position;
        await cutFile(disk, path, position, scan.size);
        if (position < scan.size) plan.cut?.({ path, position, bytes: scan.size - position });
        break;
      }
      cut = wanted;
    }
    // Begun, and nothing in it counts.
    numbers.pop();
    await disk.remove(path);
    plan.cut?.({ path, position: 0, bytes: scan.size });
  }
  if (numbers.length === 0) refuseAbsence(files, plan.original?.durable);
  if (numbers.length !== index.numbers.length) await index.replace(numbers);
  await files.load();
  const { last } = files;
  if (last !== undefined && plan.visit !== undefined) {
    await scanLog(disk, last.path, (event) => plan.visit?.(event, last.name));
  }
}

function refuseDamage(
  path: string,
  { isLog, inUse, wholeEnd, soundEnd, size }: LogScan,
  end: LogPlace,
  durable: LogPlace | undefined,
): void {
  const isClosedBroken = isLog && !inUse && wholeEnd < size;
  if (!isClosedBroken && (durable === undefined || comparePlaces(end, durable) >= 0)) return;
  const lost = size - soundEnd;
  throw new RowlockError(
    'STORE_DAMAGED',
    lost === 0
      ? 'the log ends here, and it was longer'
      : `the log cannot be read from here on, for ${lost} bytes`,
    {
      context: { file: path, position: soundEnd },
      hint:
        'This was on the disk and may have been served, so nothing is cut away. Restore the file from a copy, or begin with an empty ' +
        'data folder.',
    },
  );
}

/** Of a log that is to begin anew. A journal that names no file is of one whose files were removed in order. */
function refuseAbsence(files: LogFiles, durable: LogPlace | undefined): void {
  if (durable === undefined || durable.number === 0 || durable.position === 0) return;
  throw new RowlockError('STORE_DAMAGED', 'the log is gone', {
    context: { file: files.pathOf(durable.number) },
    hint: 'It was on the disk and may have been served. Restore its files from a copy, or begin with an empty data folder.',
  });
}

/** Ends a file at this position, closed in order. */
export async function cutFile(disk: Disk, path: string, position: number, size: number): Promise<void> {
  const file = await disk.open(path, 'write');
  try {
    if (position < size) {
      await file.truncate(position);
      // A file that says it was closed must not turn out to be longer.
      await file.sync();
    }
    await clearInUse(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

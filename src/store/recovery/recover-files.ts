import type { RawEvent } from '../../binlog/index.ts';
import type { Disk } from '../disk/disk.ts';
import { clearInUse } from '../files/in-use.ts';
import type { LogFiles } from '../files/log-files.ts';
import type { LogPlace } from '../files/log-place.ts';
import { scanLog } from './recover-log.ts';

/** What to do with what a crash left. */
export interface RecoveryPlan {
  /** Given the end of the last whole transaction: where to cut. Default: there. */
  cutAt?(end: LogPlace): LogPlace;
  /** Told every event of the newest file that is kept, in order; borrowed. */
  visit?(event: RawEvent, file: string): void;
  /** Number of the first file of an empty log. */
  firstNumber?: number;
}

/** Takes the files of a log as a crash left them: cuts the newest one back to what is whole, drops what was only begun. */
export async function recoverFiles(
  files: LogFiles,
  disk: Disk,
  folder: string,
  plan: RecoveryPlan,
): Promise<void> {
  const { index } = files;
  await index.load();
  const present = new Set(await disk.list(folder));
  const numbers = index.numbers.filter((number) => present.has(files.nameOf(number)));
  let cut: LogPlace | undefined;
  while (numbers.length > 0) {
    const number = numbers.at(-1)!;
    const path = files.pathOf(number);
    const scan = await scanLog(disk, path);
    if (scan.isLog && !scan.inUse && scan.wholeEnd === scan.size) break;
    if (scan.isLog) {
      const end = { number, position: scan.wholeEnd };
      const wanted = cut ?? plan.cutAt?.(end) ?? end;
      if (wanted.number >= number) {
        await cutFile(disk, path, wanted.number > number ? end.position : wanted.position, scan.size);
        break;
      }
      cut = wanted;
    }
    // Begun, and nothing in it counts.
    numbers.pop();
    await disk.remove(path);
  }
  if (numbers.length < index.numbers.length) await index.replace(numbers);
  await files.load();
  const { last } = files;
  if (last !== undefined && plan.visit !== undefined) {
    await scanLog(disk, last.path, (event) => plan.visit?.(event, last.name));
  }
}

/** Ends a file at this position, closed in order. */
export async function cutFile(disk: Disk, path: string, position: number, size: number): Promise<void> {
  const file = await disk.open(path, 'write');
  try {
    if (position < size) await file.truncate(position);
    await clearInUse(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

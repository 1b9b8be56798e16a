import { EventFlag, FLAGS_AT } from '../../binlog/index.ts';
import type { DiskFile } from '../disk/disk.ts';
import { LOG_MAGIC } from './log-opening.ts';

/** Offset of the low byte of the first event's flags. */
const IN_USE_AT = LOG_MAGIC.length + FLAGS_AT;

/** Says in a log file that its writer has closed it. */
export async function clearInUse(file: DiskFile): Promise<void> {
  const flags = Buffer.alloc(1);
  await file.read(flags, IN_USE_AT);
  flags[0] = flags[0]! & ~EventFlag.BINLOG_IN_USE;
  await file.write([flags], IN_USE_AT);
}

import { EventType, type RawEvent } from '../../binlog/index.ts';
import { RowlockError } from '../../errors/index.ts';
import { logNumber } from '../../store/index.ts';

/** Behind the position, in the body of a rotate. */
const ROTATE_NAME_AT = 8;

/** Logs that were put here keep their names: each ends with that of the next. @throws RowlockError they have another name */
export function checkNames(event: RawEvent, base: string, folder: string): void {
  if (event.type !== EventType.ROTATE_EVENT) return;
  const next = event.bytes.toString('utf8', event.bodyStart + ROTATE_NAME_AT, event.bodyEnd);
  if (logNumber(base, next) !== undefined) return;
  const name = next.replace(/\.\d+$/, '');
  throw new RowlockError('STORE_NAMES', `a log here ends with the name of the next: '${next}'`, {
    context: { file: folder },
    hint: `Name the logs as they were, ${name}.NNNNNN and ${name}.index, and start with --log-bin=${name}.`,
  });
}

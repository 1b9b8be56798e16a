import type { RawEvent } from '../../../../binlog/index.ts';
import { RowlockError } from '../../../../errors/index.ts';
import { ChannelError } from '../../channel-error.ts';

/** ER_UNKNOWN_ERROR */
export const UNKNOWN_ERROR = 1105;

/** What a target throws, as a SQL thread says it. */
export function feedError(error: unknown, event: RawEvent | undefined, sourceFile: string): unknown {
  if (!(error instanceof RowlockError)) return error;
  const { errno = UNKNOWN_ERROR } = error as { errno?: number };
  const { table, gtid } = error.context;
  const place =
    event === undefined || gtid !== undefined
      ? ''
      : `; the event's source log ${sourceFile}, end_log_pos ${event.logPos}`;
  const hint = error.hint === undefined ? '' : ` ${error.hint}`;
  const unnamed = event === undefined ? 'the transaction' : `${serverName(event.name)} event`;
  // A target that applies ahead says which transaction it was: not the one whose events come in.
  const what = gtid === undefined ? unnamed : `transaction '${gtid}'`;
  const where = table === undefined ? '' : ` on table ${table}`;
  const text = `Could not execute ${what}${where}; ${error.message}, Error_code: ${errno}${place}.${hint}`;
  return new ChannelError(errno, text, { cause: error });
}

/** `WRITE_ROWS_EVENT` → `Write_rows`, as the server's messages call it. */
function serverName(event: string): string {
  const plain = event.replace(/_EVENT(_V\d)?$/, '').toLowerCase();
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

import { ServerError } from '../../errors/index.ts';

/** ER_DISK_FULL, ER_RECORD_FILE_FULL */
const FULL: ReadonlySet<number> = new Set([1021, 1114]);
/** The system's ENOSPC, as servers put it into messages of other numbers: `(Errcode: 28 "No space left on device")`, `Got error 28`. */
const NO_SPACE = /No space left on device|\b(?:errcode|errno|error):? 28\b/i;

/** What a server with a full disk says, and what to do; any other error as it is. */
export function withFullDiskHint(error: unknown): unknown {
  if (!(error instanceof ServerError) || error.hint !== undefined) return error;
  const { errno, sqlState, message, code, context } = error;
  if (!FULL.has(errno) && !NO_SPACE.test(message)) return error;
  return new ServerError(errno, sqlState, message, {
    code,
    context,
    cause: error,
    hint: 'Nothing of it is in the target: free space on its disk (or raise the limit of the table), then start again.',
  });
}

import { ServerError } from '../../errors/index.ts';

/** ER_DISK_FULL, ER_RECORD_FILE_FULL */
const FULL: ReadonlySet<number> = new Set([1021, 1114]);
/** The system's ENOSPC, as servers put it into messages of other numbers: `(Errcode: 28 "No space left on device")`, `Got error 28`. */
const NO_SPACE = /No space left on device|\b(?:errcode|errno|error):? 28\b/i;
/** ER_OPTION_PREVENTS_STATEMENT, of many options. */
const PREVENTS_STATEMENT = 1290;
const READ_ONLY = /--(?:super-)?read-only\b/;

/** Why a server writes nothing at all for now, and what its administrator does about it. */
const REASONS: readonly { readonly is: (error: ServerError) => boolean; readonly hint: string }[] = [
  {
    is: ({ errno, message }) => FULL.has(errno) || NO_SPACE.test(message),
    hint: 'Nothing of it is in the target: free space on its disk (or raise the limit of the table), then start again.',
  },
  {
    is: ({ errno, message }) => errno === PREVENTS_STATEMENT && READ_ONLY.test(message),
    hint: 'Nothing of it is in the target. Unlike its own replica, the target holds this account to read_only: grant it CONNECTION_ADMIN (MySQL; SUPER before 8.0), READ_ONLY ADMIN (MariaDB), or set read_only = 0; super_read_only of MySQL is OFF for any client that writes. Then start again.',
  },
];

/** What to do about an error of a server that takes no writes; undefined: it is another error. */
export const refusedWritesHint = (error: ServerError): string | undefined =>
  REASONS.find(({ is }) => is(error))?.hint;

/** The error of a server that takes no writes with what to do; any other one as it is. */
export function withRefusedWritesHint(error: unknown): unknown {
  if (!(error instanceof ServerError) || error.hint !== undefined) return error;
  const hint = refusedWritesHint(error);
  if (hint === undefined) return error;
  const { errno, sqlState, message, code, context } = error;
  return new ServerError(errno, sqlState, message, { code, context, cause: error, hint });
}

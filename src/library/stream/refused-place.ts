import { ServerError } from '../../errors/index.ts';
import type { SourcePosition } from '../../replication/index.ts';

/** ER_SOURCE_FATAL_ERROR_READING_BINLOG: one number for all that keeps a server from sending its log. */
const CANNOT_READ = 1236;

/** Words of MySQL and MariaDB, and what whoever reads the stream can do. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /^could not find (first|next) log|purged/i,
    'The server does not have the log that comes next; SHOW BINARY LOGS lists those it has. What it has deleted no stream can bring back: copy the tables anew, and begin at a place that was taken before the copy.',
  ],
  [
    /position > file size|truncated in the middle of event|bogus data in log event|impossible position/i,
    'No event begins at this place: begin at the `resumeAt` of a change or transaction. Where the server was restored or lost logs, copy the tables anew.',
  ],
  [
    /same server_(id|uuid)/i,
    'Another reader came with the `serverId` of this one: give each its own, or none, which chooses one.',
  ],
  [
    /is not in the master's binlog|has more GTIDs than the source/i,
    'This server lacks transactions that were read before: it is another one, or was restored. Go on at one that has them, or copy the tables anew.',
  ],
];

/** A server's refusal, with the place it is about and, where its words do not say, what to do. Anything else stays as it is. */
export function refusedAt(error: unknown, place: SourcePosition): unknown {
  if (!(error instanceof ServerError)) return error;
  const { file, position } = place;
  const context = file === undefined ? {} : { file, ...(position === undefined ? {} : { position }) };
  const hint =
    error.errno === CANNOT_READ ? ADVICE.find(([words]) => words.test(error.message))?.[1] : undefined;
  if (hint === undefined || error.hint !== undefined) return error.at(context);
  const { code, errno, sqlState, message } = error;
  return new ServerError(errno, sqlState, message, { code, hint, context: error.context }).at(context);
}

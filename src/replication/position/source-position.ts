import { UsageError } from '../../errors/index.ts';
import { MysqlGtidSet } from '../../gtid/index.ts';
import { familyOf } from './executed-gtids.ts';

/**
 * A place in a source's stream, between two transactions: made of plain values, to be stored as JSON and given back.
 *
 * A file and position mean something on one server only; a set of GTIDs means the same on every server of a topology. What a stream
 * hands out has both, where the source has GTIDs.
 */
export interface SourcePosition {
  /** Name of a log of the source, without a folder. */
  readonly file?: string;
  /** Where the next event begins in it, in bytes. Default 4, behind the log's first four bytes. */
  readonly position?: number;
  /** Everything seen so far: a GTID set of MySQL, or a GTID list of MariaDB, `0-1-100,1-1-7`. */
  readonly gtids?: string;
  /** MySQL: whose file it is. */
  readonly serverUuid?: string;
  readonly serverId?: number;
}

/** Where to begin: at a place, with what is committed from now on, or with the oldest log that the source has. */
export type StartPoint = 'now' | 'beginning' | SourcePosition;

/** @throws UsageError for what names no place */
export function checkStart(start: StartPoint): StartPoint {
  if (start === 'now' || start === 'beginning') return start;
  // JavaScript may leave it out.
  const { file, position = 4, gtids } = (start ?? {}) as SourcePosition;
  if (file === undefined && gtids === undefined) {
    throw new UsageError('a position needs a file or GTIDs', {
      hint: "Say 'now' or 'beginning' to begin without one.",
    });
  }
  if (typeof (file ?? '') !== 'string' || typeof (gtids ?? '') !== 'string') {
    throw new UsageError('`file` and `gtids` of a position are texts');
  }
  if (!Number.isSafeInteger(position) || position < 4) {
    throw new UsageError(`position ${position} is not in a log: the first event begins at 4`);
  }
  if (file?.includes('/') === true || file?.includes('\\') === true) {
    throw new UsageError(`a log of a source is named without its folder, not '${file}'`);
  }
  if (gtids !== undefined) checkGtids(gtids);
  return start;
}

function checkGtids(text: string): void {
  if (familyOf(text) !== 'mysql') return;
  try {
    MysqlGtidSet.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`these are no GTIDs: ${reason}`, {
      cause: error,
      hint: 'MySQL has sets, `uuid:1-5`; MariaDB has lists, `0-1-100`.',
    });
  }
}

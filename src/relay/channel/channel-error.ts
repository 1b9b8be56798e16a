import { REQUIRE_ROW_FORMAT_ERRNO } from '../../guard/index.ts';
import type { Judgement } from '../../replication/index.ts';

/** Why a thread of a channel stopped: what goes into Last_IO_Errno or Last_SQL_Errno, and its text. */
export class ChannelError extends Error {
  readonly errno: number;

  constructor(errno: number, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = 'ChannelError';
    this.errno = errno;
  }
}

/** Where a transaction stands at the source. */
export interface SourceEventPlace {
  readonly file: string;
  readonly position: number;
  /** Empty: none. */
  readonly gtid: string;
}

/**
 * An event that no row-only channel lets through. The first sentence is the server's own
 * (ER_RPL_REPLICA_QUEUE_EVENT_FAILED_INVALID_NON_ROW_FORMAT). Nothing of the statement's data is in it.
 */
export function violationError(
  channel: string,
  { refusal, digest }: Judgement,
  { file, position, gtid }: SourceEventPlace,
): ChannelError {
  const transaction = gtid === '' ? '' : ` of transaction '${gtid}'`;
  const statement = digest === undefined ? '' : ` Statement digest: ${digest}.`;
  return new ChannelError(
    REQUIRE_ROW_FORMAT_ERRNO,
    `The queue event failed for channel '${channel}' as an invalid event according to REQUIRE_ROW_FORMAT was found. ` +
      `Event${transaction} at source log ${file}, position ${position}: ${refusal.sentence}.${statement}`,
  );
}

/** The applier's words for the same. */
export function applierViolationError(
  { refusal, digest }: Judgement,
  { file, position, gtid }: SourceEventPlace,
): ChannelError {
  const statement = digest === undefined ? '' : ` Statement digest: ${digest}.`;
  return new ChannelError(
    REQUIRE_ROW_FORMAT_ERRNO,
    `Worker 1 failed executing transaction '${gtid === '' ? 'ANONYMOUS' : gtid}' at source log ${file}, end_log_pos ${position}; ` +
      `Error 'The query does not comply with variable require_row_format restrictions.': ${refusal.sentence}.${statement}`,
  );
}

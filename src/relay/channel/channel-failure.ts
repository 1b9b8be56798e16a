import { RowlockError } from '../../errors/index.ts';
import { REQUIRE_ROW_FORMAT_ERRNO } from '../../guard/index.ts';

/** A number and its text, as Last_IO_Errno and Last_IO_Error have them. */
interface Told {
  readonly errno: number;
  readonly message: string;
}

/** The source is not reached, and is tried again: told once, until it has answered. */
export const unreachable = (channel: string, { errno, message }: Told): RowlockError =>
  new RowlockError(
    'CHANNEL_UNREACHABLE',
    `Channel '${channel}' does not reach its source, error ${errno}: ${message}`,
    {
      hint: 'It goes on by itself when the source takes it; after as many attempts as it may make, it stops.',
    },
  );

/** The receiver stopped. Undefined: a violation, which has a line of its own. */
export const receiverStopped = (channel: string, { errno, message }: Told): RowlockError | undefined =>
  errno === REQUIRE_ROW_FORMAT_ERRNO
    ? undefined
    : new RowlockError(
        'CHANNEL_STOPPED',
        `The receiver of channel '${channel}' has stopped, error ${errno}: ${message}`,
        {
          hint: 'Once that is mended, START REPLICA goes on.',
        },
      );

/** The applier stopped. Its text may name the key of a row, and rows are not for the log. */
export const applierStopped = (channel: string, errno: number): RowlockError | undefined =>
  errno === REQUIRE_ROW_FORMAT_ERRNO
    ? undefined
    : new RowlockError('CHANNEL_STOPPED', `The applier of channel '${channel}' has stopped, error ${errno}`, {
        hint: 'Last_SQL_Error says why; once that is mended, START REPLICA goes on.',
      });

import { RowlockError } from '../../src/errors/index.ts';
import type { StartPoint } from '../../src/replication/index.ts';
import { type Flavour, isMysql97 } from '../differential/flavour.ts';
import type { RunningServer } from '../servers/index.ts';

/** What a target says that has no room for a value of the source, or does not guess what only the source can work out. */
const HONEST =
  /^(Incorrect (time|datetime|string|vector) value|Out of range value|Invalid vector|Value of type 'string, size: 0' cannot be converted to 'vector' type|Cannot get geometry object|The storage engine for the table doesn't support native partitioning|.+ of the target has no room for a value of the source|rows of .+ hold until 2038|.+ has versions of its own|.*not in the log|.*only the source can work out)/;

export const isHonest = (error: unknown): boolean =>
  error instanceof RowlockError && HONEST.test(error.message);

/** Where a source's log ends. */
export async function endOf(server: RunningServer, flavour: Flavour): Promise<StartPoint> {
  const what = isMysql97(flavour) ? 'BINARY LOG STATUS' : 'MASTER STATUS';
  const [file = '', position = ''] = (await server.query(`SHOW ${what}`)).split('\n')[1]!.split('\t');
  return { file, position: Number(position) };
}

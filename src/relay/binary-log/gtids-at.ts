import { formatMariadbGtidList } from '../../gtid/index.ts';
import { type Disk, type LogSequence, scanLog } from '../../store/index.ts';
import type { Commit } from './commit.ts';
import { MariadbLedger } from './gtid-ledger.ts';
import { readHead } from './log-head.ts';

/** The GTIDs of all files before this one, as its head says. */
export async function gtidsBefore(log: LogSequence<Commit>, number: number): Promise<string> {
  const head = await readHead(log, number);
  return head.previousGtids?.format() ?? formatMariadbGtidList(head.gtidList ?? []);
}

/** What a MariaDB replica has that stands there; undefined: no event ends there, or there is no such file. */
export async function gtidPositionAt(
  log: LogSequence<Commit>,
  disk: Disk,
  file: string,
  position: number,
): Promise<string | undefined> {
  const number = log.numberOf(file);
  if (number === undefined) return undefined;
  const at = new MariadbLedger();
  let known = position === 4;
  await scanLog(
    disk,
    log.pathOf(number),
    (event) => {
      if (event.position < position) at.visit(event);
      if (event.position + event.length === position) known = true;
    },
    position,
  );
  return known ? at.position : undefined;
}

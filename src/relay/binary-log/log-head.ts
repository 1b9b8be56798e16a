import { decodeBody, EventType, LogState, RawEvent } from '../../binlog/index.ts';
import { type MariadbGtid, MysqlGtidSet } from '../../gtid/index.ts';
import type { LogFollower, LogPlace } from '../../store/index.ts';
import { listedGtids } from './gtid-ledger.ts';

/** What the first events of a file say. */
export interface LogHead {
  readonly previousGtids: MysqlGtidSet | undefined;
  readonly gtidList: readonly MariadbGtid[] | undefined;
}

const headTypes: ReadonlySet<number> = new Set([
  EventType.FORMAT_DESCRIPTION_EVENT,
  EventType.PREVIOUS_GTIDS_LOG_EVENT,
  EventType.GTID_LIST_EVENT,
  EventType.START_ENCRYPTION_EVENT,
]);

const frameTypes: ReadonlySet<number> = new Set([
  ...headTypes,
  EventType.BINLOG_CHECKPOINT_EVENT,
  EventType.ROTATE_EVENT,
  EventType.STOP_EVENT,
]);

const anyLog = new LogState();

/** Whether a file holds anything but its head and its end. */
export async function hasTransactions(
  log: { follow(place: LogPlace): Promise<LogFollower> },
  number: number,
): Promise<boolean> {
  const follower = await log.follow({ number, position: 4 });
  try {
    const event = new RawEvent();
    while (!follower.atEnd) {
      if (!follower.next(event)) await follower.load();
      else if (!frameTypes.has(event.type)) return true;
    }
    return false;
  } finally {
    follower.close();
  }
}

/** Reads the head of a file. */
export async function readHead(
  log: { follow(place: LogPlace): Promise<LogFollower> },
  number: number,
): Promise<LogHead> {
  const follower = await log.follow({ number, position: 4 });
  let previousGtids: MysqlGtidSet | undefined;
  let gtidList: readonly MariadbGtid[] | undefined;
  try {
    const event = new RawEvent();
    while (!follower.atEnd) {
      if (!follower.next(event)) {
        await follower.load();
        continue;
      }
      if (!headTypes.has(event.type)) break;
      if (event.type === EventType.GTID_LIST_EVENT) gtidList = listedGtids(event);
      if (event.type !== EventType.PREVIOUS_GTIDS_LOG_EVENT) continue;
      const body = decodeBody(event, anyLog);
      if (body.kind === 'previousGtids') previousGtids = MysqlGtidSet.fromBytes(body.set);
    }
  } finally {
    follower.close();
  }
  return { previousGtids, gtidList };
}

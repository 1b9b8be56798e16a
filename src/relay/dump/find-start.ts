import { ServerError } from '../../errors/index.ts';
import { formatMariadbGtid, type MariadbGtid, MariadbReplicaState, MysqlGtidSet } from '../../gtid/index.ts';
import type { LogPlace } from '../../store/index.ts';
import { type BinaryLog, MariadbLedger, MysqlLedger, readHead } from '../binary-log/index.ts';
import type { DumpOrder } from '../streams.ts';
import { dumpError, fatal, purgedError } from './dump-error.ts';
import { type GroupFilter, MariadbGroupFilter, MysqlGroupFilter, SEND_ALL } from './group-filter.ts';
import { MariadbProgress } from './mariadb-progress.ts';

export interface DumpStart {
  readonly place: LogPlace;
  readonly filter: GroupFilter;
  readonly byGtid: boolean;
  /** MariaDB: what the replica is told on its way. */
  readonly progress?: MariadbProgress;
}

/** Where a dump begins, and what of the log the replica has. @throws ServerError 1236 in the servers' words */
export function findStart(log: BinaryLog, order: DumpOrder, serverUuid: string): Promise<DumpStart> {
  const { from } = order;
  if (from.kind === 'position') return startAtPosition(log, from.file, from.position);
  if (from.kind === 'mysqlGtids') return startAfterSet(log, from.encodedSet, serverUuid);
  return startAfterState(log, from.gtids, order.untilGtids);
}

async function startAtPosition(log: BinaryLog, file: string, position: number): Promise<DumpStart> {
  const { flavor } = log;
  const number = file === '' ? log.log.files[0]?.number : log.log.numberOf(file);
  const found = log.log.files.find((each) => each.number === number);
  if (number === undefined || found === undefined) throw dumpError('unknownFile', flavor);
  // MySQL says where it was only once it has begun to read.
  const places = flavor === 'mariadb' ? atStart(found.name, position) : undefined;
  if (position < 4) throw dumpError('beforeStart', flavor, places);
  if (position > found.size) throw dumpError('beyondEnd', flavor, places);
  return { place: { number, position }, filter: SEND_ALL, byGtid: false };
}

function atStart(
  file: string,
  position: number,
): { firstFile: string; firstPosition: number; file: string; eventPosition: number; readPosition: number } {
  return { firstFile: file, firstPosition: position, file, eventPosition: 4, readPosition: 4 };
}

async function startAfterSet(log: BinaryLog, encoded: Uint8Array, serverUuid: string): Promise<DumpStart> {
  if (!(log.ledger instanceof MysqlLedger)) {
    throw fatal(
      'The replication sender thread cannot start in AUTO_POSITION mode: this server has no MySQL GTIDs.',
    );
  }
  const replica = encoded.length === 0 ? MysqlGtidSet.empty() : MysqlGtidSet.fromBytes(encoded);
  const { set } = log.ledger;
  if (!ofServer(replica, serverUuid).isSubsetOf(set)) throw dumpError('ahead', 'mysql');
  const purged = MysqlGtidSet.parse(log.purging.purged);
  if (!purged.isSubsetOf(replica)) throw purgedError(replica.format(), purged.subtract(replica).format());
  const filter = new MysqlGroupFilter(replica);
  for (const { number } of log.log.files.toReversed()) {
    const { previousGtids } = await readHead(log, number);
    if (previousGtids === undefined || previousGtids.isSubsetOf(replica)) {
      return { place: { number, position: 4 }, filter, byGtid: true };
    }
  }
  throw dumpError('unknownFile', 'mysql');
}

function ofServer(set: MysqlGtidSet, uuid: string): MysqlGtidSet {
  const own = MysqlGtidSet.empty();
  for (const interval of set.intervals()) {
    if (interval.uuid === uuid) own.addRange(uuid, interval.tag, interval.first, interval.last);
  }
  return own;
}

async function startAfterState(
  log: BinaryLog,
  text: string,
  untilText: string | undefined,
): Promise<DumpStart> {
  if (!(log.ledger instanceof MariadbLedger)) throw fatal('this server has no MariaDB GTIDs');
  const replica = MariadbReplicaState.parse(text);
  const known: MariadbGtid[] = [];
  for (const gtid of replica.gtids()) if (isInLog(log.ledger, gtid)) known.push(gtid);
  const state = new MariadbReplicaState(known);
  const until = untilText === undefined ? undefined : MariadbReplicaState.parse(untilText);
  for (const { number } of log.log.files.toReversed()) {
    const { gtidList = [] } = await readHead(log, number);
    if (!holdsAll(gtidList, state)) continue;
    const filter = new MariadbGroupFilter(state, until);
    const ahead: MariadbGtid[] = [];
    for (const gtid of known) {
      const listed = gtidList.filter(({ domainId }) => domainId === gtid.domainId).at(-1);
      if (listed?.serverId === gtid.serverId && listed.seqNo === gtid.seqNo) filter.reached(gtid.domainId);
      else ahead.push(gtid);
    }
    const progress = new MariadbProgress(gtidList, ahead, replica, until);
    return { place: { number, position: 4 }, filter, byGtid: true, progress };
  }
  throw dumpError('tooOld', 'mariadb');
}

/** Whether a transaction of the replica can be looked for. A domain of which the log has nothing is sent as it comes. */
function isInLog({ state }: MariadbLedger, gtid: MariadbGtid): boolean {
  const { domainId, serverId, seqNo } = gtid;
  const last = state.last(domainId, serverId);
  if (last !== undefined && last.seqNo >= seqNo) return true;
  const newest = state.mostRecent(domainId);
  if (newest === undefined) return false;
  const diverged =
    newest.seqNo > seqNo
      ? ". Since the master's binlog contains GTIDs with higher sequence numbers, it probably means that the slave has diverged due to executing extra erroneous transactions"
      : '';
  throw new ServerError(
    1236,
    'HY000',
    `Error: connecting slave requested to start from GTID ${formatMariadbGtid(gtid)}, which is not in the master's binlog${diverged}`,
  );
}

/** Whether nothing the replica needs stands before a file that begins with this list. */
function holdsAll(list: readonly MariadbGtid[], replica: MariadbReplicaState): boolean {
  for (const [index, { domainId }] of list.entries()) {
    // Of a domain, the last one listed is the most recent.
    if (list[index + 1]?.domainId === domainId) continue;
    const last = replica.last(domainId);
    if (last === undefined) return false;
    const listed = list.find((gtid) => gtid.domainId === domainId && gtid.serverId === last.serverId);
    const newest = list[index]!;
    const isNewest = newest.serverId === last.serverId && newest.seqNo === last.seqNo;
    if (!isNewest && listed !== undefined && last.seqNo <= listed.seqNo) return false;
  }
  return true;
}

import { ServerError } from '../../errors/index.ts';
import { formatMariadbGtid, type MariadbGtid, MariadbReplicaState, MysqlGtidSet } from '../../gtid/index.ts';
import type { LogPlace } from '../../store/index.ts';
import { type BinaryLog, MariadbLedger, MysqlLedger, readHead } from '../binary-log/index.ts';
import type { DumpOrder } from '../streams.ts';
import { dumpError, fatal, purgedError } from './dump-error.ts';
import { type GroupFilter, MariadbGroupFilter, MysqlGroupFilter, SEND_ALL } from './group-filter.ts';
import { MariadbProgress, takeReached } from './mariadb-progress.ts';

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
  return startAfterState(log, from, order.untilGtids);
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

type MariadbWish = Extract<DumpOrder['from'], { kind: 'mariadbGtids' }>;

async function startAfterState(
  log: BinaryLog,
  wish: MariadbWish,
  untilText: string | undefined,
): Promise<DumpStart> {
  if (!(log.ledger instanceof MariadbLedger)) throw fatal('this server has no MariaDB GTIDs');
  const { ledger } = log;
  const ends = untilText === undefined ? undefined : new Map(endsOf(untilText));
  const known: MariadbGtid[] = [];
  for (const gtid of MariadbReplicaState.parse(wish.gtids).gtids()) {
    if (has(ledger, gtid)) known.push(gtid);
    else if (ledger.state.mostRecent(gtid.domainId) !== undefined) {
      demandReason(ledger, gtid, wish.ignoresDuplicates, ends);
      known.push(gtid);
    }
  }
  const state = new MariadbReplicaState(known);
  for (const { number } of log.log.files.toReversed()) {
    const { gtidList = [] } = await readHead(log, number);
    if (!holdsAll(gtidList, state)) continue;
    // What ends before the file begins has ended.
    if (ends !== undefined) for (const gtid of gtidList) takeReached(ends, gtid);
    const until = ends === undefined ? undefined : new MariadbReplicaState(ends.values());
    const filter = new MariadbGroupFilter(state, until, wish.strict);
    const ahead: MariadbGtid[] = [];
    for (const gtid of known) {
      const listed = gtidList.filter(({ domainId }) => domainId === gtid.domainId).at(-1);
      if (listed?.serverId === gtid.serverId && listed.seqNo === gtid.seqNo) filter.reached(gtid.domainId);
      else ahead.push(gtid);
    }
    const progress = new MariadbProgress(gtidList, ahead, until);
    return { place: { number, position: 4 }, filter, byGtid: true, progress };
  }
  throw dumpError('tooOld', 'mariadb');
}

const endsOf = (text: string): readonly (readonly [number, MariadbGtid])[] =>
  MariadbReplicaState.parse(text)
    .gtids()
    .map((gtid) => [gtid.domainId, gtid] as const);

/** Whether the log had a transaction, or has passed over it. */
function has({ state }: MariadbLedger, { domainId, serverId, seqNo }: MariadbGtid): boolean {
  const last = state.last(domainId, serverId);
  return last !== undefined && last.seqNo >= seqNo;
}

/**
 * Of a replica that is ahead of the log: whether it may be. Where it wants to end in the domain before it begins, or nowhere, that is all
 * of it: the domain is taken out of `ends`.
 *
 * @throws ServerError 1236
 */
function demandReason(
  ledger: MariadbLedger,
  gtid: MariadbGtid,
  ignoresDuplicates: boolean,
  ends: Map<number, MariadbGtid> | undefined,
): void {
  const { domainId, seqNo } = gtid;
  const newest = ledger.state.mostRecent(domainId)!;
  if (ignoresDuplicates && newest.seqNo < seqNo) return;
  const end = ends?.get(domainId);
  if (ends !== undefined && (end === undefined || has(ledger, end))) {
    ends.delete(domainId);
    return;
  }
  const diverged =
    newest.seqNo >= seqNo
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

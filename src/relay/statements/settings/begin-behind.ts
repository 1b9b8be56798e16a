import { ServerError } from '../../../errors/index.ts';
import {
  formatMariadbGtid,
  MariadbReplicaState,
  MysqlGtidSet,
  parseMariadbGtidList,
} from '../../../gtid/index.ts';
import type { VariableValue } from '../../variables/definition.ts';
import type { Context, Relay } from '../context.ts';

const BEGINNINGS = { mysql: 'gtid_purged', mariadb: 'gtid_slave_pos' } as const;

/** Whether the variable is the one that says where a relay that has nothing yet begins. */
export const saysWhereToBegin = (name: string, { flavor }: Relay): boolean => name === BEGINNINGS[flavor];

/**
 * SET GLOBAL of that variable.
 *
 * @throws ServerError 1238, 1231, 1198, 1840, 3546, 1947, 1948
 */
export async function beginBehind(
  name: string,
  value: VariableValue | undefined,
  scope: string,
  { relay }: Context,
): Promise<void> {
  if (scope !== 'global')
    throw new ServerError(1238, 'HY000', `Variable '${name}' is a non persistent variable`);
  const refused = new ServerError(
    1231,
    '42000',
    `Variable '${name}' can't be set to the value of '${value ?? 'NULL'}'`,
  );
  if (typeof value !== 'string') throw refused;
  let gtids = value;
  try {
    if (relay.flavor === 'mysql') gtids = purgedWith(value, relay);
    else parseMariadbGtidList(value);
  } catch (error) {
    throw error instanceof ServerError ? error : refused;
  }
  for (const control of relay.streams.channels.all) {
    const { receiver, applier } = control.status();
    if (receiver.state === 'OFF' && applier.state === 'OFF') continue;
    throw new ServerError(
      1198,
      'HY000',
      'This operation cannot be performed with a running replica; run STOP REPLICA first',
    );
  }
  if (relay.flavor === 'mariadb' && relay.streams.binaryLog.gtidPosition !== '') await passOver(gtids, relay);
  else await relay.streams.binaryLog.beginBehind(gtids);
  relay.audit.record('change', { what: 'SET GLOBAL', name, value: gtids });
}

/** What gtid_purged is to be: all that is given, or with a plus before it, what there is and that. @throws ServerError 3546 */
function purgedWith(value: string, { streams }: Relay): string {
  const before = MysqlGtidSet.parse(streams.binaryLog.gtidPurged);
  const executed = MysqlGtidSet.parse(streams.binaryLog.gtidExecuted);
  const adds = /^\s*\+/.test(value);
  const given = MysqlGtidSet.parse(value.replace(/^\s*\+/, ''));
  const cannot = (why: string): ServerError =>
    new ServerError(3546, 'HY000', `@@GLOBAL.GTID_PURGED cannot be changed: ${why}`);
  if (!adds && !before.isSubsetOf(given)) throw cannot('the new value must be a superset of the old value');
  const added = adds ? given : given.subtract(before);
  if (!added.intersect(executed).isEmpty)
    throw cannot('the added gtid set must not overlap with @@GLOBAL.GTID_EXECUTED');
  return before.union(added).toString();
}

/**
 * MariaDB: the position of a relay that has transactions goes forward, by an empty transaction in each domain that moves: the way to pass
 * over a transaction of a source for good.
 *
 * @throws ServerError 1947, 1948 it would go back
 */
async function passOver(gtids: string, { streams }: Relay): Promise<void> {
  const { binaryLog } = streams;
  const wanted = MariadbReplicaState.parse(gtids);
  const known = MariadbReplicaState.parse(binaryLog.gtidPosition);
  for (const gtid of known.gtids()) {
    const to = wanted.last(gtid.domainId);
    if (to !== undefined && (to.seqNo > gtid.seqNo || formatMariadbGtid(to) === formatMariadbGtid(gtid)))
      continue;
    const conflict =
      to === undefined
        ? `Specified value for @@gtid_slave_pos contains no value for replication domain ${gtid.domainId}.`
        : `Specified GTID ${formatMariadbGtid(to)} conflicts with the binary log which contains a more recent GTID ${formatMariadbGtid(gtid)}.`;
    throw new ServerError(
      to === undefined ? 1948 : 1947,
      'HY000',
      `${conflict} A relay that has transactions goes forward only; RESET MASTER empties it.`,
    );
  }
  for (const gtid of wanted.gtids()) {
    if (known.last(gtid.domainId)?.seqNo !== gtid.seqNo) await binaryLog.executeEmpty(gtid);
  }
}

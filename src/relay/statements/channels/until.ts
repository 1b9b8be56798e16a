import { ServerError } from '../../../errors/index.ts';
import { MysqlGtidSet, parseMariadbGtidList } from '../../../gtid/index.ts';
import type { Until } from '../../../replication/index.ts';
import type { UntilClause } from '../../../sql/index.ts';
import type { Context, Relay } from '../context.ts';

/** ER_BAD_REPLICA_UNTIL_COND */
export const incorrectUntil = ({ flavor }: Relay): ServerError =>
  new ServerError(
    1277,
    'HY000',
    `Incorrect parameter or combination of parameters for START ${flavor === 'mysql' ? 'REPLICA' : 'SLAVE'} UNTIL`,
  );

/** Whether it names a file and a position, rather than transactions. */
export const namesPlace = <C extends Until | UntilClause>(
  until: C,
): until is Extract<C, { kind: 'sourcePosition' | 'relayPosition' }> =>
  until.kind === 'sourcePosition' || until.kind === 'relayPosition';

/** The clause as a channel takes it. @throws ServerError 1277, 1772 */
export function untilOf(clause: UntilClause, { relay }: Context): Until {
  switch (clause.kind) {
    case 'afterMtsGaps':
      return clause;
    case 'sourcePosition':
    case 'relayPosition': {
      const { kind, file, position } = clause;
      // Only a name with a number can be compared.
      if (file === undefined || position === undefined || !/\.\d+$/.test(file)) throw incorrectUntil(relay);
      return { kind, file, position };
    }
    case 'mariadbGtids':
      checkGtids(clause.gtids, () => parseMariadbGtidList(clause.gtids));
      return clause;
    default:
      if (relay.flavor === 'mariadb') {
        checkGtids(clause.gtids, () => parseMariadbGtidList(clause.gtids));
        return {
          kind: clause.kind === 'beforeGtids' ? 'beforeMariadbGtids' : 'mariadbGtids',
          gtids: clause.gtids,
        };
      }
      checkGtids(clause.gtids, () => MysqlGtidSet.parse(clause.gtids));
      return clause;
  }
}

/** The servers' notes: that UNTIL does not hold for the next start of the server, if that starts channels, or, undefined, that nobody is there to stop. */
export function tellOfUntil(until: Until | undefined, { relay, session }: Context): void {
  if (until === undefined) {
    session.warn(1279, 'SQL thread is not to be started so UNTIL options are ignored', 'Note');
    return;
  }
  if (!namesPlace(until) || relay.variables.boolean('skip_replica_start')) return;
  const [word, replica] = relay.flavor === 'mysql' ? ['replica', 'REPLICA'] : ['slave', 'SLAVE'];
  session.warn(
    1278,
    `It is recommended to use --skip-${word}-start when doing step-by-step replication with START ${replica} UNTIL; otherwise, you will get problems if you get an unexpected ${word}'s ${relay.flavor === 'mysql' ? 'mysqld' : 'mariadbd'} restart`,
    'Note',
  );
}

function checkGtids(text: string, parse: () => unknown): void {
  try {
    if (parse() !== undefined) return;
  } catch {
    // Whatever is wrong with it, the servers have one text.
  }
  throw new ServerError(1772, 'HY000', `Malformed GTID set specification '${text}'.`);
}

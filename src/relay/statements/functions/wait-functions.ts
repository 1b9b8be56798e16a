import { setTimeout as wait } from 'node:timers/promises';
import { ServerError } from '../../../errors/index.ts';
import { MariadbReplicaState, MysqlGtidSet } from '../../../gtid/index.ts';
import { notSupported } from '../../../sql/index.ts';
import type { PerformedFunction } from './performed-function.ts';

/** How long between looks, in milliseconds. */
const LOOK_MS = 20;

/** ER_WRONG_PARAMCOUNT_TO_NATIVE_FCT */
const wrongCount = (name: string): ServerError =>
  new ServerError(
    1582,
    '42000',
    `Incorrect parameter count in the call to native function '${name.toUpperCase()}'`,
  );

function parsed(text: string): MysqlGtidSet {
  try {
    return MysqlGtidSet.parse(text);
  } catch {
    throw new ServerError(1772, 'HY000', `Malformed GTID set specification '${text}'.`);
  }
}

/** Looks until something is so, or the time is over. @returns false: it is not so. @throws ServerError the statement is to end */
async function until(isSo: () => boolean, seconds: number, interrupted: AbortSignal): Promise<boolean> {
  const limit = seconds > 0 ? performance.now() + seconds * 1000 : Number.POSITIVE_INFINITY;
  while (!isSo()) {
    interrupted.throwIfAborted();
    if (performance.now() >= limit) return false;
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    await wait(LOOK_MS, undefined, { ref: false });
  }
  return true;
}

function mariadbState(text: string): MariadbReplicaState {
  try {
    return MariadbReplicaState.parse(text);
  } catch {
    throw new ServerError(1941, 'HY000', 'Could not parse GTID list');
  }
}

/** The number a name of a log ends in; undefined: it has none. */
const numberOf = (file: string): number | undefined => {
  const digits = /\.(\d+)$/.exec(file)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

/** SOURCE_POS_WAIT(file, position[, seconds[, channel]]): null where no applier runs, −1 when the time is over. */
const positionWait: PerformedFunction = {
  least: 2,
  most: 4,
  wrongCount,
  run: async ([file = null, position = null, seconds = 0, channel = ''], { relay, session }, name) => {
    const control = relay.streams.channels.get(String(channel ?? ''));
    const wanted = file === null ? undefined : numberOf(String(file));
    if (Number(seconds) < 0)
      throw new ServerError(1210, 'HY000', `Incorrect arguments to ${name.toUpperCase()}.`);
    if (control === undefined || wanted === undefined || position === null) return null;
    const runs = (): boolean => control.status().applier.state !== 'OFF';
    if (!runs()) return null;
    const isThere = (): boolean => {
      const { sourceLogFile, execSourceLogPos } = control.status().applier;
      const at = numberOf(sourceLogFile) ?? 0;
      return at > wanted || (at === wanted && execSourceLogPos >= Number(position));
    };
    if (isThere()) return 0;
    if (!(await until(() => isThere() || !runs(), Number(seconds ?? 0), session.interrupted))) return -1;
    // How many events it were, nobody counts: one at least.
    return isThere() ? 1 : null;
  },
};

/** Functions that take their time. */
export const waitFunctions: Readonly<Record<string, PerformedFunction>> = {
  source_pos_wait: positionWait,
  master_pos_wait: positionWait,
  /** MariaDB's: 0 once the position has it all, −1 when the time is over. */
  master_gtid_wait: {
    least: 1,
    most: 2,
    wrongCount,
    run: async ([list = null, seconds = null], { relay, session }) => {
      if (relay.flavor !== 'mariadb')
        throw notSupported('MASTER_GTID_WAIT', 'Use WAIT_FOR_EXECUTED_GTID_SET');
      if (list === null) return null;
      const wanted = mariadbState(String(list));
      const isThere = (): boolean => {
        const position = MariadbReplicaState.parse(relay.streams.binaryLog.gtidPosition);
        return [...wanted.gtids()].every(({ domainId, seqNo }) => {
          const last = position.last(domainId);
          return last !== undefined && last.seqNo >= seqNo;
        });
      };
      // MariaDB looks once where it may not wait.
      if (isThere()) return 0;
      if (seconds !== null && Number(seconds) <= 0) return -1;
      return (await until(isThere, Number(seconds ?? 0), session.interrupted)) ? 0 : -1;
    },
  },
  /** 0 once all are executed, 1 when the time is over; without a time, it may take for ever. */
  wait_for_executed_gtid_set: {
    least: 1,
    most: 2,
    wrongCount,
    run: async ([set = null, seconds = 0], { relay, session }, name) => {
      if (set === null || seconds === null || Number(seconds) < 0)
        throw new ServerError(1210, 'HY000', `Incorrect arguments to ${name.toUpperCase()}.`);
      const wanted = parsed(String(set));
      if (relay.variables.has('gtid_mode') && relay.variables.text('gtid_mode') === 'OFF')
        throw new ServerError(
          1784,
          'HY000',
          'Cannot execute WAIT_FOR_EXECUTED_GTID_SET when GTID_MODE = OFF.',
        );
      const { binaryLog } = relay.streams;
      const isThere = (): boolean => wanted.isSubsetOf(MysqlGtidSet.parse(binaryLog.gtidExecuted));
      return (await until(isThere, Number(seconds), session.interrupted)) ? 0 : 1;
    },
  },
};

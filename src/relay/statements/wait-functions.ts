import { setTimeout as wait } from 'node:timers/promises';
import { ServerError } from '../../errors/index.ts';
import { MysqlGtidSet } from '../../gtid/index.ts';
import type { PerformedFunction } from './performed-calls.ts';

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

/** Functions that take their time. */
export const waitFunctions: Readonly<Record<string, PerformedFunction>> = {
  /** 0 once all are executed, 1 when the time is over; without a time, it may take for ever. */
  wait_for_executed_gtid_set: {
    least: 1,
    most: 2,
    wrongCount,
    run: async ([set = null, seconds = 0], { relay, session }, name) => {
      if (set === null || seconds === null || Number(seconds) < 0)
        throw new ServerError(1210, 'HY000', `Incorrect arguments to ${name}`);
      const wanted = parsed(String(set));
      if (relay.variables.has('gtid_mode') && relay.variables.text('gtid_mode') === 'OFF')
        throw new ServerError(
          1784,
          'HY000',
          'Cannot execute WAIT_FOR_EXECUTED_GTID_SET when GTID_MODE = OFF.',
        );
      const limit =
        Number(seconds) === 0 ? Number.POSITIVE_INFINITY : performance.now() + Number(seconds) * 1000;
      const { ended } = session;
      const { binaryLog } = relay.streams;
      while (!wanted.isSubsetOf(MysqlGtidSet.parse(binaryLog.gtidExecuted))) {
        if (performance.now() >= limit) return 1;
        // Whoever is interrupted does not hear the answer.
        if (ended?.aborted === true) return null;
        // oxlint-disable-next-line no-await-in-loop -- one look after the other
        await wait(LOOK_MS, undefined, { ref: false });
      }
      return 0;
    },
  },
};

import { ServerStatus } from '../../wire/index.ts';
import type { PacketChannel } from '../packets/packet-channel.ts';
import {
  type Outcome,
  type ResultSet,
  type Row,
  readOneResult,
  readOutcome,
  readRows,
  skipResults,
} from './query.ts';

/** The rows of the answer that comes next, as they arrive. Whoever leaves early has the rest read and dropped. */
export async function* streamRows(channel: PacketChannel): AsyncGenerator<Row, Outcome> {
  const outcome = await readOutcome(channel);
  let status = outcome.columns.length === 0 ? outcome.status : undefined;
  try {
    if (status !== undefined) return outcome;
    const rows = readRows(channel, outcome.columns.length);
    try {
      for (;;) {
        const step = await rows.next();
        if (step.done === true) {
          status = step.value;
          return { ...outcome, status };
        }
        yield step.value;
      }
    } finally {
      while (status === undefined && !channel.socket.destroyed) {
        const step = await rows.next();
        if (step.done === true) status = step.value ?? 0;
      }
    }
  } finally {
    if (status !== undefined) await skipResults(channel, status);
  }
}

/** Every result of the answer that comes next, as CALL has several. Whoever leaves early has the rest read and dropped. */
export async function* streamResults(channel: PacketChannel): AsyncGenerator<ResultSet, void> {
  let status = 0;
  try {
    do {
      status = 0;
      const result = await readOneResult(channel);
      status = result.status;
      yield result;
    } while ((status & ServerStatus.MORE_RESULTS_EXISTS) !== 0);
  } finally {
    await skipResults(channel, status);
  }
}

import { CHECKSUM_BYTES, decodeBody, encodeEvent, type LogState, type RawEvent } from '../../binlog/index.ts';
import { RowlockError } from '../../errors/index.ts';
import type { RewriteDb } from '../print-options.ts';
import { wholeEvent } from './payload-events.ts';

/**
 * The event with its database renamed, bytes and checksum too, or the event itself where there is nothing to rename. Names
 * inside statements stay.
 */
export function rewriteDatabase(event: RawEvent, rules: readonly RewriteDb[], log: LogState): RawEvent {
  let body: ReturnType<typeof decodeBody>;
  try {
    body = decodeBody(event, log);
  } catch (error) {
    if (error instanceof RowlockError) return event;
    throw error;
  }
  if (body.kind !== 'query' && body.kind !== 'tableMap' && body.kind !== 'executeLoadQuery') return event;
  const name = body.schema.toString('latin1');
  const rule = rules.find(({ from }) => from === name);
  if (rule === undefined) return event;
  const schema = Buffer.from(rule.to, 'latin1');
  const bytes = encodeEvent(event, { ...body, schema }, log, { checksum: event.hasChecksum });
  return wholeEvent(event, bytes, event.hasChecksum ? CHECKSUM_BYTES : 0);
}

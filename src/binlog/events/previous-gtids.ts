import { EventType } from '../event-type.ts';
import type { EventDefinition } from './definition.ts';

/** The GTIDs of all earlier logs, as a binary set: `MysqlGtidSet.decode` of the gtid room reads it. */
export interface PreviousGtids {
  readonly kind: 'previousGtids';
  readonly set: Buffer;
}

export const previousGtids: EventDefinition<PreviousGtids> = {
  kind: 'previousGtids',
  codes: [EventType.PREVIOUS_GTIDS_LOG_EVENT],
  postHeaderLength: 0,
  decode: (cursor) => ({ kind: 'previousGtids', set: cursor.view(cursor.remaining) }),
  encode: (body, writer) => writer.bytes(body.set),
};

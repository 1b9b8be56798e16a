import { FormatError } from '../../errors/index.ts';
import { EventType } from '../event-type.ts';
import type { EventDefinition } from './definition.ts';

/** The GTIDs of all earlier logs, as a binary set: `MysqlGtidSet.decode` of the gtid room reads it. */
export interface PreviousGtids {
  readonly kind: 'previousGtids';
  readonly set: Buffer;
}

/** A set begins with the number of its sources. */
const COUNT_BYTES = 8;

export const previousGtids: EventDefinition<PreviousGtids> = {
  kind: 'previousGtids',
  codes: [EventType.PREVIOUS_GTIDS_LOG_EVENT],
  postHeaderLength: 0,
  decode(cursor) {
    if (cursor.remaining < COUNT_BYTES) throw new FormatError(`a set of GTIDs of ${cursor.remaining} bytes`);
    return { kind: 'previousGtids', set: cursor.view(cursor.remaining) };
  },
  encode: (body, writer) => writer.bytes(body.set),
};

import { EventType } from '../event-type.ts';
import type { EventDefinition } from './definition.ts';

/** Commits a transaction of a transactional engine: 8 bytes, the server's transaction number. */
export interface Xid {
  readonly kind: 'xid';
  readonly xid: bigint;
}

export const xid: EventDefinition<Xid> = {
  kind: 'xid',
  codes: [EventType.XID_EVENT],
  postHeaderLength: 0,
  decode: (cursor) => ({ kind: 'xid', xid: cursor.u64() }),
  encode: (body, writer) => writer.u64(body.xid),
};

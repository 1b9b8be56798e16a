import type { Cursor } from '../../bytes/index.ts';
import { EventType } from '../event-type.ts';
import type { EventDefinition } from './definition.ts';

/**
 * "Nothing new, I am here": only on the wire. Version 1 is the log's name, its position in the header; MariaDB beyond 4 GiB puts
 * an 8-byte position before the name and 0 in the header.
 */
export interface Heartbeat {
  readonly kind: 'heartbeat';
  readonly bytes: Buffer;
}

export const heartbeat: EventDefinition<Heartbeat> = {
  kind: 'heartbeat',
  codes: [EventType.HEARTBEAT_LOG_EVENT],
  postHeaderLength: 0,
  decode: (cursor) => ({ kind: 'heartbeat', bytes: cursor.view(cursor.remaining) }),
  encode: (body, writer) => writer.bytes(body.bytes),
};

/** MySQL 8.0.28: fields of `lenenc type, lenenc length, value`; 1 is the log's name, 2 the position as lenenc, 0 ends. */
export interface HeartbeatV2 {
  readonly kind: 'heartbeatV2';
  readonly file: Buffer;
  readonly position: bigint;
  readonly rest: Buffer;
}

const Field = { END: 0, FILE: 1, POSITION: 2 } as const;

function readFields(cursor: Cursor): { file: Buffer; position: bigint } {
  let file: Buffer = Buffer.alloc(0);
  let position = 0n;
  while (cursor.remaining > 0) {
    const type = cursor.lenenc();
    if (type === Field.END) break;
    const length = cursor.lenenc();
    if (type === Field.FILE) file = cursor.view(length);
    else if (type === Field.POSITION) position = cursor.lenenc64();
    else cursor.skip(length);
  }
  return { file, position };
}

export const heartbeatV2: EventDefinition<HeartbeatV2> = {
  kind: 'heartbeatV2',
  codes: [EventType.HEARTBEAT_LOG_EVENT_V2],
  postHeaderLength: 0,
  decode: (cursor) => ({ kind: 'heartbeatV2', ...readFields(cursor), rest: cursor.view(cursor.remaining) }),
  encode(body, writer) {
    writer.lenenc(Field.FILE);
    writer.lenenc(body.file.length);
    writer.bytes(body.file);
    writer.lenenc(Field.POSITION);
    const at = writer.length;
    writer.lenenc64(body.position);
    const width = writer.length - at;
    writer.length = at;
    writer.lenenc(width);
    writer.lenenc64(body.position);
    writer.lenenc(Field.END);
    writer.bytes(body.rest);
  },
};

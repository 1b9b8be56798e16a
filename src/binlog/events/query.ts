import { FormatError } from '../../errors/index.ts';
import { deflateBlock, inflateBlock } from '../compressed-block.ts';
import { EventType } from '../event-type.ts';
import type { StatusVariables } from '../status-variables.ts';
import type { EventDefinition } from './definition.ts';
import { untilNul } from './until-nul.ts';

/**
 * A statement: DDL, a statement-format change, BEGIN, COMMIT.
 *
 *   bytes  field
 *   4      thread id
 *   4      execution time, seconds
 *   1      length of the default database's name
 *   2      error code
 *   2      length of the status variables
 *   n      status variables, see status-variables.ts
 *   n      default database, NUL terminated
 *   rest   statement, in `character_set_client`; QUERY_COMPRESSED: a compressed block of it
 */
export interface Query {
  readonly kind: 'query';
  readonly threadId: number;
  readonly executionSeconds: number;
  readonly errorCode: number;
  readonly status: StatusVariables;
  readonly schema: Buffer;
  /** The statement, inflated if it was compressed. */
  readonly statement: Buffer;
  /** QUERY_COMPRESSED: the block as logged. */
  readonly block: Buffer | undefined;
}

const FIXED_BYTES = 13;

export const query: EventDefinition<Query> = {
  kind: 'query',
  codes: [EventType.QUERY_EVENT, EventType.QUERY_COMPRESSED_EVENT],
  postHeaderLength: FIXED_BYTES,
  decode(cursor, header, log) {
    const threadId = cursor.u32();
    const executionSeconds = cursor.u32();
    const schemaLength = cursor.u8();
    const errorCode = cursor.u16();
    const fixedBytes = log.postHeaderLength(EventType.QUERY_EVENT, FIXED_BYTES);
    // Servers before 5.0 wrote no status variables and said so by a shorter fixed part.
    const statusLength = fixedBytes >= FIXED_BYTES ? cursor.u16() : 0;
    if (fixedBytes > FIXED_BYTES) cursor.skip(fixedBytes - FIXED_BYTES);
    const status = log.statuses.read(cursor, statusLength);
    const logged = cursor.view(schemaLength);
    const isClosed = cursor.u8() === 0;
    if (!isClosed && !log.tolerant) throw new FormatError('default database is not followed by NUL');
    // To the original an empty name goes on to the next NUL, which is behind it unless the event is damaged.
    const named =
      isClosed || schemaLength > 0 ? logged : cursor.bytes.subarray(cursor.position - 1, cursor.end);
    const schema = log.tolerant ? untilNul(named) : logged;
    const rest = cursor.view(cursor.remaining);
    if (rest.length === 0 && log.flavor === 'mysql') throw new FormatError('a statement of no length');
    const compressed = header.type === EventType.QUERY_COMPRESSED_EVENT;
    const statement = compressed ? inflateBlock(rest) : rest;
    const block = compressed ? rest : undefined;
    return { kind: 'query', threadId, executionSeconds, errorCode, status, schema, statement, block };
  },
  encode(body, writer, header) {
    writer.u32(body.threadId);
    writer.u32(body.executionSeconds);
    writer.u8(body.schema.length);
    writer.u16(body.errorCode);
    writer.u16(body.status.bytes.length);
    writer.bytes(body.status.bytes);
    writer.bytes(body.schema);
    writer.u8(0);
    const compressed = header.type === EventType.QUERY_COMPRESSED_EVENT;
    writer.bytes(compressed ? (body.block ?? deflateBlock(body.statement)) : body.statement);
  },
};

import { EventType } from '../event-type.ts';
import type { StatusVariables } from '../status-variables.ts';
import type { EventDefinition } from './definition.ts';

/** LOAD DATA in statement format: the file travels in blocks under an id, then the statement that reads it. */

/** First block (BEGIN_LOAD_QUERY) or a further one (APPEND_BLOCK): 4 bytes file id, then data. */
export interface LoadBlock {
  readonly kind: 'beginLoadQuery' | 'appendBlock';
  readonly fileId: number;
  readonly data: Buffer;
}

export interface BeginLoadQuery extends LoadBlock {
  readonly kind: 'beginLoadQuery';
}

export interface AppendBlock extends LoadBlock {
  readonly kind: 'appendBlock';
}

export const beginLoadQuery: EventDefinition<BeginLoadQuery> = {
  kind: 'beginLoadQuery',
  codes: [EventType.BEGIN_LOAD_QUERY_EVENT],
  postHeaderLength: 4,
  decode: (cursor) => ({ kind: 'beginLoadQuery', fileId: cursor.u32(), data: cursor.view(cursor.remaining) }),
  encode(body, writer) {
    writer.u32(body.fileId);
    writer.bytes(body.data);
  },
};

export const appendBlock: EventDefinition<AppendBlock> = {
  kind: 'appendBlock',
  codes: [EventType.APPEND_BLOCK_EVENT],
  postHeaderLength: 4,
  decode: (cursor) => ({ kind: 'appendBlock', fileId: cursor.u32(), data: cursor.view(cursor.remaining) }),
  encode(body, writer) {
    writer.u32(body.fileId);
    writer.bytes(body.data);
  },
};

/** The load failed or was filtered: forget the file. */
export interface DeleteFile {
  readonly kind: 'deleteFile';
  readonly fileId: number;
}

export const deleteFile: EventDefinition<DeleteFile> = {
  kind: 'deleteFile',
  codes: [EventType.DELETE_FILE_EVENT],
  postHeaderLength: 4,
  decode: (cursor) => ({ kind: 'deleteFile', fileId: cursor.u32() }),
  encode: (body, writer) => writer.u32(body.fileId),
};

/** `enum_load_dup_handling`: what LOAD DATA does with a row whose key is there. */
export const LoadDuplicates = { ERROR: 0, IGNORE: 1, REPLACE: 2 } as const;

/**
 * The statement: a Query with, behind its 13 fixed bytes,
 *
 *   4  file id
 *   4  where in the statement the text to be replaced by a local file's name starts (behind `LOAD DATA`)
 *   4  and where it ends
 *   1  what to do with duplicates: 0 error, 1 IGNORE, 2 REPLACE
 */
export interface ExecuteLoadQuery {
  readonly kind: 'executeLoadQuery';
  readonly threadId: number;
  readonly executionSeconds: number;
  readonly errorCode: number;
  readonly fileId: number;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly duplicates: number;
  readonly status: StatusVariables;
  readonly schema: Buffer;
  readonly statement: Buffer;
}

export const executeLoadQuery: EventDefinition<ExecuteLoadQuery> = {
  kind: 'executeLoadQuery',
  codes: [EventType.EXECUTE_LOAD_QUERY_EVENT],
  postHeaderLength: 26,
  decode(cursor, _header, log) {
    const threadId = cursor.u32();
    const executionSeconds = cursor.u32();
    const schemaLength = cursor.u8();
    const errorCode = cursor.u16();
    const statusLength = cursor.u16();
    const fileId = cursor.u32();
    const nameStart = cursor.u32();
    const nameEnd = cursor.u32();
    const duplicates = cursor.u8();
    const status = log.statuses.read(cursor, statusLength);
    const schema = cursor.view(schemaLength);
    cursor.skip(1);
    return {
      kind: 'executeLoadQuery',
      threadId,
      executionSeconds,
      errorCode,
      fileId,
      nameStart,
      nameEnd,
      duplicates,
      status,
      schema,
      statement: cursor.view(cursor.remaining),
    };
  },
  encode(body, writer) {
    writer.u32(body.threadId);
    writer.u32(body.executionSeconds);
    writer.u8(body.schema.length);
    writer.u16(body.errorCode);
    writer.u16(body.status.bytes.length);
    writer.u32(body.fileId);
    writer.u32(body.nameStart);
    writer.u32(body.nameEnd);
    writer.u8(body.duplicates);
    writer.bytes(body.status.bytes);
    writer.bytes(body.schema);
    writer.u8(0);
    writer.bytes(body.statement);
  },
};

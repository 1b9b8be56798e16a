import { FormatError } from '../../errors/index.ts';
import { EventType } from '../event-type.ts';
import type { EventDefinition } from './definition.ts';

/** Events that tell a reader something and change nothing. */

/** The statement behind the rows that follow (MySQL `binlog_rows_query_log_events`): 1 length byte to be ignored, text. */
export interface RowsQuery {
  readonly kind: 'rowsQuery';
  /** The low byte of the length, as logged. */
  readonly length: number;
  readonly statement: Buffer;
}

export const rowsQuery: EventDefinition<RowsQuery> = {
  kind: 'rowsQuery',
  codes: [EventType.ROWS_QUERY_LOG_EVENT],
  postHeaderLength: 0,
  decode: (cursor) => ({ kind: 'rowsQuery', length: cursor.u8(), statement: cursor.view(cursor.remaining) }),
  encode(body, writer) {
    writer.u8(body.length);
    writer.bytes(body.statement);
  },
};

/** The same from MariaDB (`binlog_annotate_row_events`): text to the end. */
export interface AnnotateRows {
  readonly kind: 'annotateRows';
  readonly statement: Buffer;
}

export const annotateRows: EventDefinition<AnnotateRows> = {
  kind: 'annotateRows',
  codes: [EventType.ANNOTATE_ROWS_EVENT],
  postHeaderLength: 0,
  decode(cursor) {
    if (cursor.remaining === 0) throw new FormatError('an annotation without text');
    return { kind: 'annotateRows', statement: cursor.view(cursor.remaining) };
  },
  encode: (body, writer) => writer.bytes(body.statement),
};

/**
 * The log may lack changes: 2 bytes code, 1 byte length, message.
 */
export interface Incident {
  readonly kind: 'incident';
  /** 1 is LOST_EVENTS. */
  readonly incident: number;
  readonly message: Buffer;
}

const LOST_EVENTS = 1;

export const incident: EventDefinition<Incident> = {
  kind: 'incident',
  codes: [EventType.INCIDENT_EVENT],
  postHeaderLength: 2,
  decode(cursor) {
    const number = cursor.u16();
    if (number !== LOST_EVENTS) throw new FormatError(`an incident of number ${number}`);
    return { kind: 'incident', incident: number, message: cursor.view(cursor.u8()) };
  },
  encode(body, writer) {
    writer.u16(body.incident);
    writer.u8(body.message.length);
    writer.bytes(body.message);
  },
};

/** MySQL: may be skipped by whoever does not know it. */
export interface Ignorable {
  readonly kind: 'ignorable';
  readonly bytes: Buffer;
}

export const ignorable: EventDefinition<Ignorable> = {
  kind: 'ignorable',
  codes: [EventType.IGNORABLE_LOG_EVENT],
  postHeaderLength: 0,
  decode: (cursor) => ({ kind: 'ignorable', bytes: cursor.view(cursor.remaining) }),
  encode: (body, writer) => writer.bytes(body.bytes),
};

/** MariaDB: the oldest log that crash recovery still needs. 4 bytes length, file name. */
export interface BinlogCheckpoint {
  readonly kind: 'binlogCheckpoint';
  readonly file: Buffer;
}

export const binlogCheckpoint: EventDefinition<BinlogCheckpoint> = {
  kind: 'binlogCheckpoint',
  codes: [EventType.BINLOG_CHECKPOINT_EVENT],
  postHeaderLength: 4,
  decode: (cursor) => ({ kind: 'binlogCheckpoint', file: cursor.view(cursor.u32()) }),
  encode(body, writer) {
    writer.u32(body.file.length);
    writer.bytes(body.file);
  },
};

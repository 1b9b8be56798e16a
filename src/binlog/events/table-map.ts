import { Cursor, Writer } from '../../bytes/index.ts';
import { FormatError, LimitError } from '../../errors/index.ts';
import { Column, ColumnCode, type ColumnType, columnTypeOf } from '../columns/index.ts';
import { EventType } from '../event-type.ts';
import { limits } from '../limits.ts';
import type { Flavor } from '../server-version.ts';
import { applyMetadata, type MetadataField } from '../table-metadata.ts';
import type { EventDefinition } from './definition.ts';
import { untilNul } from './until-nul.ts';

/** `TM_…_F` of both servers. */
export const TableMapFlag = {
  BIT_LEN_EXACT: 0x1,
  REFERRED_FK_DB: 0x2,
  /** MySQL 8.0.30: the table has a generated invisible primary key. */
  GENERATED_INVISIBLE_PRIMARY_KEY: 0x4,
} as const;

/**
 * Gives the rows events that follow their table: name, columns, and what else the server chose to say.
 *
 *   bytes   field
 *   6       table id (4 before MySQL 5.1.4)
 *   2       flags
 *   lenenc  schema name, NUL terminated; the same for the table name
 *   lenenc  number of columns, then a type byte each
 *   lenenc  length of the type metadata, then the metadata
 *   n       nullable bitmap, first column in the lowest bit
 *   rest    optional metadata: type byte, lenenc length, value (MySQL 8.0.1, MariaDB 10.5)
 */
export interface TableMap {
  readonly kind: 'tableMap';
  readonly tableId: number;
  readonly flags: number;
  /** As logged, in the server's system character set, UTF-8. */
  readonly schema: Buffer;
  readonly table: Buffer;
  readonly columns: readonly Column[];
  /** Type metadata that belongs to no column, where there is some: mysqlbinlog passes over it. */
  readonly unusedMeta?: Buffer;
  /** Whether rows must tell how many digits its old temporal columns have: {@link Column.fractionDigits}. */
  readonly hasOldTemporals?: true;
  /** The optional metadata as logged; each column carries what it says of that column. */
  readonly metadata: readonly MetadataField[];
}

const oldTemporalCodes: ReadonlySet<number> = new Set([
  ColumnCode.TIME,
  ColumnCode.DATETIME,
  ColumnCode.TIMESTAMP,
]);

function readName(cursor: Cursor, tolerant: boolean): Buffer {
  const name = cursor.copy(cursor.lenenc());
  const isClosed = cursor.u8() === 0;
  if (tolerant) return untilNul(name);
  if (!isClosed) throw new FormatError('name is not followed by NUL');
  return name;
}

/** Bytes of metadata for each column: the servers' tools refuse an event that claims more. */
const MOST_METADATA: Readonly<Record<Flavor, number>> = { mysql: 4, mariadb: 2 };
/** No type reads more. */
const PADDING = 4;

/** Reads what is there of a column's metadata; for tolerant readers the rest is zeros. */
function readMeta(type: ColumnType, cursor: Cursor, tolerant: boolean): number {
  if (!tolerant || cursor.remaining >= PADDING) return type.readMeta(cursor);
  const { remaining } = cursor;
  const padded = new Cursor(Buffer.concat([cursor.view(remaining), Buffer.alloc(PADDING)]));
  const meta = type.readMeta(padded);
  cursor.position += Math.min(padded.position, remaining) - remaining;
  return meta;
}

function readOptionalMetadata(cursor: Cursor, fields: MetadataField[], tolerant: boolean): void {
  while (cursor.remaining > 0) {
    const type = cursor.u8();
    const length = cursor.lenenc();
    fields.push({ type, value: cursor.copy(tolerant ? Math.min(length, cursor.remaining) : length) });
  }
}

const typeMetadata = new Writer(64);

export const tableMap: EventDefinition<TableMap> = {
  kind: 'tableMap',
  codes: [EventType.TABLE_MAP_EVENT],
  postHeaderLength: 8,
  decode(cursor, header, log) {
    const tableId = log.tableIdBytes(header.type) === 4 ? cursor.u32() : cursor.u48();
    const flags = cursor.u16();
    const schema = readName(cursor, log.tolerant);
    const table = readName(cursor, log.tolerant);
    const count = cursor.lenenc();
    if (count > limits.columns) throw new LimitError(`table of ${count} columns exceeds ${limits.columns}`);
    const types = cursor.view(count);
    if (log.tolerant && cursor.remaining === 0) {
      const columns = Array.from(types, (code, index) =>
        Object.assign(new Column(index, code, 0), { nullable: false }),
      );
      return { kind: 'tableMap', tableId, flags, schema, table, columns, metadata: [] };
    }
    const metaBytes = cursor.lenenc();
    if (log.tolerant && metaBytes > count * MOST_METADATA[log.flavor])
      throw new FormatError(`column metadata of ${metaBytes} bytes for ${count} columns`);
    if (metaBytes > cursor.remaining)
      throw new FormatError(`column metadata of ${metaBytes} bytes leaves the event`);
    const outerEnd = cursor.end;
    cursor.end = cursor.position + metaBytes;
    const columns: Column[] = [];
    for (let index = 0; index < count; index += 1) {
      const type = columnTypeOf(types[index]!);
      columns.push(new Column(index, types[index]!, readMeta(type, cursor, log.tolerant)));
    }
    const unusedMeta = cursor.copy(cursor.remaining);
    cursor.end = outerEnd;
    const nullable = cursor.view((count + 7) >> 3);
    for (let index = 0; index < count; index += 1) {
      columns[index]!.nullable = (nullable[index >> 3]! & (1 << (index & 7))) !== 0;
    }
    const metadata: MetadataField[] = [];
    try {
      readOptionalMetadata(cursor, metadata, log.tolerant);
    } catch (error) {
      if (!log.tolerant || !(error instanceof FormatError)) throw error;
    }
    try {
      applyMetadata(columns, metadata, log.flavor);
    } catch (error) {
      if (!log.tolerant || !(error instanceof FormatError)) throw error;
    }
    const map = { kind: 'tableMap', tableId, flags, schema, table, columns, metadata } as const;
    const isOld = log.flavor === 'mariadb' && columns.some(({ code }) => oldTemporalCodes.has(code));
    if (unusedMeta.length === 0 && !isOld) return map;
    return {
      ...map,
      ...(isOld && { hasOldTemporals: true }),
      ...(unusedMeta.length > 0 && { unusedMeta }),
    };
  },
  encode(body, writer, header, log) {
    if (log.tableIdBytes(header.type) === 4) writer.u32(body.tableId);
    else writer.u48(body.tableId);
    writer.u16(body.flags);
    for (const name of [body.schema, body.table]) {
      writer.lenenc(name.length);
      writer.bytes(name);
      writer.u8(0);
    }
    const { columns } = body;
    writer.lenenc(columns.length);
    for (const column of columns) writer.u8(column.code);
    typeMetadata.reset();
    for (const column of columns) columnTypeOf(column.code).writeMeta(typeMetadata, column.meta);
    if (body.unusedMeta !== undefined) typeMetadata.bytes(body.unusedMeta);
    writer.lenenc(typeMetadata.length);
    writer.bytes(typeMetadata.view());
    const nullable = new Uint8Array((columns.length + 7) >> 3);
    for (const { index, nullable: yes } of columns) if (yes) nullable[index >> 3]! |= 1 << (index & 7);
    writer.bytes(nullable);
    for (const { type, value } of body.metadata) {
      writer.u8(type);
      writer.lenenc(value.length);
      writer.bytes(value);
    }
  },
};

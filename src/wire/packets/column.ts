import { FormatError } from '../../errors/index.ts';
import { ExtendedCapability, has } from '../capabilities.ts';
import {
  type PacketDefinition,
  utf8Lenenc,
  writeBytesLenenc,
  writeTextLenenc,
  writeUtf8Lenenc,
} from './definition.ts';

/** `MYSQL_TYPE_…` codes as result sets use them. */
export const ColumnType = {
  DECIMAL: 0x00,
  TINY: 0x01,
  SHORT: 0x02,
  LONG: 0x03,
  FLOAT: 0x04,
  DOUBLE: 0x05,
  NULL: 0x06,
  TIMESTAMP: 0x07,
  LONGLONG: 0x08,
  INT24: 0x09,
  DATE: 0x0a,
  TIME: 0x0b,
  DATETIME: 0x0c,
  YEAR: 0x0d,
  VARCHAR: 0x0f,
  BIT: 0x10,
  VECTOR: 0xf2,
  JSON: 0xf5,
  NEWDECIMAL: 0xf6,
  ENUM: 0xf7,
  SET: 0xf8,
  TINY_BLOB: 0xf9,
  MEDIUM_BLOB: 0xfa,
  LONG_BLOB: 0xfb,
  BLOB: 0xfc,
  VAR_STRING: 0xfd,
  STRING: 0xfe,
  GEOMETRY: 0xff,
} as const;

/** Flags of a column definition. */
export const ColumnFlag = { NOT_NULL: 1, PRI_KEY: 2, UNSIGNED: 32, ZEROFILL: 64, BINARY: 128 } as const;

/** The pseudo character set of values that are bytes. */
export const BINARY_COLLATION = 63;

/** utf8mb4_general_ci: known to every server and client since 5.5.3. */
export const DEFAULT_COLLATION = 45;

/**
 * One column of a result set.
 *
 *   bytes       field
 *   packed x 6  catalog (`def`), schema, table, original table, name, original name
 *   packed      MariaDB's extended metadata (EXTENDED_METADATA)
 *   1           12: length of the rest
 *   2, 4, 1     collation, display length, type
 *   2, 1, 2     flags, decimals, filler
 */
export interface Column {
  readonly catalog: string;
  readonly schema: string;
  readonly table: string;
  readonly orgTable: string;
  readonly name: string;
  readonly orgName: string;
  /** Undefined unless EXTENDED_METADATA was agreed. */
  readonly metadata: Buffer | undefined;
  readonly collation: number;
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly decimals: number;
}

const FIXED = 12;

export const column: PacketDefinition<Column> = {
  name: 'ColumnDefinition41',
  read(cursor, { extended }) {
    const catalog = utf8Lenenc(cursor);
    const schema = utf8Lenenc(cursor);
    const table = utf8Lenenc(cursor);
    const orgTable = utf8Lenenc(cursor);
    const name = utf8Lenenc(cursor);
    const orgName = utf8Lenenc(cursor);
    const metadata = has(extended, ExtendedCapability.EXTENDED_METADATA)
      ? cursor.copy(cursor.lenenc())
      : undefined;
    const fixed = cursor.lenenc();
    if (fixed < FIXED) throw new FormatError(`fixed part of ${fixed} bytes, expected ${FIXED}`);
    const collation = cursor.u16();
    const length = cursor.u32();
    const type = cursor.u8();
    const flags = cursor.u16();
    const decimals = cursor.u8();
    return {
      catalog,
      schema,
      table,
      orgTable,
      name,
      orgName,
      metadata,
      collation,
      length,
      type,
      flags,
      decimals,
    };
  },
  write(packet, writer, { extended, resultsCharset }) {
    writeUtf8Lenenc(packet.catalog, writer);
    writeTextLenenc(packet.schema, writer, resultsCharset);
    writeTextLenenc(packet.table, writer, resultsCharset);
    writeTextLenenc(packet.orgTable, writer, resultsCharset);
    writeTextLenenc(packet.name, writer, resultsCharset);
    writeTextLenenc(packet.orgName, writer, resultsCharset);
    if (has(extended, ExtendedCapability.EXTENDED_METADATA)) {
      writeBytesLenenc(packet.metadata ?? Buffer.alloc(0), writer);
    }
    writer.lenenc(FIXED);
    writer.u16(packet.collation);
    writer.u32(packet.length);
    writer.u8(packet.type);
    writer.u16(packet.flags);
    writer.u8(packet.decimals);
    writer.u16(0);
  },
};

const NULL = 0xfb;

/** A column as COM_FIELD_LIST is answered: its default follows, which is NULL here. Clients take a column without it for malformed. */
export const listedColumn: PacketDefinition<Column> = {
  name: 'ColumnDefinition41 with a default',
  read: (cursor, agreed) => column.read(cursor, agreed),
  write(packet, writer, agreed) {
    column.write(packet, writer, agreed);
    writer.u8(NULL);
  },
};

/** A text column as a server describes an expression: utf8mb4, as long as it likes. */
export function textColumn(name: string): Column {
  return {
    catalog: 'def',
    schema: '',
    table: '',
    orgTable: '',
    name,
    orgName: '',
    metadata: undefined,
    collation: DEFAULT_COLLATION,
    length: 0x400,
    type: ColumnType.VAR_STRING,
    flags: 0,
    decimals: 31,
  };
}

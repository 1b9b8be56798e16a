import type { Cursor, Writer } from '../../bytes/index.ts';
import { FormatError } from '../../errors/index.ts';
import { type Agreement, Capability, has } from '../capabilities.ts';
import { MAX_COLUMNS } from '../limits.ts';
import { bytesIn, type PacketDefinition, restOf, textIn } from './definition.ts';
import { BinaryParameters, type Parameter } from './parameters.ts';

/** First byte of a command, as the servers name it. */
export const Command = {
  COM_SLEEP: 0x00,
  COM_QUIT: 0x01,
  COM_INIT_DB: 0x02,
  COM_QUERY: 0x03,
  COM_FIELD_LIST: 0x04,
  COM_CREATE_DB: 0x05,
  COM_DROP_DB: 0x06,
  COM_REFRESH: 0x07,
  COM_SHUTDOWN: 0x08,
  COM_STATISTICS: 0x09,
  COM_PROCESS_INFO: 0x0a,
  COM_CONNECT: 0x0b,
  COM_PROCESS_KILL: 0x0c,
  COM_DEBUG: 0x0d,
  COM_PING: 0x0e,
  COM_TIME: 0x0f,
  COM_DELAYED_INSERT: 0x10,
  COM_CHANGE_USER: 0x11,
  COM_BINLOG_DUMP: 0x12,
  COM_TABLE_DUMP: 0x13,
  COM_CONNECT_OUT: 0x14,
  COM_REGISTER_SLAVE: 0x15,
  COM_STMT_PREPARE: 0x16,
  COM_STMT_EXECUTE: 0x17,
  COM_STMT_SEND_LONG_DATA: 0x18,
  COM_STMT_CLOSE: 0x19,
  COM_STMT_RESET: 0x1a,
  COM_SET_OPTION: 0x1b,
  COM_STMT_FETCH: 0x1c,
  COM_DAEMON: 0x1d,
  COM_BINLOG_DUMP_GTID: 0x1e,
  COM_RESET_CONNECTION: 0x1f,
} as const;

/** A command that is nothing but its byte: COM_PING, COM_QUIT, COM_RESET_CONNECTION, COM_STATISTICS. */
export function bareCommand(code: number): Buffer {
  return Buffer.of(code);
}

export function expectCommand(cursor: Cursor, code: number): void {
  const got = cursor.u8();
  if (got !== code) throw new FormatError(`command ${got}, expected ${code}`);
}

/**
 * COM_QUERY: the statement, to the end of the packet. With QUERY_ATTRIBUTES the attributes come first, laid out as the
 * parameters of a prepared statement with names: packed count, packed number of sets (always 1), then, if there are any, null
 * bitmap, 01, types with names, values.
 */
export interface Query {
  readonly attributes: readonly Parameter[];
  /** In the connection's character set. */
  readonly statement: Buffer;
}

export const query: PacketDefinition<Query> = {
  name: 'COM_QUERY',
  read(cursor, agreed) {
    expectCommand(cursor, Command.COM_QUERY);
    return { attributes: readAttributes(cursor, agreed), statement: restOf(cursor) };
  },
  write(packet, writer, agreed) {
    writer.u8(Command.COM_QUERY);
    writeAttributes(packet.attributes, writer, agreed);
    writer.bytes(packet.statement);
  },
};

function readAttributes(cursor: Cursor, agreed: Agreement): readonly Parameter[] {
  if (!has(agreed.capabilities, Capability.QUERY_ATTRIBUTES)) return [];
  const count = cursor.lenenc();
  if (count > MAX_COLUMNS) throw new FormatError(`${count} query attributes`);
  const sets = cursor.lenenc();
  if (sets !== 1) throw new FormatError(`${sets} sets of query attributes`);
  if (count === 0) return [];
  const parameters = BinaryParameters.read(cursor, count, true);
  if (parameters === undefined) throw new FormatError('query attributes without types');
  return parameters;
}

function writeAttributes(attributes: readonly Parameter[], writer: Writer, agreed: Agreement): void {
  if (!has(agreed.capabilities, Capability.QUERY_ATTRIBUTES)) return;
  writer.lenenc(attributes.length);
  writer.lenenc(1);
  if (attributes.length > 0) BinaryParameters.write(attributes, writer, true);
}

/** COM_INIT_DB: the schema that becomes the default. */
export interface InitDb {
  readonly schema: string;
}

export const initDb: PacketDefinition<InitDb> = {
  name: 'COM_INIT_DB',
  read(cursor, { clientCharset }) {
    expectCommand(cursor, Command.COM_INIT_DB);
    return { schema: textIn(restOf(cursor), clientCharset) };
  },
  write(packet, writer, { clientCharset }) {
    writer.u8(Command.COM_INIT_DB);
    writer.bytes(bytesIn(packet.schema, clientCharset));
  },
};

/** COM_PROCESS_KILL: u32 connection id. */
export interface ProcessKill {
  readonly connectionId: number;
}

export const processKill: PacketDefinition<ProcessKill> = {
  name: 'COM_PROCESS_KILL',
  read(cursor) {
    expectCommand(cursor, Command.COM_PROCESS_KILL);
    return { connectionId: cursor.u32() };
  },
  write(packet, writer) {
    writer.u8(Command.COM_PROCESS_KILL);
    writer.u32(packet.connectionId);
  },
};

/** COM_SET_OPTION: u16, 0 switches several statements in one query on, 1 off. */
export interface SetOption {
  readonly option: number;
}

export const setOption: PacketDefinition<SetOption> = {
  name: 'COM_SET_OPTION',
  read(cursor) {
    expectCommand(cursor, Command.COM_SET_OPTION);
    return { option: cursor.u16() };
  },
  write(packet, writer) {
    writer.u8(Command.COM_SET_OPTION);
    writer.u16(packet.option);
  },
};

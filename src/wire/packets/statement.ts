import { FormatError } from '../../errors/index.ts';
import { Capability, has } from '../capabilities.ts';
import { type BinaryValue, readBinaryValue, writeBinaryValue } from './binary-value.ts';
import { type Column, ColumnFlag } from './column.ts';
import { Command, expectCommand } from './command.ts';
import { type PacketDefinition, restOf } from './definition.ts';
import { OK } from './generic.ts';
import { BinaryParameters, type Parameter, type ParameterTypes } from './parameters.ts';

/** COM_STMT_PREPARE: the statement, to the end. */
export interface StatementPrepare {
  readonly statement: Buffer;
}

export const statementPrepare: PacketDefinition<StatementPrepare> = {
  name: 'COM_STMT_PREPARE',
  read(cursor) {
    expectCommand(cursor, Command.COM_STMT_PREPARE);
    return { statement: restOf(cursor) };
  },
  write(packet, writer) {
    writer.u8(Command.COM_STMT_PREPARE);
    writer.bytes(packet.statement);
  },
};

/** Answer to a prepare: `00`, u32 id, u16 columns, u16 parameters, 00, u16 warnings. Definitions follow as packets. */
export interface PrepareOk {
  readonly statementId: number;
  readonly columns: number;
  readonly parameters: number;
  readonly warnings: number;
}

export const prepareOk: PacketDefinition<PrepareOk> = {
  name: 'COM_STMT_PREPARE OK',
  read(cursor) {
    const header = cursor.u8();
    if (header !== OK) throw new FormatError(`starts with byte ${header}`);
    const statementId = cursor.u32();
    const columns = cursor.u16();
    const parameters = cursor.u16();
    if (cursor.remaining < 3) return { statementId, columns, parameters, warnings: 0 };
    cursor.skip(1);
    const warnings = cursor.u16();
    // One more byte says whether definitions follow, with OPTIONAL_RESULTSET_METADATA, which we never ask for.
    return { statementId, columns, parameters, warnings };
  },
  write(packet, writer) {
    writer.u8(OK);
    writer.u32(packet.statementId);
    writer.u16(packet.columns);
    writer.u16(packet.parameters);
    writer.u8(0);
    writer.u16(packet.warnings);
  },
};

/** COM_STMT_EXECUTE: u32 id, u8 flags (cursor kind), u32 iterations (1), then the parameters if the statement has any. */
export interface StatementExecute {
  readonly statementId: number;
  readonly flags: number;
  readonly parameters: readonly Parameter[];
}

/** With QUERY_ATTRIBUTES: a packed parameter count is in the packet even where the statement has none. */
const PARAMETER_COUNT_AVAILABLE = 0x08;

/** The packet of a statement with `count` parameters whose types were told as `known` in an earlier execution. */
export function statementExecute(count: number, known?: ParameterTypes): PacketDefinition<StatementExecute> {
  return {
    name: 'COM_STMT_EXECUTE',
    read(cursor, { capabilities }) {
      expectCommand(cursor, Command.COM_STMT_EXECUTE);
      const statementId = cursor.u32();
      const flags = cursor.u8();
      cursor.skip(4);
      const named = has(capabilities, Capability.QUERY_ATTRIBUTES);
      const counted = named && (count > 0 || (flags & PARAMETER_COUNT_AVAILABLE) !== 0);
      const sent = counted ? cursor.lenenc() : count;
      // Attributes beyond the statement's own parameters are the only reason for a larger number.
      if (sent > 0xffff || sent < count) throw new FormatError(`${sent} parameters for ${count}`);
      if (sent === 0) return { statementId, flags, parameters: [] };
      const parameters = BinaryParameters.read(cursor, sent, named, known);
      if (parameters === undefined) throw new FormatError('parameters without types');
      return { statementId, flags, parameters };
    },
    write(packet, writer, { capabilities }) {
      const named = has(capabilities, Capability.QUERY_ATTRIBUTES);
      writer.u8(Command.COM_STMT_EXECUTE);
      writer.u32(packet.statementId);
      writer.u8(packet.flags);
      writer.u32(1);
      const { parameters, flags } = packet;
      if (named && (parameters.length > 0 || (flags & PARAMETER_COUNT_AVAILABLE) !== 0)) {
        writer.lenenc(parameters.length);
      }
      if (parameters.length > 0) BinaryParameters.write(parameters, writer, named);
    },
  };
}

/** COM_STMT_CLOSE and COM_STMT_RESET: u32 id. A close has no answer. */
export interface StatementReference {
  readonly statementId: number;
}

function referencePacket(name: 'COM_STMT_CLOSE' | 'COM_STMT_RESET'): PacketDefinition<StatementReference> {
  return {
    name,
    read(cursor) {
      expectCommand(cursor, Command[name]);
      return { statementId: cursor.u32() };
    },
    write(packet, writer) {
      writer.u8(Command[name]);
      writer.u32(packet.statementId);
    },
  };
}

export const statementClose: PacketDefinition<StatementReference> = referencePacket('COM_STMT_CLOSE');
export const statementReset: PacketDefinition<StatementReference> = referencePacket('COM_STMT_RESET');

/** COM_STMT_SEND_LONG_DATA: u32 id, u16 parameter, bytes to append to it. No answer. */
export interface StatementLongData {
  readonly statementId: number;
  readonly parameter: number;
  readonly data: Buffer;
}

export const statementLongData: PacketDefinition<StatementLongData> = {
  name: 'COM_STMT_SEND_LONG_DATA',
  read(cursor) {
    expectCommand(cursor, Command.COM_STMT_SEND_LONG_DATA);
    return { statementId: cursor.u32(), parameter: cursor.u16(), data: restOf(cursor) };
  },
  write(packet, writer) {
    writer.u8(Command.COM_STMT_SEND_LONG_DATA);
    writer.u32(packet.statementId);
    writer.u16(packet.parameter);
    writer.bytes(packet.data);
  },
};

/** COM_STMT_FETCH: u32 id, u32 rows wanted from the open cursor. */
export interface StatementFetch {
  readonly statementId: number;
  readonly rows: number;
}

export const statementFetch: PacketDefinition<StatementFetch> = {
  name: 'COM_STMT_FETCH',
  read(cursor) {
    expectCommand(cursor, Command.COM_STMT_FETCH);
    return { statementId: cursor.u32(), rows: cursor.u32() };
  },
  write(packet, writer) {
    writer.u8(Command.COM_STMT_FETCH);
    writer.u32(packet.statementId);
    writer.u32(packet.rows);
  },
};

/** Bits 0 and 1 of a row's null bitmap are reserved. */
const BITMAP_OFFSET = 2;

/** A row of the binary protocol: 00, bitmap of NULLs ((columns + 9) / 8 bytes), values that are not NULL. */
export function binaryRow(columns: readonly Column[]): PacketDefinition<readonly BinaryValue[]> {
  const bitmapSize = (columns.length + 7 + BITMAP_OFFSET) >> 3;
  return {
    name: 'BinaryResultsetRow',
    read(cursor) {
      const header = cursor.u8();
      if (header !== OK) throw new FormatError(`starts with byte ${header}`);
      const nulls = cursor.view(bitmapSize);
      const row = columns.map(({ type, flags }, i) => {
        const bit = i + BITMAP_OFFSET;
        if ((nulls[bit >> 3]! >> (bit & 7)) & 1) return null;
        return readBinaryValue(cursor, type, (flags & ColumnFlag.UNSIGNED) !== 0);
      });
      if (cursor.remaining > 0) throw new FormatError(`${cursor.remaining} bytes left over`);
      return row;
    },
    write(row, writer) {
      writer.u8(OK);
      const nulls = Buffer.alloc(bitmapSize);
      for (const [i, value] of row.entries()) {
        const bit = i + BITMAP_OFFSET;
        if (value === null) nulls[bit >> 3]! |= 1 << (bit & 7);
      }
      writer.bytes(nulls);
      for (const [i, value] of row.entries())
        if (value !== null) writeBinaryValue(value, columns[i]!.type, writer);
    },
  };
}

import type { Cursor, Writer } from '../../bytes/index.ts';
import { charsetOfCollation, clientConversion } from '../../charset/index.ts';
import { FormatError } from '../../errors/index.ts';
import { Capability, has } from '../capabilities.ts';
import { Command, expectCommand } from './command.ts';
import {
  bytesToNul,
  bytesToNulOrEnd,
  type PacketDefinition,
  textIn,
  utf8Lenenc,
  utf8ToNulOrEnd,
  writeBytesLenenc,
  writeTextToNul,
  writeUtf8Lenenc,
  writeUtf8ToNul,
} from './definition.ts';

/**
 * The first 32 bytes of the client's answer; alone and with CLIENT_SSL set, they ask for TLS.
 *
 *   bytes  field
 *   4      capabilities
 *   4      largest packet the client takes
 *   1      collation
 *   19, 4  filler; MariaDB's extended capabilities (only when LONG_PASSWORD is clear)
 */
export interface SslRequest {
  readonly capabilities: number;
  readonly extended: number;
  readonly maxPacket: number;
  readonly collation: number;
}

/**
 * The client's whole answer: {@link SslRequest}, then
 *
 *   bytes       field
 *   NUL         user
 *   packed | 1  authentication data behind its length (PLUGIN_AUTH_LENENC | SECURE_CONNECTION), else NUL
 *   NUL         schema (CONNECT_WITH_DB)
 *   NUL         authentication plugin (PLUGIN_AUTH)
 *   packed      connection attributes: pairs of packed texts (CONNECT_ATTRS)
 *   1           zstd level (ZSTD_COMPRESSION)
 */
export interface HandshakeResponse extends SslRequest {
  readonly user: string;
  readonly authData: Buffer;
  /** Undefined without CONNECT_WITH_DB. */
  readonly schema: string | undefined;
  readonly plugin: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly zstdLevel: number;
}

/** Size of an {@link SslRequest}; a payload of exactly this size is one. */
export const SSL_REQUEST_SIZE = 32;

/** Names of a login are in the character set that the login itself names. Where the flavours differ, neither has another. */
function charsetOf(collation: number): string | undefined {
  const charset = charsetOfCollation(collation, 'mysql');
  return charset === undefined ? undefined : clientConversion(charset.name);
}

function readHead(cursor: Cursor): SslRequest {
  const capabilities = cursor.u32();
  if (!has(capabilities, Capability.PROTOCOL_41))
    throw new FormatError('client speaks the protocol before 4.1');
  const maxPacket = cursor.u32();
  const collation = cursor.u8();
  cursor.skip(19);
  const announced = cursor.u32();
  return {
    capabilities,
    extended: has(capabilities, Capability.LONG_PASSWORD) ? 0 : announced,
    maxPacket,
    collation,
  };
}

function writeHead(packet: SslRequest, writer: Writer): void {
  writer.u32(packet.capabilities);
  writer.u32(packet.maxPacket);
  writer.u8(packet.collation & 0xff);
  writer.zeros(19);
  writer.u32(has(packet.capabilities, Capability.LONG_PASSWORD) ? 0 : packet.extended);
}

export const sslRequest: PacketDefinition<SslRequest> = {
  name: 'SSLRequest',
  read: readHead,
  write: writeHead,
};

export const handshakeResponse: PacketDefinition<HandshakeResponse> = {
  name: 'HandshakeResponse41',
  read(cursor) {
    const head = readHead(cursor);
    const { capabilities } = head;
    const charset = charsetOf(head.collation);
    const user = textIn(bytesToNul(cursor), charset);
    const authData = readAuthData(cursor, capabilities);
    const hasSchema = has(capabilities, Capability.CONNECT_WITH_DB) && cursor.remaining > 0;
    const schema = hasSchema ? textIn(bytesToNulOrEnd(cursor), charset) : undefined;
    const hasPlugin = has(capabilities, Capability.PLUGIN_AUTH) && cursor.remaining > 0;
    const plugin = hasPlugin ? utf8ToNulOrEnd(cursor) : '';
    const hasAttributes = has(capabilities, Capability.CONNECT_ATTRS) && cursor.remaining > 0;
    const attributes = hasAttributes ? readAttributes(cursor) : new Map<string, string>();
    const hasLevel = has(capabilities, Capability.ZSTD_COMPRESSION) && cursor.remaining > 0;
    return { ...head, user, authData, schema, plugin, attributes, zstdLevel: hasLevel ? cursor.u8() : 0 };
  },
  write(packet, writer) {
    writeHead(packet, writer);
    const { capabilities } = packet;
    const charset = charsetOf(packet.collation & 0xff);
    writeTextToNul(packet.user, writer, charset);
    if (has(capabilities, Capability.PLUGIN_AUTH_LENENC)) {
      writeBytesLenenc(packet.authData, writer);
    } else if (has(capabilities, Capability.SECURE_CONNECTION)) {
      if (packet.authData.length > 255)
        throw new FormatError('authentication data is too long for this server');
      writer.u8(packet.authData.length);
      writer.bytes(packet.authData);
    } else {
      writer.bytes(packet.authData);
      writer.u8(0);
    }
    if (has(capabilities, Capability.CONNECT_WITH_DB)) writeTextToNul(packet.schema ?? '', writer, charset);
    if (has(capabilities, Capability.PLUGIN_AUTH)) writeUtf8ToNul(packet.plugin, writer);
    if (has(capabilities, Capability.CONNECT_ATTRS)) writeAttributes(packet.attributes, writer);
    if (has(capabilities, Capability.ZSTD_COMPRESSION)) writer.u8(packet.zstdLevel);
  },
};

/**
 * COM_CHANGE_USER: a login within a conversation. Laid out as the rest of a HandshakeResponse41, with three differences: the length of the
 * authentication data is always one byte, the schema is always there, and the collation has two bytes and comes behind it.
 */
export interface ChangeUser {
  readonly user: string;
  readonly authData: Buffer;
  readonly schema: string;
  readonly collation: number;
  readonly plugin: string;
  readonly attributes: ReadonlyMap<string, string>;
}

export const changeUser: PacketDefinition<ChangeUser> = {
  name: 'COM_CHANGE_USER',
  read(cursor, { capabilities }) {
    expectCommand(cursor, Command.COM_CHANGE_USER);
    const user = bytesToNul(cursor);
    const authData = readAuthData(cursor, Capability.SECURE_CONNECTION);
    const schema = bytesToNul(cursor);
    const collation = cursor.remaining >= 2 ? cursor.u16() : 0;
    const hasPlugin = has(capabilities, Capability.PLUGIN_AUTH) && cursor.remaining > 0;
    const plugin = hasPlugin ? utf8ToNulOrEnd(cursor) : '';
    const hasAttributes = has(capabilities, Capability.CONNECT_ATTRS) && cursor.remaining > 0;
    const attributes = hasAttributes ? readAttributes(cursor) : new Map<string, string>();
    const charset = charsetOf(collation);
    return {
      user: textIn(user, charset),
      authData,
      schema: textIn(schema, charset),
      collation,
      plugin,
      attributes,
    };
  },
  write(packet, writer, { capabilities }) {
    if (packet.authData.length > 255) throw new FormatError('authentication data is too long for one byte');
    const charset = charsetOf(packet.collation);
    writer.u8(Command.COM_CHANGE_USER);
    writeTextToNul(packet.user, writer, charset);
    writer.u8(packet.authData.length);
    writer.bytes(packet.authData);
    writeTextToNul(packet.schema, writer, charset);
    writer.u16(packet.collation);
    if (has(capabilities, Capability.PLUGIN_AUTH)) writeUtf8ToNul(packet.plugin, writer);
    if (has(capabilities, Capability.CONNECT_ATTRS)) writeAttributes(packet.attributes, writer);
  },
};

function readAuthData(cursor: Cursor, capabilities: number): Buffer {
  if (has(capabilities, Capability.PLUGIN_AUTH_LENENC)) return cursor.copy(cursor.lenenc());
  if (has(capabilities, Capability.SECURE_CONNECTION)) return cursor.copy(cursor.u8());
  const nul = cursor.bytes.indexOf(0, cursor.position);
  if (nul < 0 || nul >= cursor.end) return cursor.copy(cursor.remaining);
  const data = cursor.copy(nul - cursor.position);
  cursor.skip(1);
  return data;
}

function readAttributes(cursor: Cursor): Map<string, string> {
  const length = cursor.lenenc();
  const end = cursor.position + length;
  if (end > cursor.end) throw new FormatError(`connection attributes of ${length} bytes leave the packet`);
  const attributes = new Map<string, string>();
  while (cursor.position < end) attributes.set(utf8Lenenc(cursor), utf8Lenenc(cursor));
  if (cursor.position !== end) throw new FormatError('connection attributes do not end where they should');
  return attributes;
}

function writeAttributes(attributes: ReadonlyMap<string, string>, writer: Writer): void {
  let length = 0;
  for (const [key, value] of attributes) length += lenencSize(key) + lenencSize(value);
  writer.lenenc(length);
  for (const [key, value] of attributes) {
    writeUtf8Lenenc(key, writer);
    writeUtf8Lenenc(value, writer);
  }
}

function lenencSize(text: string): number {
  const size = Buffer.byteLength(text);
  return size + (size < 251 ? 1 : size < 0x1_0000 ? 3 : size < 0x100_0000 ? 4 : 9);
}

import { FormatError } from '../../errors/index.ts';
import { Capability, has } from '../capabilities.ts';
import { type PacketDefinition, utf8ToNul, utf8ToNulOrEnd, writeUtf8ToNul } from './definition.ts';

/**
 * The server's first packet, protocol version 10.
 *
 *   bytes        field
 *   1            10
 *   NUL          server version
 *   4            connection id
 *   8, 1         first part of the scramble, filler
 *   2            capabilities, low half
 *   1, 2         default collation, status flags
 *   2            capabilities, high half
 *   1            length of the whole scramble with its NUL (0 without PLUGIN_AUTH)
 *   6, 4         filler; MariaDB's extended capabilities (only when LONG_PASSWORD is clear)
 *   max(12, n-9), 1  second part of the scramble, NUL
 *   NUL          authentication plugin (PLUGIN_AUTH)
 */
export interface Handshake {
  /** As sent: MariaDB before 11.0 puts `5.5.5-` in front, see {@link realVersion}. */
  readonly serverVersion: string;
  readonly connectionId: number;
  /** The whole scramble without its closing NUL: 20 bytes with every current server. */
  readonly scramble: Buffer;
  readonly capabilities: number;
  readonly extended: number;
  readonly collation: number;
  readonly status: number;
  /** Empty without PLUGIN_AUTH. */
  readonly plugin: string;
}

const VERSION = 10;
const FIRST_PART = 8;

export const handshake: PacketDefinition<Handshake> = {
  name: 'HandshakeV10',
  read(cursor) {
    const version = cursor.u8();
    if (version !== VERSION) throw new FormatError(`protocol version ${version}, expected ${VERSION}`);
    const serverVersion = utf8ToNul(cursor);
    const connectionId = cursor.u32();
    const first = cursor.copy(FIRST_PART);
    cursor.skip(1);
    const low = cursor.u16();
    const bare = { serverVersion, connectionId, extended: 0, plugin: '' };
    if (cursor.remaining === 0)
      return { ...bare, scramble: first, capabilities: low, collation: 0, status: 0 };
    const collation = cursor.u8();
    const status = cursor.u16();
    const capabilities = (low | (cursor.u16() << 16)) >>> 0;
    const scrambleLength = cursor.u8();
    cursor.skip(6);
    const announced = cursor.u32();
    const extended = has(capabilities, Capability.LONG_PASSWORD) ? 0 : announced;
    if (!has(capabilities, Capability.SECURE_CONNECTION)) {
      const plugin = has(capabilities, Capability.PLUGIN_AUTH) ? utf8ToNulOrEnd(cursor) : '';
      return { ...bare, scramble: first, capabilities, extended, collation, status, plugin };
    }
    const second = cursor.copy(Math.min(Math.max(12, scrambleLength - 9), cursor.remaining));
    if (cursor.remaining > 0) cursor.skip(1);
    const plugin = has(capabilities, Capability.PLUGIN_AUTH) ? utf8ToNulOrEnd(cursor) : '';
    return {
      ...bare,
      scramble: Buffer.concat([first, second]),
      capabilities,
      extended,
      collation,
      status,
      plugin,
    };
  },
  write(packet, writer) {
    writer.u8(VERSION);
    writeUtf8ToNul(packet.serverVersion, writer);
    writer.u32(packet.connectionId);
    writer.bytes(packet.scramble.subarray(0, FIRST_PART));
    writer.u8(0);
    writer.u16(packet.capabilities & 0xffff);
    writer.u8(packet.collation & 0xff);
    writer.u16(packet.status);
    writer.u16(packet.capabilities >>> 16);
    const withPlugin = has(packet.capabilities, Capability.PLUGIN_AUTH);
    writer.u8(withPlugin ? packet.scramble.length + 1 : 0);
    writer.zeros(6);
    writer.u32(has(packet.capabilities, Capability.LONG_PASSWORD) ? 0 : packet.extended);
    if (has(packet.capabilities, Capability.SECURE_CONNECTION)) {
      writer.bytes(packet.scramble.subarray(FIRST_PART));
      writer.zeros(Math.max(0, 12 - (packet.scramble.length - FIRST_PART)));
      writer.u8(0);
    }
    if (withPlugin) writeUtf8ToNul(packet.plugin, writer);
  },
};

/** MariaDB 10.x announces `5.5.5-10.11.4-MariaDB…` to get past old replicas; this is what it is. */
export function realVersion(serverVersion: string): string {
  return serverVersion.startsWith('5.5.5-') ? serverVersion.slice(6) : serverVersion;
}

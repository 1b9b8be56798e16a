import { FormatError } from '../../errors/index.ts';
import { type PacketDefinition, restOf, utf8ToNul, utf8ToNulOrEnd, writeUtf8ToNul } from './definition.ts';

export const AUTH_SWITCH = 0xfe;
export const AUTH_MORE_DATA = 0x01;
export const AUTH_NEXT_FACTOR = 0x02;

/** The server wants another plugin: `FE`, plugin NUL, data to the end (servers usually close it with a NUL). */
export interface AuthSwitch {
  readonly plugin: string;
  readonly data: Buffer;
}

export const authSwitch: PacketDefinition<AuthSwitch> = {
  name: 'AuthSwitchRequest',
  read(cursor) {
    expectByte(cursor.u8(), AUTH_SWITCH);
    // The bare byte asks for the password hash of MySQL 4.0.
    if (cursor.remaining === 0) return { plugin: 'mysql_old_password', data: Buffer.alloc(0) };
    return { plugin: utf8ToNulOrEnd(cursor), data: restOf(cursor) };
  },
  write(packet, writer) {
    writer.u8(AUTH_SWITCH);
    writeUtf8ToNul(packet.plugin, writer);
    writer.bytes(packet.data);
  },
};

/** The next word of a plugin's own conversation: `01`, data to the end. */
export interface AuthMoreData {
  readonly data: Buffer;
}

export const authMoreData: PacketDefinition<AuthMoreData> = {
  name: 'AuthMoreData',
  read(cursor) {
    expectByte(cursor.u8(), AUTH_MORE_DATA);
    return { data: restOf(cursor) };
  },
  write(packet, writer) {
    writer.u8(AUTH_MORE_DATA);
    writer.bytes(packet.data);
  },
};

/** One factor is proved, the next begins: `02`, plugin NUL, data to the end. */
export interface AuthNextFactor {
  readonly plugin: string;
  readonly data: Buffer;
}

export const authNextFactor: PacketDefinition<AuthNextFactor> = {
  name: 'AuthNextFactor',
  read(cursor) {
    expectByte(cursor.u8(), AUTH_NEXT_FACTOR);
    return { plugin: utf8ToNul(cursor), data: restOf(cursor) };
  },
  write(packet, writer) {
    writer.u8(AUTH_NEXT_FACTOR);
    writeUtf8ToNul(packet.plugin, writer);
    writer.bytes(packet.data);
  },
};

function expectByte(got: number, wanted: number): void {
  if (got !== wanted) throw new FormatError(`starts with byte ${got}, expected ${wanted}`);
}

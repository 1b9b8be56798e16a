import { FormatError } from '../../errors/index.ts';
import { Command, expectCommand } from './command.ts';
import { type PacketDefinition, restOf } from './definition.ts';

/** Flags of the dump commands. 0x2 means two things: the servers differ. */
export const DumpFlag = {
  /** End with EOF at the end of the log instead of waiting. */
  BINLOG_DUMP_NON_BLOCK: 0x1,
  /** MySQL: heartbeats as event 41, which can carry positions above 4 GiB. */
  USE_HEARTBEAT_EVENT_V2: 0x2,
  /** MariaDB: send ANNOTATE_ROWS events. */
  BINLOG_SEND_ANNOTATE_ROWS_EVENT: 0x2,
  BINLOG_THROUGH_GTID: 0x4,
} as const;

/**
 * COM_REGISTER_SLAVE: who the replica is, for SHOW REPLICAS.
 *
 *   bytes    field
 *   4        server id
 *   1+n x 3  host, user, password to report
 *   2        port
 *   4, 4     rank (0), source id (0: the source fills it in)
 */
export interface RegisterSlave {
  readonly serverId: number;
  readonly host: string;
  readonly user: string;
  readonly password: string;
  readonly port: number;
}

export const registerSlave: PacketDefinition<RegisterSlave> = {
  name: 'COM_REGISTER_SLAVE',
  read(cursor) {
    expectCommand(cursor, Command.COM_REGISTER_SLAVE);
    const serverId = cursor.u32();
    const host = cursor.utf8(cursor.u8());
    const user = cursor.utf8(cursor.u8());
    const password = cursor.utf8(cursor.u8());
    const port = cursor.u16();
    cursor.skip(8);
    return { serverId, host, user, password, port };
  },
  write(packet, writer) {
    writer.u8(Command.COM_REGISTER_SLAVE);
    writer.u32(packet.serverId);
    for (const text of [packet.host, packet.user, packet.password]) {
      const size = Buffer.byteLength(text);
      if (size > 255) throw new FormatError(`reported name of ${size} bytes, the limit is 255`);
      writer.u8(size);
      writer.utf8(text);
    }
    writer.u16(packet.port);
    writer.u32(0);
    writer.u32(0);
  },
};

/** COM_BINLOG_DUMP: u32 position, u16 flags, u32 server id, file name to the end. */
export interface BinlogDump {
  readonly position: number;
  readonly flags: number;
  readonly serverId: number;
  readonly file: string;
}

export const binlogDump: PacketDefinition<BinlogDump> = {
  name: 'COM_BINLOG_DUMP',
  read(cursor) {
    expectCommand(cursor, Command.COM_BINLOG_DUMP);
    return {
      position: cursor.u32(),
      flags: cursor.u16(),
      serverId: cursor.u32(),
      file: cursor.utf8(cursor.remaining),
    };
  },
  write(packet, writer) {
    if (packet.position > 0xffff_ffff)
      throw new FormatError(`position ${packet.position} needs more than 4 bytes`);
    writer.u8(Command.COM_BINLOG_DUMP);
    writer.u32(packet.position);
    writer.u16(packet.flags);
    writer.u32(packet.serverId);
    writer.utf8(packet.file);
  },
};

/** COM_BINLOG_DUMP_GTID: u16 flags, u32 server id, u32 length and file name, u64 position, u32 length and GTID set. */
export interface BinlogDumpGtid {
  readonly flags: number;
  readonly serverId: number;
  readonly file: string;
  readonly position: number;
  /** The set in its binary form, as PREVIOUS_GTIDS_EVENT carries it. */
  readonly gtidSet: Buffer;
}

export const binlogDumpGtid: PacketDefinition<BinlogDumpGtid> = {
  name: 'COM_BINLOG_DUMP_GTID',
  read(cursor) {
    expectCommand(cursor, Command.COM_BINLOG_DUMP_GTID);
    const flags = cursor.u16();
    const serverId = cursor.u32();
    const file = cursor.utf8(cursor.u32());
    const position = cursor.offset();
    return { flags, serverId, file, position, gtidSet: cursor.copy(cursor.u32()) };
  },
  write(packet, writer) {
    writer.u8(Command.COM_BINLOG_DUMP_GTID);
    writer.u16(packet.flags);
    writer.u32(packet.serverId);
    writer.u32(Buffer.byteLength(packet.file));
    writer.utf8(packet.file);
    writer.offset(packet.position);
    writer.u32(packet.gtidSet.length);
    writer.bytes(packet.gtidSet);
  },
};

/** First byte of both semi-synchronous headers (`kPacketMagicNum`). */
export const SEMISYNC_MAGIC = 0xef;
/** In an event's header: the source waits for an acknowledgement (`kPacketFlagSync`). */
export const SEMISYNC_ACK_WANTED = 0x01;

/** What a replica sends, outside any command, once an event is safe: `EF`, u64 end position, file name. */
export interface SemisyncAck {
  readonly position: number;
  readonly file: string;
}

export const semisyncAck: PacketDefinition<SemisyncAck> = {
  name: 'semi-sync ACK',
  read(cursor) {
    const magic = cursor.u8();
    if (magic !== SEMISYNC_MAGIC) throw new FormatError(`starts with byte ${magic}`);
    return { position: cursor.offset(), file: restOf(cursor).toString('utf8') };
  },
  write(packet, writer) {
    writer.u8(SEMISYNC_MAGIC);
    writer.offset(packet.position);
    writer.utf8(packet.file);
  },
};

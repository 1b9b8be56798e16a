import { encodeMessage } from '../../charset/index.ts';
import { FormatError } from '../../errors/index.ts';
import { Capability, has, ServerStatus } from '../capabilities.ts';
import type { PacketDefinition } from './definition.ts';

export const OK = 0x00;
export const EOF = 0xfe;
export const ERR = 0xff;
export const LOCAL_INFILE = 0xfb;

/** An EOF packet is shorter than this; a longer `FE` is a row or an OK in EOF's clothes. */
export const EOF_MAX = 9;

/**
 * Success.
 *
 *   bytes   field
 *   1       00 (or FE where it closes rows and DEPRECATE_EOF was agreed)
 *   packed  affected rows
 *   packed  last insert id
 *   2, 2    status flags, warnings
 *   packed  message, where there is one
 *   packed  session changes (SESSION_TRACK, when the status flags say so)
 */
export interface Ok {
  readonly header: number;
  readonly affectedRows: bigint;
  readonly lastInsertId: bigint;
  readonly status: number;
  readonly warnings: number;
  readonly info: Buffer;
  /** Changed session state as sent, undecoded; empty unless SESSION_STATE_CHANGED is set. */
  readonly sessionState: Buffer;
}

const NOTHING: Buffer = Buffer.alloc(0);

export const ok: PacketDefinition<Ok> = {
  name: 'OK',
  read(cursor, { capabilities }) {
    const header = cursor.u8();
    if (header !== OK && header !== EOF) throw new FormatError(`starts with byte ${header}`);
    const affectedRows = cursor.lenenc64();
    const lastInsertId = cursor.lenenc64();
    const status = cursor.u16();
    const warnings = cursor.u16();
    const body = { header, affectedRows, lastInsertId, status, warnings };
    const info = cursor.remaining > 0 ? cursor.copy(cursor.lenenc()) : NOTHING;
    const changed = tellsState(status, capabilities) && cursor.remaining > 0;
    return { ...body, info, sessionState: changed ? cursor.copy(cursor.lenenc()) : NOTHING };
  },
  write(packet, writer, { capabilities }) {
    writer.u8(packet.header);
    writer.lenenc64(packet.affectedRows);
    writer.lenenc64(packet.lastInsertId);
    writer.u16(packet.status);
    writer.u16(packet.warnings);
    const changed = tellsState(packet.status, capabilities);
    if (packet.info.length > 0 || changed) {
      writer.lenenc(packet.info.length);
      writer.bytes(packet.info);
    }
    if (changed) {
      writer.lenenc(packet.sessionState.length);
      writer.bytes(packet.sessionState);
    }
  },
};

function tellsState(status: number, capabilities: number): boolean {
  return has(capabilities, Capability.SESSION_TRACK) && (status & ServerStatus.SESSION_STATE_CHANGED) !== 0;
}

/** A plain success, to vary with a spread. */
export const PLAIN_OK: Ok = {
  header: OK,
  affectedRows: 0n,
  lastInsertId: 0n,
  status: ServerStatus.AUTOCOMMIT,
  warnings: 0,
  info: NOTHING,
  sessionState: NOTHING,
};

/** Failure: `FF`, u16 number, `#` and five characters of SQL state (PROTOCOL_41), message. */
export interface Err {
  readonly errno: number;
  /** Empty where the server sent none: before the handshake it does not know what the client speaks. */
  readonly sqlState: string;
  readonly message: string;
}

const HASH = 0x23;

export const err: PacketDefinition<Err> = {
  name: 'ERR',
  read(cursor) {
    const header = cursor.u8();
    if (header !== ERR) throw new FormatError(`starts with byte ${header}`);
    const errno = cursor.u16();
    if (cursor.remaining < 6 || cursor.bytes[cursor.position] !== HASH) {
      return { errno, sqlState: '', message: cursor.utf8(cursor.remaining) };
    }
    cursor.skip(1);
    return { errno, sqlState: cursor.latin1(5), message: cursor.utf8(cursor.remaining) };
  },
  write(packet, writer, { resultsCharset }) {
    writer.u8(ERR);
    writer.u16(packet.errno);
    if (packet.sqlState !== '') {
      writer.u8(HASH);
      writer.latin1(packet.sqlState.padEnd(5, '0').slice(0, 5));
    }
    if (resultsCharset === undefined) writer.utf8(packet.message);
    else writer.bytes(encodeMessage(packet.message, resultsCharset));
  },
};

/** End of columns, rows or a non-blocking dump: `FE`, u16 warnings, u16 status. */
export interface Eof {
  readonly warnings: number;
  readonly status: number;
}

export const eof: PacketDefinition<Eof> = {
  name: 'EOF',
  read(cursor) {
    const header = cursor.u8();
    if (header !== EOF) throw new FormatError(`starts with byte ${header}`);
    if (cursor.remaining < 4) return { warnings: 0, status: 0 };
    return { warnings: cursor.u16(), status: cursor.u16() };
  },
  write(packet, writer) {
    writer.u8(EOF);
    writer.u16(packet.warnings);
    writer.u16(packet.status);
  },
};

/** The server asks the client to send a file: `FB`, name to the end. Answered with an empty packet by who sends none. */
export interface LocalInfile {
  readonly file: string;
}

export const localInfile: PacketDefinition<LocalInfile> = {
  name: 'LOCAL INFILE',
  read(cursor) {
    const header = cursor.u8();
    if (header !== LOCAL_INFILE) throw new FormatError(`starts with byte ${header}`);
    return { file: cursor.utf8(cursor.remaining) };
  },
  write(packet, writer) {
    writer.u8(LOCAL_INFILE);
    writer.utf8(packet.file);
  },
};

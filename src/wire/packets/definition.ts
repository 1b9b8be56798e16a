import { Cursor, type Writer } from '../../bytes/index.ts';
import { decodeText, encodeText } from '../../charset/index.ts';
import { FormatError, ProtocolError } from '../../errors/index.ts';
import type { Agreement } from '../capabilities.ts';

/** One packet of the protocol, both directions. `write` after `read` gives the same bytes, `read` after `write` the same packet. */
export interface PacketDefinition<P> {
  /** The name in the servers' documentation. */
  readonly name: string;
  read(cursor: Cursor, agreed: Agreement): P;
  write(packet: P, writer: Writer, agreed: Agreement): void;
}

const cursor = new Cursor();

/**
 * Reads `bytes[start, end)` as one packet. A short or impossible layout becomes a {@link ProtocolError} that names the packet.
 * Byte fields of the result are copies.
 */
export function readPacket<P>(
  definition: PacketDefinition<P>,
  agreed: Agreement,
  bytes: Buffer,
  start = 0,
  end: number = bytes.length,
): P {
  try {
    return definition.read(cursor.aim(bytes, start, end), agreed);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new ProtocolError(`malformed ${definition.name} packet: ${cause.message}`, {
      cause,
      code: 'PROTOCOL_MALFORMED',
    });
  }
}

/** The rest of the packet as an owned copy. */
export function restOf(from: Cursor): Buffer {
  return from.copy(from.remaining);
}

/** Text up to a NUL, or up to the end where the NUL was left out. */
export function utf8ToNulOrEnd(from: Cursor): string {
  return bytesToNulOrEnd(from).toString('utf8');
}

/** The same, in whatever character set. */
export function bytesToNulOrEnd(from: Cursor): Buffer {
  const nul = from.bytes.indexOf(0, from.position);
  if (nul < 0 || nul >= from.end) return restOf(from);
  const text = from.copy(nul - from.position);
  from.skip(1);
  return text;
}

/** Text that must end with NUL. */
export function utf8ToNul(from: Cursor): string {
  return bytesToNul(from).toString('utf8');
}

/** Text in whatever character set that must end with NUL. */
export function bytesToNul(from: Cursor): Buffer {
  const nul = from.bytes.indexOf(0, from.position);
  if (nul < 0 || nul >= from.end) throw new FormatError('text has no terminating NUL');
  const text = from.copy(nul - from.position);
  from.skip(1);
  return text;
}

/** The text of bytes in a character set; undefined: UTF-8. */
export function textIn(bytes: Buffer, charset: string | undefined): string {
  return charset === undefined ? bytes.toString('utf8') : decodeText(bytes, charset);
}

/** The bytes of a text in a character set; undefined: UTF-8. */
export function bytesIn(text: string, charset: string | undefined): Buffer {
  return charset === undefined ? Buffer.from(text) : encodeText(text, charset);
}

/** Text behind its packed length. */
export function utf8Lenenc(from: Cursor): string {
  return from.utf8(from.lenenc());
}

export function writeUtf8ToNul(text: string, writer: Writer): void {
  writeTextToNul(text, writer, undefined);
}

/** As {@link writeUtf8ToNul}, in a character set. */
export function writeTextToNul(text: string, writer: Writer, charset: string | undefined): void {
  if (text.includes('\0')) throw new FormatError('text that ends with NUL contains one');
  writer.bytes(bytesIn(text, charset));
  writer.u8(0);
}

export function writeUtf8Lenenc(text: string, writer: Writer): void {
  writer.lenenc(Buffer.byteLength(text));
  writer.utf8(text);
}

/** Text in a character set behind its packed length. */
export function writeTextLenenc(text: string, writer: Writer, charset: string | undefined): void {
  if (charset === undefined) writeUtf8Lenenc(text, writer);
  else writeBytesLenenc(bytesIn(text, charset), writer);
}

export function writeBytesLenenc(bytes: Uint8Array, writer: Writer): void {
  writer.lenenc(bytes.length);
  writer.bytes(bytes);
}

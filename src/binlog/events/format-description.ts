import { FormatError } from '../../errors/index.ts';
import { CHECKSUM_BYTES, HEADER_BYTES } from '../event-layout.ts';
import { EventType } from '../event-type.ts';
import { isMariadbVersion, versionNumber } from '../server-version.ts';
import type { EventDefinition } from './definition.ts';

/** `enum_binlog_checksum_alg`: UNDEFINED is that of a server older than checksums. */
export const ChecksumAlgorithm = { OFF: 0, CRC32: 1, UNDEFINED: 255 } as const;

/**
 * Opens every log and every stream: who wrote it and how its events are laid out.
 *
 *   bytes  field
 *   2      binlog version, 4
 *   50     server version, NUL padded
 *   4      create timestamp: not 0 only in the first log after a server start
 *   1      common header length, 19
 *   n      post-header length of each type, type 1 first
 *   1      checksum algorithm: servers from 5.6.1 (MariaDB 5.3) only, see {@link isChecksumAware}
 */
export interface FormatDescription {
  readonly kind: 'formatDescription';
  readonly binlogVersion: number;
  readonly serverVersion: string;
  /** What stood behind the version's NUL; real servers leave zeros. */
  readonly versionPadding: Buffer;
  readonly createTimestamp: number;
  readonly headerLength: number;
  readonly postHeaderLengths: Buffer;
  /** Undefined where the server was too old to know checksums. */
  readonly checksumAlgorithm: number | undefined;
}

const VERSION_BYTES = 50;
const FIXED_BYTES = 2 + VERSION_BYTES + 4 + 1;

/** MySQL writes checksum fields from 5.6.1, MariaDB from 5.3.0; MariaDB 10 calls itself `5.5.5-10…` nowhere in its logs. */
export function isChecksumAware(version: string): boolean {
  return versionNumber(version) >= (isMariadbVersion(version) ? 0x05_03_00 : 0x05_06_01);
}

/** What a framed format description says of checksums: whether it has one itself and whether the events after it do. */
export function hasChecksums(bytes: Buffer, start: number, end: number): { own: boolean; events: boolean } {
  const versionAt = start + HEADER_BYTES + 2;
  if (end - start < HEADER_BYTES + FIXED_BYTES + 1 + CHECKSUM_BYTES) return { own: false, events: false };
  const version = bytes.toString('latin1', versionAt, versionAt + VERSION_BYTES);
  if (!isChecksumAware(version)) return { own: false, events: false };
  // Checksums of an algorithm that they do not know have four bytes to the servers, too.
  return { own: true, events: bytes[end - CHECKSUM_BYTES - 1] !== ChecksumAlgorithm.OFF };
}

export const formatDescription: EventDefinition<FormatDescription> = {
  kind: 'formatDescription',
  codes: [EventType.FORMAT_DESCRIPTION_EVENT],
  decode(cursor) {
    const binlogVersion = cursor.u16();
    const padded = cursor.copy(VERSION_BYTES);
    const nul = padded.indexOf(0);
    const versionBytes = nul < 0 ? VERSION_BYTES : nul;
    const serverVersion = padded.toString('latin1', 0, versionBytes);
    const createTimestamp = cursor.u32();
    const headerLength = cursor.u8();
    if (headerLength < HEADER_BYTES) throw new FormatError(`common header of ${headerLength} bytes`);
    const aware = isChecksumAware(serverVersion);
    const postHeaderLengths = cursor.copy(Math.max(0, cursor.remaining - (aware ? 1 : 0)));
    const checksumAlgorithm = aware ? cursor.u8() : undefined;
    return {
      kind: 'formatDescription',
      binlogVersion,
      serverVersion,
      versionPadding: padded.subarray(versionBytes),
      createTimestamp,
      headerLength,
      postHeaderLengths,
      checksumAlgorithm,
    };
  },
  encode(body, writer) {
    writer.u16(body.binlogVersion);
    writer.latin1(body.serverVersion);
    writer.bytes(body.versionPadding);
    writer.u32(body.createTimestamp);
    writer.u8(body.headerLength);
    writer.bytes(body.postHeaderLengths);
    if (body.checksumAlgorithm !== undefined) writer.u8(body.checksumAlgorithm);
  },
};

import { FormatError } from '../../errors/index.ts';
import { EventType } from '../event-type.ts';
import type { EventDefinition } from './definition.ts';

/** Everything after this event is encrypted (MariaDB 10.1.7): 1 scheme, 4 key version, 12 nonce. */
export interface StartEncryption {
  readonly kind: 'startEncryption';
  readonly scheme: number;
  readonly keyVersion: number;
  readonly nonce: Buffer;
}

export const startEncryption: EventDefinition<StartEncryption> = {
  kind: 'startEncryption',
  codes: [EventType.START_ENCRYPTION_EVENT],
  postHeaderLength: 0,
  decode(cursor) {
    const scheme = cursor.u8();
    const keyVersion = cursor.u32();
    const nonce = cursor.view(12);
    if (cursor.remaining > 0) throw new FormatError(`${cursor.remaining} bytes behind a nonce`);
    return { kind: 'startEncryption', scheme, keyVersion, nonce };
  },
  encode(body, writer) {
    writer.u8(body.scheme);
    writer.u32(body.keyVersion);
    writer.bytes(body.nonce);
  },
};

/**
 * A piece of a rows event that was too large for one (MariaDB 12.3).
 *
 *   bytes  field
 *   4      number of fragments
 *   4      number of this one, from 1
 *   1      flags: 1 = 8 bytes size of the whole event follow, in the first fragment only
 *   rest   the piece
 */
export interface PartialRowData {
  readonly kind: 'partialRowData';
  readonly fragments: number;
  readonly fragment: number;
  readonly flags: number;
  readonly wholeBytes: bigint | undefined;
  readonly data: Buffer;
}

const HAS_WHOLE_BYTES = 0x01;

export const partialRowData: EventDefinition<PartialRowData> = {
  kind: 'partialRowData',
  codes: [EventType.PARTIAL_ROW_DATA_EVENT],
  postHeaderLength: 9,
  decode(cursor) {
    const fragments = cursor.u32();
    const fragment = cursor.u32();
    const flags = cursor.u8();
    const wholeBytes = (flags & HAS_WHOLE_BYTES) !== 0 ? cursor.u64() : undefined;
    return {
      kind: 'partialRowData',
      fragments,
      fragment,
      flags,
      wholeBytes,
      data: cursor.view(cursor.remaining),
    };
  },
  encode(body, writer) {
    writer.u32(body.fragments);
    writer.u32(body.fragment);
    writer.u8(body.flags);
    if (body.wholeBytes !== undefined) writer.u64(body.wholeBytes);
    writer.bytes(body.data);
  },
};

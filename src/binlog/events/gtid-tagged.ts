import type { Cursor, Writer } from '../../bytes/index.ts';
import { FormatError } from '../../errors/index.ts';
import { EventType } from '../event-type.ts';
import { readSignedVarint, readSmallVarint, readVarint, writeSignedVarint, writeVarint } from '../varint.ts';
import type { EventDefinition } from './definition.ts';
import { GtidFlag, type TransactionTiming, UNDEFINED_SERVER_VERSION } from './gtid.ts';

/**
 * Begins a transaction whose GTID has a tag (MySQL 8.3). One "serializable message":
 *
 *   varint  serialization version, 1
 *   varint  size of the message, this field and the one before included
 *   varint  last field id that may not be ignored
 *   fields  varint id, value; ascending; see {@link fieldIds}
 */
export interface GtidTagged extends TransactionTiming {
  readonly kind: 'gtidTagged';
  readonly flags: number;
  readonly uuid: Buffer;
  readonly gno: bigint;
  readonly tag: string;
  readonly lastNonIgnorableField: number;
  readonly hasCommitGroupTicket: boolean;
  /** Fields that nobody here knows, as logged. */
  readonly rest: Buffer;
}

const SERIALIZATION_VERSION = 1n;
const MAX_TAG_BYTES = 32;

const fieldIds = {
  flags: 0,
  uuid: 1,
  gno: 2,
  tag: 3,
  lastCommitted: 4,
  sequenceNumber: 5,
  immediateCommitTimestamp: 6,
  originalCommitTimestamp: 7,
  transactionLength: 8,
  immediateServerVersion: 9,
  originalServerVersion: 10,
  commitGroupTicket: 11,
} as const;

type Mutable = { -readonly [Key in keyof GtidTagged]: GtidTagged[Key] };

function readUuid(cursor: Cursor): Buffer {
  const uuid = Buffer.alloc(16);
  for (let i = 0; i < 16; i += 1) uuid[i] = readSmallVarint(cursor);
  return uuid;
}

function readTag(cursor: Cursor): string {
  const length = readSmallVarint(cursor);
  if (length > MAX_TAG_BYTES) throw new FormatError(`GTID tag of ${length} bytes`);
  return cursor.latin1(length);
}

const readers: readonly ((cursor: Cursor, body: Mutable) => void)[] = [
  (cursor, body) => void (body.flags = readSmallVarint(cursor)),
  (cursor, body) => void (body.uuid = readUuid(cursor)),
  (cursor, body) => void (body.gno = readSignedVarint(cursor)),
  (cursor, body) => void (body.tag = readTag(cursor)),
  (cursor, body) => void (body.lastCommitted = readSignedVarint(cursor)),
  (cursor, body) => void (body.sequenceNumber = readSignedVarint(cursor)),
  (cursor, body) => {
    body.immediateCommitTimestamp = readVarint(cursor);
    body.originalCommitTimestamp = body.immediateCommitTimestamp;
  },
  (cursor, body) => void (body.originalCommitTimestamp = readVarint(cursor)),
  (cursor, body) => void (body.transactionLength = readVarint(cursor)),
  (cursor, body) => {
    body.immediateServerVersion = readSmallVarint(cursor);
    body.originalServerVersion = body.immediateServerVersion;
  },
  (cursor, body) => void (body.originalServerVersion = readSmallVarint(cursor)),
  (cursor, body) => {
    body.commitGroupTicket = readVarint(cursor);
    body.hasCommitGroupTicket = true;
  },
];

function writeFields(body: GtidTagged, writer: Writer): void {
  const field = (id: number): void => writeVarint(writer, BigInt(id));
  const unsigned = (id: number, value: bigint): void => {
    field(id);
    writeVarint(writer, value);
  };
  const signed = (id: number, value: bigint): void => {
    field(id);
    writeSignedVarint(writer, value);
  };
  unsigned(fieldIds.flags, BigInt(body.flags));
  field(fieldIds.uuid);
  for (const byte of body.uuid) writeVarint(writer, BigInt(byte));
  signed(fieldIds.gno, body.gno);
  field(fieldIds.tag);
  writeVarint(writer, BigInt(body.tag.length));
  writer.latin1(body.tag);
  signed(fieldIds.lastCommitted, body.lastCommitted);
  signed(fieldIds.sequenceNumber, body.sequenceNumber);
  unsigned(fieldIds.immediateCommitTimestamp, body.immediateCommitTimestamp);
  if (body.originalCommitTimestamp !== body.immediateCommitTimestamp) {
    unsigned(fieldIds.originalCommitTimestamp, body.originalCommitTimestamp);
  }
  unsigned(fieldIds.transactionLength, body.transactionLength);
  unsigned(fieldIds.immediateServerVersion, BigInt(body.immediateServerVersion));
  if (body.originalServerVersion !== body.immediateServerVersion) {
    unsigned(fieldIds.originalServerVersion, BigInt(body.originalServerVersion));
  }
  if (body.hasCommitGroupTicket) unsigned(fieldIds.commitGroupTicket, body.commitGroupTicket);
  writer.bytes(body.rest);
}

/** How many bytes a varint of this value takes. */
function varintBytes(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : 3;
}

export const gtidTagged: EventDefinition<GtidTagged> = {
  kind: 'gtidTagged',
  codes: [EventType.GTID_TAGGED_LOG_EVENT],
  postHeaderLength: 0,
  decode(cursor) {
    const start = cursor.position;
    const version = readVarint(cursor);
    if (version !== SERIALIZATION_VERSION) throw new FormatError(`serialization version ${version}`);
    const size = readSmallVarint(cursor);
    if (size > cursor.end - start) throw new FormatError(`message of ${size} bytes leaves the event`);
    const body: Mutable = {
      kind: 'gtidTagged',
      // What it is where the field is missing.
      flags: GtidFlag.MAY_HAVE_SBR,
      uuid: Buffer.alloc(16),
      gno: 0n,
      tag: '',
      lastCommitted: 0n,
      sequenceNumber: 0n,
      immediateCommitTimestamp: 0n,
      originalCommitTimestamp: 0n,
      transactionLength: 0n,
      immediateServerVersion: UNDEFINED_SERVER_VERSION,
      originalServerVersion: UNDEFINED_SERVER_VERSION,
      commitGroupTicket: 0n,
      hasCommitGroupTicket: false,
      lastNonIgnorableField: readSmallVarint(cursor),
      rest: Buffer.alloc(0),
    };
    const end = start + size;
    while (cursor.position < end) {
      const fieldStart = cursor.position;
      const id = readSmallVarint(cursor);
      const reader = readers[id];
      if (reader === undefined) {
        if (id <= body.lastNonIgnorableField)
          throw new FormatError(`field ${id} is unknown and may not be ignored`);
        cursor.position = fieldStart;
        break;
      }
      reader(cursor, body);
    }
    body.rest = cursor.view(cursor.remaining);
    return body;
  },
  encode(body, writer) {
    const start = writer.length;
    writeVarint(writer, BigInt(body.lastNonIgnorableField));
    writeFields(body, writer);
    const fields = Buffer.from(writer.view().subarray(start));
    writer.length = start;
    let size = 1 + fields.length + 1;
    while (size !== 1 + varintBytes(size) + fields.length) size = 1 + varintBytes(size) + fields.length;
    writeVarint(writer, SERIALIZATION_VERSION);
    writeVarint(writer, BigInt(size));
    writer.bytes(fields);
  },
};

import {
  EventType,
  type FormatDescription,
  HEADER_BYTES,
  type RawEvent,
  versionNumber,
} from '../../binlog/index.ts';

/** Version of the format and of the server, and when it started: what stands before the length of headers. */
const HEADER_LENGTH_AT = 56;
/** Version of the format and of the server. */
const VERSIONS_BYTES = 52;

function isTooShort({ type, length, bytes, bodyStart }: RawEvent): boolean {
  return (
    type === EventType.FORMAT_DESCRIPTION_EVENT &&
    (length <= HEADER_BYTES + HEADER_LENGTH_AT ||
      length < (bytes[bodyStart + HEADER_LENGTH_AT] ?? 0) + VERSIONS_BYTES)
  );
}

/** What the original says of an event that it refuses: of a format description that is too short something of its own. */
export function reasonOfRefusal(event: RawEvent): string {
  return `Found invalid${isTooShort(event) ? ' Format description' : ''} event in binary log`;
}

/** Whether the original takes a format description: the version must be one, and some type of event described. */
export function isLegalFormat(event: RawEvent, body: FormatDescription): boolean {
  const { serverVersion, postHeaderLengths } = body;
  return !isTooShort(event) && versionNumber(serverVersion) >= 0x1_0000 && postHeaderLengths.length > 0;
}

import { isUtf8 } from 'node:buffer';
import { type EventBody, EventFlag, type RawEvent } from '../../binlog/index.ts';
import { formatUuid, MysqlGtidSet } from '../../gtid/index.ts';
import type { ChangePlace } from './change-place.ts';

type JsonObject = Record<string, unknown>;

/** Text where bytes are text; 64-bit integers as numbers while they are exact in every reader of JSON. */
function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value))
    return isUtf8(value) ? value.toString('utf8') : { base64: value.toString('base64') };
  if (typeof value === 'bigint') {
    return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER
      ? Number(value)
      : String(value);
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    const object: JsonObject = {};
    for (const [key, inner] of Object.entries(value)) if (inner !== undefined) object[key] = plain(inner);
    return object;
  }
  return value;
}

/** Kinds whose body reads better in another form than its fields. */
const forms: {
  readonly [Kind in EventBody['kind']]?: (body: Extract<EventBody, { kind: Kind }>) => JsonObject;
} = {
  gtid: ({ uuid, rest: _rest, fields: _fields, ...body }) => ({ ...body, uuid: formatUuid(uuid) }),
  gtidTagged: ({ uuid, rest: _rest, lastNonIgnorableField: _last, ...body }) => ({
    ...body,
    uuid: formatUuid(uuid),
  }),
  previousGtids: ({ set }) => ({ gtids: MysqlGtidSet.fromBytes(set).format(',') }),
  mariadbGtid: ({ rest: _rest, ...body }) => body,
  gtidList: ({ rest: _rest, ...body }) => body,
  userVar: ({ rest: _rest, ...body }) => body,
  formatDescription: ({ versionPadding: _padding, postHeaderLengths, ...body }) => ({
    ...body,
    postHeaderLengths: [...postHeaderLengths],
  }),
  query: ({ block: _block, status, ...body }) => ({ ...body, status: { ...status, bytes: undefined } }),
  executeLoadQuery: ({ status, ...body }) => ({ ...body, status: { ...status, bytes: undefined } }),
  tableMap: ({ columns, metadata: _metadata, ...body }) => ({
    ...body,
    columns: columns.map(({ code, meta, nullable, name, unsigned, charset, members, primaryKeyPart }) => ({
      name,
      type: code,
      meta,
      nullable,
      unsigned,
      charset,
      members,
      primaryKeyPart,
    })),
  }),
  rows: ({ shape, tableId, flags, columnCount, images }) => ({
    operation: shape.operation,
    tableId,
    flags,
    columnCount,
    imageBytes: images.length,
  }),
  transactionPayload: ({ payload: _payload, fields: _fields, ...body }) => body,
};

const flagNames = Object.entries(EventFlag);

/** One event as a JSON line, without its rows. */
export function eventLine(event: RawEvent, body: EventBody, place: ChangePlace): string {
  const form = forms[body.kind] as ((body: EventBody) => JsonObject) | undefined;
  const { kind: _kind, ...fields } = form === undefined ? { ...body } : { kind: body.kind, ...form(body) };
  const { timestamp, serverId, length, logPos, flags } = event;
  const line: JsonObject = {
    event: event.name,
    timestamp,
    file: place.file,
    position: place.position,
    endPosition: logPos,
    serverId,
    length,
    flags: flagNames.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name),
    checksum: event.hasChecksum ? `0x${event.checksum.toString(16).padStart(8, '0')}` : undefined,
    gtid: place.gtid,
    body: fields,
  };
  return JSON.stringify(plain(line));
}

import { EventFramer, type MariadbXid, RawEvent } from '../binlog/index.ts';

/**
 * The rows of an XA transaction that has been prepared: they count once XA COMMIT comes, which may be many transactions later.
 *
 * Kept as events without checksums, one after the other, table maps before their rows.
 */
export class PreparedTransaction {
  readonly xid: string;
  readonly #events: Buffer[] = [];
  #lastMap: Buffer | undefined;

  constructor(xid: string) {
    this.xid = xid;
  }

  add(mapEvent: RawEvent, rowsEvent: RawEvent): void {
    const map = plain(mapEvent);
    if (this.#lastMap?.equals(map) !== true) this.#events.push(map);
    this.#lastMap = map;
    this.#events.push(plain(rowsEvent));
  }

  bytes(): Buffer {
    return Buffer.concat(this.#events);
  }

  static *events(bytes: Uint8Array): Generator<RawEvent, void, undefined> {
    const framer = new EventFramer({ position: 0, bufferBytes: 0 });
    framer.adopt(Buffer.from(bytes));
    const event = new RawEvent();
    while (framer.next(event)) yield event;
  }
}

/** Offset of an event's length in its header. */
const LENGTH_AT = 9;

/** The event without its checksum, and a length that says so. */
function plain(event: RawEvent): Buffer {
  const bytes = Buffer.from(event.bytes.subarray(event.start, event.bodyEnd));
  bytes.writeUInt32LE(bytes.length, LENGTH_AT);
  return bytes;
}

/** `X'616263',X'',1`: how the servers write the name of an XA transaction into their logs, whichever statement it stands in. */
export function xidOf(statement: Buffer): string {
  const text = statement.toString('latin1');
  return text
    .replace(/^\s*XA\s+(START|BEGIN|END|PREPARE|COMMIT|ROLLBACK)\s+/i, '')
    .replace(/\s+ONE\s+PHASE\s*$/i, '')
    .replaceAll(/\s/g, '');
}

/** The same, made of its parts. */
export function xidText({ formatId, globalId, branchQualifier }: MariadbXid): string {
  return `X'${Buffer.from(globalId).toString('hex')}',X'${Buffer.from(branchQualifier).toString('hex')}',${formatId}`;
}

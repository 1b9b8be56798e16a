import { EventFramer, LENGTH_AT, RawEvent } from '../../binlog/index.ts';

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

/** The event without its checksum, and a length that says so. */
function plain(event: RawEvent): Buffer {
  const bytes = Buffer.from(event.bytes.subarray(event.start, event.bodyEnd));
  bytes.writeUInt32LE(bytes.length, LENGTH_AT);
  return bytes;
}

import { type RawEvent, rowsShape } from '../../binlog/index.ts';
import { crc32, crc32OfRest } from '../../bytes/index.ts';
import {
  gtidText,
  isSameGtid,
  ReplicationError,
  type SourceClient,
  type TransactionGtid,
} from '../../replication/index.ts';

const ER_REPLICA_FATAL_ERROR = 1593;
const TABLE_ID_BYTES = 6;

/** Makes the sum depend on the order (the prime of FNV-1a). */
const SUM_FACTOR = 0x0100_0193;

/** Checksum of a rows event's body behind the table id. */
function sumOf(event: RawEvent): number {
  const { bytes, start, bodyStart, bodyEnd } = event;
  const from = Math.min(bodyEnd, bodyStart + TABLE_ID_BYTES);
  if (!event.hasChecksum) return crc32(bytes, from, bodyEnd);
  // The event's own checksum covers what is before them too, which differs from server to server.
  return crc32OfRest(event.checksum, crc32(bytes, start, from), bodyEnd - from);
}

/**
 * What was handed out already, as a link sees it that was made anew: the unfinished transaction comes again from its beginning, and by
 * GTID the head of its file too. That many events are passed over, and their rows must be the same ones.
 */
export class HandedOut {
  /** The transaction that is under way: by GTID it is the same on every server; without, it is its place. */
  #gtid: TransactionGtid | undefined;
  #beganIn = '';
  #beganAt = 0;
  /** Events of the transaction that is under way. */
  #events = 0;
  /** Sum of the checksums of those events' rows. Table ids are left out: another server has others. */
  #sum = 0;
  /** While a transaction comes again: what is still to be passed over, and what it must add up to. */
  #left = 0;
  #expected = 0;
  #file = '';
  #end = 0;

  /** The link is new; `isSameServer`: file names mean what they meant. */
  resumed(isSameServer: boolean): void {
    // A link that breaks again while it passes over has added nothing.
    if (this.#left === 0) this.#expected = this.#sum;
    this.#left = this.#events;
    if (!isSameServer) this.#file = '';
  }

  /**
   * Takes note of an event of the log: true when it was handed out before.
   *
   * @throws ReplicationError where another transaction comes than the one that was begun
   */
  wasBefore(event: RawEvent, client: SourceClient): boolean {
    const { place, file } = client;
    if (place === 'outside') {
      const isNew = file !== this.#file || event.position >= this.#end;
      if (isNew) this.#reach(client);
      return !isNew;
    }
    const isFirst = place === 'begins' || place === 'alone';
    if (isFirst) {
      this.#sum = 0;
      if (this.#left === 0) this.#begin(event, client);
      else if (!this.#isSame(event, client)) throw this.#gone(client);
    }
    if (rowsShape(event.type) !== undefined) {
      this.#sum = Math.imul(this.#sum ^ sumOf(event), SUM_FACTOR);
    }
    if (this.#left > 0) {
      this.#left -= 1;
      if (this.#left === 0 && this.#sum !== this.#expected) throw this.#gone(client);
      return true;
    }
    this.#events = place === 'ends' || place === 'alone' ? 0 : this.#events + 1;
    this.#reach(client);
    return false;
  }

  #begin(event: RawEvent, { gtid, file }: SourceClient): void {
    this.#gtid = gtid;
    this.#beganIn = file;
    this.#beganAt = event.position;
    this.#events = 0;
  }

  #isSame(event: RawEvent, { gtid, file }: SourceClient): boolean {
    const own = this.#gtid;
    if (own === undefined || gtid === undefined) {
      return own === gtid && file === this.#beganIn && event.position === this.#beganAt;
    }
    return isSameGtid(own, gtid);
  }

  #reach({ file, position }: SourceClient): void {
    this.#file = file;
    this.#end = position;
  }

  #gone({ file, position }: SourceClient): ReplicationError {
    const name = this.#gtid === undefined ? `${this.#beganIn}:${this.#beganAt}` : gtidText(this.#gtid);
    return new ReplicationError(
      'REPLICATION_TRANSACTION_GONE',
      ER_REPLICA_FATAL_ERROR,
      `the link broke inside transaction ${name}, of which a part was handed out, and it does not come again as it was`,
      {
        context: { file, position },
        hint: 'The source lost it. Undo what came of it and begin at the last stored position.',
      },
    );
  }
}

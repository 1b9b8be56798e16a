import { RawEvent } from '../../../../binlog/index.ts';
import type { LogFollower, LogPlace } from '../../../../store/index.ts';
import { TransactionBuffer } from '../../../binary-log/index.ts';

/** A transaction is held until it is whole up to this size; a larger one goes on in parts. */
export const HELD_BYTES: number = 4 << 20;

/** Takes the events of one transaction, as far as filters let them through. */
export interface FilteredEvents {
  take(event: RawEvent): void;
  /** Whether more of the event is to be taken, once what has passed is written. */
  readonly hasMore: boolean;
  takeMore(): void;
}

export interface SecondReadingOptions {
  /** Where the transaction begins and ends in the relay log: in one file. */
  readonly from: LogPlace;
  readonly to: LogPlace;
  /** Whether events end in a checksum there. */
  readonly checksums: boolean;
  open(place: LogPlace): Promise<LogFollower>;
  filter(buffer: TransactionBuffer): FilteredEvents;
}

/** A transaction that was too large to hold until the target had it, once more: for the binary log. */
export class SecondReading {
  readonly #options: SecondReadingOptions;

  constructor(options: SecondReadingOptions) {
    this.#options = options;
  }

  /** Its events as filters leave them, in parts: each is borrowed until the next. @throws what the disk throws */
  async *parts(): AsyncGenerator<TransactionBuffer> {
    const { from, to, checksums } = this.#options;
    const buffer = new TransactionBuffer();
    const filtered = this.#options.filter(buffer);
    const event = new RawEvent();
    const follower = await this.#options.open(from);
    follower.checksums = checksums;
    try {
      while (follower.position < to.position) {
        if (!follower.next(event)) {
          // oxlint-disable-next-line no-await-in-loop -- one block after the other
          await follower.load();
          continue;
        }
        filtered.take(event);
        for (; filtered.hasMore; filtered.takeMore()) yield buffer;
        if (buffer.bytes > HELD_BYTES) yield buffer;
      }
      if (buffer.count > 0) yield buffer;
    } finally {
      follower.close();
    }
  }
}

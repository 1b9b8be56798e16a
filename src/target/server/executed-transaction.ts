import type { PositionMark, SourceTransaction } from '../target.ts';
import type { OpenTransaction } from './open-transaction.ts';
import type { ChannelRecord } from './state/channel-record.ts';

/** A transaction that the target had executed before, under its GTID: a start that names no GTIDs goes through what is there. */
export class ExecutedTransaction implements OpenTransaction {
  readonly #record: ChannelRecord;
  readonly #transaction: SourceTransaction;

  constructor(record: ChannelRecord, transaction: SourceTransaction) {
    this.#record = record;
    this.#transaction = transaction;
  }

  async settings(): Promise<void> {}

  async rows(): Promise<void> {}

  planned(): undefined {}

  async add(): Promise<void> {}

  async takePrepared(): Promise<undefined> {}

  async commit(after: PositionMark | undefined): Promise<void> {
    this.#record.moveTo(after);
    const { label } = this.#transaction;
    if (label !== undefined) label.committedAt = Date.now();
  }

  async rollback(): Promise<void> {}
}

import type { TransactionGtid } from '../../../../replication/index.ts';
import { type Commit, SourceClock, type TransactionBuffer } from '../../../binary-log/index.ts';
import type { TransactionSink } from '../../transaction-sink.ts';
import { nameTransaction } from '../places/assigned-gtid.ts';
import type { PendingTransaction } from './pending-transactions.ts';
import type { SecondReading } from './second-reading.ts';

/** The way of a channel's transactions into the binary log, one after the other. */
export class LogFeed {
  readonly #sink: TransactionSink;
  readonly #uuidForAnonymous: () => string | undefined;
  readonly #clock = new SourceClock();
  /** Set while a transaction is written in parts. */
  #giveBack: (() => void) | undefined;

  /** @param uuidForAnonymous ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS: whose they become; undefined: they stay as they are */
  constructor(sink: TransactionSink, uuidForAnonymous: () => string | undefined) {
    this.#sink = sink;
    this.#uuidForAnonymous = uuidForAnonymous;
  }

  /** The source's log begins anew. */
  startFile(): void {
    this.#clock.startFile();
  }

  /** Undefined: {@link append}. Otherwise wait, and ask again. */
  room(): Promise<void> | undefined {
    return this.#giveBack === undefined ? this.#sink.room() : undefined;
  }

  /** A part of a transaction that is too large to hold: nobody else writes until it is whole. Gives the name it has from now on. */
  async writePart(
    buffer: TransactionBuffer,
    gtid: TransactionGtid | undefined,
  ): Promise<TransactionGtid | undefined> {
    const begins = this.#giveBack === undefined;
    this.#giveBack ??= await this.#sink.turn();
    const named = begins ? this.#nameOf(buffer, gtid) : gtid;
    this.#sink.appendPart(buffer, this.#clock, begins);
    // The queue of the disk is as long as memory is; a turn of the loop lets it write.
    await this.#sink.backlog();
    return named;
  }

  /**
   * A transaction, or what of it {@link writePart} has not taken; empty: the channel has moved on.
   *
   * @param commit makes what becomes durable with it, once it has its name
   */
  append(
    buffer: TransactionBuffer,
    gtid: TransactionGtid | undefined,
    commit: (gtid: TransactionGtid | undefined) => Commit,
  ): void {
    const giveBack = this.#giveBack;
    if (giveBack !== undefined) {
      this.#sink.appendPart(buffer, this.#clock, false);
      this.#sink.commit(commit(gtid));
      this.#giveBack = undefined;
      giveBack();
    } else if (buffer.count > 0) {
      const named = this.#nameOf(buffer, gtid);
      this.#sink.append(buffer, this.#clock, commit(named));
    } else this.#sink.note({ ...commit(gtid), gtid: undefined });
  }

  /** Those that the target has for good. */
  async appendAll(transactions: readonly PendingTransaction[]): Promise<void> {
    for (const { buffer, commit, again, startsFile } of transactions) {
      // oxlint-disable-next-line no-await-in-loop -- until there is room
      for (let room = this.#sink.room(); room !== undefined; room = this.#sink.room()) await room;
      if (startsFile) this.#clock.startFile();
      // Another channel may have brought it meanwhile.
      if (commit.gtid !== undefined && this.#sink.has(commit.gtid)) {
        this.#sink.note({ ...commit, gtid: undefined });
        continue;
      }
      // oxlint-disable-next-line no-await-in-loop -- one part after the other
      const gtid = again === undefined ? commit.gtid : await this.#writeAgain(again, commit.gtid);
      this.append(buffer, gtid, (named) => ({ ...commit, gtid: named }));
    }
  }

  /** The transaction under way will not be whole. */
  drop(): void {
    if (this.#giveBack === undefined) return;
    this.#sink.rollback();
    this.#giveBack();
    this.#giveBack = undefined;
  }

  /** What was too large to hold until the target had it. */
  async #writeAgain(
    again: SecondReading,
    gtid: TransactionGtid | undefined,
  ): Promise<TransactionGtid | undefined> {
    let named = gtid;
    try {
      for await (const part of again.parts()) named = await this.writePart(part, named);
    } catch (error) {
      this.drop();
      throw error;
    }
    return named;
  }

  #nameOf(buffer: TransactionBuffer, gtid: TransactionGtid | undefined): TransactionGtid | undefined {
    const uuid = gtid === undefined ? this.#uuidForAnonymous() : undefined;
    if (uuid === undefined) return gtid;
    const named = this.#sink.assign(uuid);
    nameTransaction(buffer, named);
    return named;
  }
}

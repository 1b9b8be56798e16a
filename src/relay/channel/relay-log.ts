import { join } from 'node:path';
import type { RawEvent } from '../../binlog/index.ts';
import type { RowlockError } from '../../errors/index.ts';
import type { TransactionGtid } from '../../replication/index.ts';
import {
  comparePlaces,
  type Disk,
  LogEvents,
  type LogFollower,
  type LogPlace,
  LogSequence,
} from '../../store/index.ts';
import { MariadbLedger, MysqlLedger } from '../binary-log/index.ts';
import type { RelayLogOptions } from './relay-log-options.ts';
import { SourceHead } from './source-head.ts';
import { SourcePlace } from './source-place.ts';

/** What becomes durable with a transaction. */
export interface Received {
  readonly gtid: TransactionGtid | undefined;
  readonly file: string;
  readonly position: number;
  /** Told when it is durable. */
  readonly done?: (() => void) | undefined;
}

/**
 * What a channel received, as it came: in MySQL's own relay log files, events with the source's positions, server ids and checksums.
 * Whole transactions only; what was appended of one that is not whole is taken back.
 */
export class RelayLog {
  readonly #options: RelayLogOptions;
  readonly #events: LogEvents;
  readonly ledger: MysqlLedger | MariadbLedger;
  /** Where the next event of the source goes on, as of what is durable. */
  readonly settled = new SourcePlace();
  #log!: LogSequence<Received>;
  /** Of what was appended. */
  readonly #head: SourceHead;
  failed: ((error: RowlockError) => void) | undefined;
  /** Whether what ends here is durable in the binary log, see `LogSequenceOptions.elsewhere`. */
  elsewhere: ((end: LogPlace) => Promise<boolean> | undefined) | undefined;
  /** Transactions in the newest file. */
  #transactions = 0;
  /** Where the last transaction ends that came since the log was opened. */
  #lastEnd: LogPlace | undefined;
  #spaceWaiters: (() => void)[] = [];
  /** FLUSH RELAY LOGS came inside a transaction. */
  #flushes = false;

  private constructor(options: RelayLogOptions) {
    this.#options = options;
    this.#events = new LogEvents({ ...options, relayLog: true });
    this.#head = new SourceHead(this.#events, options.serverId);
    this.ledger = options.flavor === 'mysql' ? new MysqlLedger() : new MariadbLedger();
  }

  /** Opens the log and cuts a torn tail back to the last whole transaction. */
  static async open(options: RelayLogOptions): Promise<RelayLog> {
    const log = new RelayLog(options);
    const { disk, folder, base, cache } = options;
    log.#log = await LogSequence.open<Received>(
      {
        disk,
        folder,
        base,
        cache,
        opening: () => log.#opening(),
        closing: (next, position) =>
          next === undefined
            ? log.#events.stop(position, log.#head.checksums)
            : log.#events.rotate(position, next, 4, log.#head.checksums),
        elsewhere: (end) => log.elsewhere?.(end),
        settled: (received) => log.#settle(received),
        failed: (error) => {
          log.ledger.forget();
          log.#forget();
          log.failed?.(error);
        },
      },
      {
        cut: (cut) => options.cut?.(cut),
        visit: (event) => {
          log.settled.visit(event);
          log.ledger.visit(event);
          // The newest file may hold nothing of the source: its head says where the one before ended.
        },
      },
    );
    log.#forget();
    return log;
  }

  get log(): LogSequence<Received> {
    return this.#log;
  }

  get space(): number {
    return this.#log.files.reduce((sum, { size }) => sum + size, 0);
  }

  get retrieved(): string {
    return this.ledger.executed;
  }

  /** Whether nothing was ever received, or all of it forgotten. */
  get isEmpty(): boolean {
    return this.settled.file === '';
  }

  /** Whether something came that is not durable yet. */
  get isUnderWay(): boolean {
    return comparePlaces(this.#log.durable, this.#log.end) < 0;
  }

  /** Whether all transactions that came whole are durable. */
  get holdsAll(): boolean {
    return this.#lastEnd === undefined || comparePlaces(this.#log.durable, this.#lastEnd) >= 0;
  }

  /** Whether no transaction came behind this place; of what came before the log was opened nothing is known. */
  endsBy(place: LogPlace): boolean {
    return this.#lastEnd !== undefined && comparePlaces(place, this.#lastEnd) >= 0;
  }

  /** The source is here: what the next events are, and how to read them. */
  setFormat(event: RawEvent, file: string, position: number): void {
    this.#head.setFormat(Buffer.from(event.view()), { file, position });
  }

  /** Adds a judged event. */
  append(event: RawEvent): void {
    if (!this.#head.isWritten) for (const head of this.#head.missing()) this.#log.append(head);
    this.#log.append(event.bytes, event.start, event.end);
  }

  /** All that was appended is whole. */
  commit(received: Received): void {
    this.#lastEnd = this.#log.end;
    this.#mark(received);
  }

  #mark(received: Received): void {
    if (received.gtid !== undefined) this.ledger.append(received.gtid);
    this.#head.moveTo(received);
    this.#log.mark(received);
    this.#transactions += 1;
    if (this.#flushes || this.#log.end.position >= this.#options.maxRelayLogSize()) this.rotate();
  }

  /** The source's own rotate: the next file begins. */
  follow(event: RawEvent, file: string, position: number): void {
    this.append(event);
    this.#head.rotated(file);
    this.#mark({ gtid: undefined, file, position });
  }

  rotate(): void {
    this.#log.rotate();
  }

  /** Takes back what is not whole. */
  rewind(): void {
    // The head of the source's file may have gone with it.
    if (this.#log.rewind()) this.#head.writeAgain();
    if (this.#flushes && this.#log.failure === undefined) this.rotate();
  }

  /** FLUSH RELAY LOGS: goes on in a new file, behind the transaction under way. A log that failed begins one when it goes on anyway. */
  async flush(): Promise<void> {
    if (this.#log.failure !== undefined) return;
    if (this.#log.isWhole) this.rotate();
    else this.#flushes = true;
    await this.settle();
  }

  room(): Promise<void> | undefined {
    return this.#log.room();
  }

  settle(): Promise<void> {
    return this.#log.settle();
  }

  async heal(): Promise<void> {
    await this.#log.heal();
  }

  read(place: LogPlace): Promise<LogFollower> {
    return this.#log.follow(place);
  }

  /** As {@link read}, for whoever makes what it reads durable itself: it need not be durable here. */
  readMarked(place: LogPlace): Promise<LogFollower> {
    return this.#log.followMarked(place);
  }

  /** Removes the files before the one that is being applied. */
  async purgeBefore(number: number): Promise<void> {
    await this.#log.purgeBefore(number);
    this.stopWaiting();
  }

  /**
   * Undefined: all files together take less than so many bytes, or nothing could be given back. Otherwise resolved when files went: ask
   * again.
   */
  freed(limit: number): Promise<void> | undefined {
    if (limit === 0 || this.space < limit) return undefined;
    // The newest file goes only once there is another one.
    if (this.#transactions > 0) this.rotate();
    else if (this.#log.files.length <= 1) return undefined;
    return new Promise((resolve) => this.#spaceWaiters.push(resolve));
  }

  /** Whoever waits for space looks again. */
  stopWaiting(): void {
    for (const resolve of this.#spaceWaiters.splice(0)) resolve();
  }

  /** RESET REPLICA: everything goes. */
  async reset(): Promise<void> {
    await this.#log.removeAll(() => {
      this.ledger.clear();
      this.settled.file = '';
      this.settled.position = 4;
      this.#head.clear();
      this.#forget();
    }, 1);
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  /** Removes the files of a channel that is no more. */
  static async remove(disk: Disk, folder: string, base: string): Promise<void> {
    for (const name of await disk.list(folder)) {
      if (name === `${base}.index` || name.startsWith(`${base}.`)) await disk.remove(join(folder, name));
    }
  }

  #opening(): Buffer {
    this.#transactions = 0;
    this.#flushes = false;
    if (!this.#head.isKnown && this.settled.file !== '') {
      this.#head.moveTo(this.settled);
      this.ledger.forget();
    }
    const format = this.#events.formatDescription(4, true, true);
    const list = this.ledger.opening(this.#events, 4 + format.length);
    return Buffer.concat([format, list, this.#head.opening()]);
  }

  #settle(received: readonly Received[]): void {
    for (const { gtid, file, position, done } of received) {
      if (gtid !== undefined) this.ledger.settle(gtid);
      this.settled.file = file;
      this.settled.position = position;
      done?.();
    }
  }

  #forget(): void {
    this.#lastEnd = undefined;
    this.#head.moveTo(this.settled);
    this.#head.writeAgain();
  }
}

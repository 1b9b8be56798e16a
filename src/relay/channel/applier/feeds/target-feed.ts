import { RawEvent, type TransactionPlace } from '../../../../binlog/index.ts';
import { comparePlaces, type LogPlace } from '../../../../store/index.ts';
import {
  type Target,
  Applier as TargetApplier,
  type TargetRetry,
  type TargetWorker,
  type TransactionLabel,
} from '../../../../target/index.ts';
import type { TransactionBuffer } from '../../../binary-log/index.ts';
import { ChannelError } from '../../channel-error.ts';
import { feedError, UNKNOWN_ERROR } from './feed-error.ts';
import { type PendingTransaction, PendingTransactions } from './pending-transactions.ts';

/** What a channel takes its target from. */
export interface ChannelTargetMaker {
  /** Whether the channel has one. */
  isNamed(): boolean;
  /** Undefined: the channel has none. `conflict` is told of rows that were not as the source had them, where the channel goes on. */
  make(conflict: (error: Error) => void): ChannelTargetInUse | undefined;
}

/** A target, and what goes with it. */
export interface ChannelTargetInUse {
  readonly target: Target;
  /** Lets go of what was opened to ask the source. */
  close(): Promise<void>;
}

/**
 * The way of a channel's transactions into its target, in front of the binary log.
 *
 * The target is made durable first, then the binary log takes the same transactions: whatever a crash leaves, the target is never behind.
 * It remembers its place in the relay log in the transaction of the rows; what comes again after a crash is passed over by that.
 */
export class TargetFeed {
  /** What was applied, and is not in the binary log. */
  readonly pending: PendingTransactions = new PendingTransactions();
  readonly #inUse: ChannelTargetInUse;
  readonly #applier: TargetApplier;
  readonly #event = new RawEvent();
  readonly #nameOf: (number: number) => string;
  #place: LogPlace;

  private constructor(
    inUse: ChannelTargetInUse,
    place: LogPlace,
    nameOf: (number: number) => string,
    renamed: ((schema: string) => string) | undefined,
  ) {
    this.#inUse = inUse;
    this.#place = place;
    this.#nameOf = nameOf;
    this.#applier = new TargetApplier(inUse.target, renamed);
  }

  /**
   * Opens the target.
   *
   * @param start where the channel goes on; undefined: it begins anew, and so does the target, whatever it remembers
   * @param first the relay log's first place
   */
  static async open(
    inUse: ChannelTargetInUse,
    channel: string,
    log: {
      readonly start: LogPlace | undefined;
      readonly first: LogPlace;
      readonly nameOf: (number: number) => string;
    },
    renamed: ((schema: string) => string) | undefined,
  ): Promise<TargetFeed> {
    const { target } = inUse;
    try {
      const stored = await target.open(channel);
      const known =
        log.start === undefined || stored?.file === undefined
          ? undefined
          : placeOf(stored.file, stored.position ?? 4);
      if (known !== undefined && stored?.file !== log.nameOf(known.number)) throw strange(stored!.file!);
      const place = known ?? log.start ?? log.first;
      const feed = new TargetFeed(inUse, place, log.nameOf, renamed);
      if (known === undefined) await target.mark(feed.#marked(place));
      return feed;
    } catch (error) {
      await target.close();
      await inUse.close();
      throw feedError(error, undefined, '');
    }
  }

  /** Behind the last transaction that the target has for good. */
  get place(): LogPlace {
    return this.#place;
  }

  /** Transactions that the target tried again. */
  get retried(): number {
    return this.#inUse.target.retried ?? 0;
  }

  get lastRetry(): TargetRetry | undefined {
    return this.#inUse.target.lastRetry;
  }

  /** Its sessions; undefined: it has none. */
  get workers(): readonly TargetWorker[] | undefined {
    return this.#inUse.target.workers;
  }

  /** The relay log was made anew: the target goes on here, whatever it remembers. */
  async restart(place: LogPlace): Promise<void> {
    this.#place = place;
    await this.#mark(place);
  }

  /** The channel reads on from here, with nothing in between. */
  async moveOn(place: LogPlace): Promise<void> {
    if (!this.has(place)) await this.#mark(place);
  }

  /** Whether the target has the transaction that begins here. */
  has(place: LogPlace): boolean {
    return comparePlaces(place, this.#place) < 0;
  }

  setFormat(event: RawEvent): void {
    this.#applier.setFormat(event);
  }

  /**
   * Applies the events of a buffer, which stay in it: a transaction, or a part of one.
   *
   * @param after where the next transaction begins; undefined: there is more of this one
   * @throws ChannelError with the server's number; the transaction has been rolled back
   */
  async apply(
    buffer: TransactionBuffer,
    begins: boolean,
    after: LogPlace | undefined,
    sourceFile: string,
    label: TransactionLabel | undefined,
  ): Promise<void> {
    const { count } = buffer;
    const event = this.#event;
    const mark = () => () => this.#marked(after!);
    if (count === 0 && begins && after !== undefined) return this.pass(after, sourceFile);
    try {
      for (let index = 0; index < count; index += 1) {
        event.aim(buffer.slabs[index]!, buffer.starts[index]!, buffer.ends[index]!, 0, true);
        const place = placeIn(begins && index === 0, after !== undefined && index === count - 1);
        await this.#applier.apply(event, { file: sourceFile, place, label }, mark);
      }
      // The part that ends it was empty.
      if (count === 0 && after !== undefined) await this.#applier.finish(mark);
    } catch (error) {
      throw feedError(error, count === 0 ? undefined : event, sourceFile);
    }
  }

  /** A transaction of which nothing goes into the target: it goes on behind it. @param after where the next one begins */
  async pass(after: LogPlace, sourceFile: string): Promise<void> {
    try {
      await this.#applier.pass(sourceFile, 0, () => () => this.#marked(after));
    } catch (error) {
      throw feedError(error, undefined, sourceFile);
    }
  }

  /**
   * What was applied goes on its way into the target, and more may be applied meanwhile.
   *
   * @returns resolved when another one is there, or has failed; undefined: only {@link flush} says more
   */
  underWay(): Promise<void> | undefined {
    return this.#inUse.target.underWay?.();
  }

  /** Makes durable what was applied. Gives what may go into the binary log now; what a target that failed has not comes again. */
  async flush(): Promise<readonly PendingTransaction[]> {
    const { target } = this.#inUse;
    try {
      await target.flush();
    } catch (error) {
      throw feedError(error, undefined, '');
    }
    return this.pending.takeAll(target.hasFailed === true);
  }

  /** Takes back the transaction that is open. */
  async abandon(): Promise<void> {
    await this.#applier.abandon();
  }

  async close(): Promise<void> {
    try {
      await this.#inUse.target.close();
    } finally {
      await this.#inUse.close();
    }
  }

  async #mark(place: LogPlace): Promise<void> {
    try {
      await this.#inUse.target.mark(this.#marked(place));
    } catch (error) {
      throw feedError(error, undefined, '');
    }
  }

  #marked({ number, position }: LogPlace): { file: string; position: number } {
    return { file: this.#nameOf(number), position };
  }
}

/** A target that something else has filled: what a source calls its log is no place in this relay log. */
const strange = (file: string): ChannelError =>
  new ChannelError(
    UNKNOWN_ERROR,
    `The target stands at ${file}, which is no relay log of this channel: something else has filled it. Give the channel a target of its own.`,
  );

/** `relay-bin.000003` */
function placeOf(file: string, position: number): LogPlace | undefined {
  const number = /\.(\d+)$/.exec(file)?.[1];
  return number === undefined ? undefined : { number: Number(number), position };
}

function placeIn(isFirst: boolean, isLast: boolean): TransactionPlace {
  if (isFirst) return isLast ? 'alone' : 'begins';
  return isLast ? 'ends' : 'inside';
}

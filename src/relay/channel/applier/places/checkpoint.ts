import type { TransactionGtid } from '../../../../replication/index.ts';
import { comparePlaces, type LogPlace } from '../../../../store/index.ts';
import type { Commit } from '../../../binary-log/index.ts';
import type { RelayLog } from '../../relay-log.ts';
import { isBehind, type SourceFilePlace } from '../../source-place.ts';
import type { TransactionTimes } from '../../status.ts';
import type { TransactionSink } from '../../transaction-sink.ts';
import { AppliedPlace } from './applied-place.ts';
import { TakenOver } from './taken-over.ts';

export interface CheckpointOptions {
  readonly sink: TransactionSink;
  readonly log: RelayLog;
  channel(): string;
  /** relay_log_purge: files that are applied go. */
  purgesRelayLogs(): boolean;
  /** A transaction is applied for good. */
  applied(times: TransactionTimes): void;
}

/** A transaction of a channel, and where its relay log and its source's log go on behind it. */
export interface TransactionEnd {
  readonly gtid: TransactionGtid | undefined;
  readonly times: TransactionTimes;
  readonly relay: LogPlace;
  readonly source: SourceFilePlace;
}

/** Where a relay log's events begin. */
const START = 4;

/**
 * How far a channel has applied its relay log: noted in the sink with every transaction, and reached once that is durable there. Relay
 * logs that lie before it may go.
 */
export class Checkpoint {
  /** For good. */
  readonly applied: AppliedPlace = new AppliedPlace();
  readonly #options: CheckpointOptions;
  readonly #takenOver = new TakenOver();
  /** Up to where that is, in the source's log. */
  #behind: SourceFilePlace = { file: '', position: 0 };

  constructor(options: CheckpointOptions) {
    this.#options = options;
    this.recall();
  }

  /** Goes on where the sink is. Undefined: the channel has applied nothing yet. */
  recall(): LogPlace | undefined {
    const { applied } = this;
    const place = applied.recall(this.#options.sink.place(this.#options.channel()));
    this.#behind = { file: applied.sourceFile, position: applied.sourcePosition };
    return place;
  }

  /** RESET REPLICA: begins with the relay log's first file. */
  forget(): void {
    this.#options.sink.note({ channel: this.#options.channel(), gtid: undefined, place: null });
    this.applied.clear();
  }

  /** Nothing has been applied yet: that it begins here is kept before anything is. */
  async begin(first: LogPlace): Promise<void> {
    const { sink } = this.#options;
    const { sourceFile, sourcePosition } = this.applied;
    const place = this.applied.remembered(first, sourceFile, sourcePosition);
    sink.note({ channel: this.#options.channel(), gtid: undefined, place });
    await sink.settle();
  }

  /** Whether the binary log has for good what ends here in the relay log: see {@link TakenOver.durable}. */
  durable(place: LogPlace): Promise<boolean> | undefined {
    return this.#takenOver.durable(place, this.applied.relay);
  }

  /** What was not made durable will not be. */
  forgetTakenOver(): void {
    this.#takenOver.forget();
  }

  /** Whether the source's log stands before what was taken over of it: a relay log that lost its end has that again. */
  isAgain(source: SourceFilePlace): boolean {
    return isBehind(source, this.#behind);
  }

  /**
   * What becomes durable with a transaction.
   *
   * @param isMarked it may not be durable in the relay log yet
   */
  commitOf({ gtid, times, relay, source: { file, position } }: TransactionEnd, isMarked: boolean): Commit {
    const options = this.#options;
    if (isMarked) this.#takenOver.place = relay;
    this.#behind = { file, position };
    return {
      gtid,
      channel: options.channel(),
      place: this.applied.remembered(relay, file, position),
      done: () => {
        options.applied(times);
        this.#reach(relay, file, position);
      },
    };
  }

  /** The next file of the relay log begins: the one before is not needed any more, even if nothing follows. */
  moveOn(number: number, source: SourceFilePlace): void {
    this.noticeGap();
    // A relay log that lost its end begins again before what was taken over.
    const { file, position } = this.isAgain(source) ? this.#behind : source;
    const head = { number, position: START };
    this.#options.sink.note({
      gtid: undefined,
      channel: this.#options.channel(),
      place: this.applied.remembered(head, file, position),
      done: () => this.#reach(head, file, position),
    });
  }

  /** Notices where the relay log ends before what was taken from it. */
  noticeGap(): void {
    const { relay } = this.applied;
    const taken = comparePlaces(relay, this.#takenOver.place) < 0 ? this.#takenOver.place : relay;
    this.applied.noticeGap(taken, this.#options.log.log.files);
  }

  /** Everything before this place is durable in the sink. */
  #reach({ number, position }: LogPlace, file: string, sourcePosition: number): void {
    const isNext = this.applied.reach(number, position, file, sourcePosition);
    this.#takenOver.reach(this.applied.relay);
    if (isNext && this.#options.purgesRelayLogs())
      this.#options.log.purgeBefore(number).catch(() => undefined);
  }
}

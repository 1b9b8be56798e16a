import { EventType, type Flavor, loadZstd, RawEvent } from '../binlog/index.ts';
import {
  EventJudge,
  EventSelection,
  pauseMs,
  ReplicateFilter,
  type ReplicationFilters,
  type Retry,
  rest,
  retrySettings,
  SourceClient,
  type SourceClientOptions,
  type SourceFacts,
  type SourcePosition,
  type StartPoint,
  type Until,
  UntilCondition,
  type Waited,
} from '../replication/index.ts';

import { Applier } from './applier.ts';
import { HeldEvents } from './held-events.ts';
import { isTargetLost } from './lost-target.ts';
import { RefusedEventError } from './not-rows.ts';
import { StartMark } from './start-mark.ts';
import type { Target } from './target.ts';

export interface ReplicationOptions extends Omit<SourceClientOptions, 'start'> {
  readonly target: Target;
  /** Name of the channel: what the target keeps its position under. Default: the empty one. */
  readonly channel?: string;
  /** Where to begin when the target has no position of this channel yet. */
  readonly start: StartPoint;
  /** What is left out, and which schemas have another name in the target. */
  readonly filters?: ReplicationFilters;
  /** Stop at the first event that is not rows or a definition, as REQUIRE_ROW_FORMAT does. */
  readonly requireRowFormat?: boolean;
  /** Told where it begins, or goes on. */
  readonly onBegin?: (position: SourcePosition, isResumed: boolean) => void;
  /** Where to end by itself. */
  readonly until?: Until;
  /** Told of each loss of a target that was open, before the pause: `retry` says how to go on, as with a source. */
  readonly onTargetRetry?: (retry: Retry) => void;
}

/** How far a replication is. */
export interface ReplicationProgress {
  readonly transactions: number;
  readonly events: number;
  readonly bytes: number;
  /** When the source began what was applied last, seconds since 1970. */
  readonly lastTimestamp: number;
  /** Where the next transaction begins; empty while nothing is known. */
  readonly file: string;
  readonly position: number;
  /** Everything that is there has been applied. */
  readonly isWaiting: boolean;
}

/** The target's transaction closes after as many of the source, even if more are waiting. */
const GROUP_TRANSACTIONS = 1000;
/** … and after as many bytes of log. */
const GROUP_BYTES = 16 * 1024 * 1024;
/** What filters hold of a transaction before it is applied in parts. */
const HELD_BYTES = 4 * 1024 * 1024;
/** Many events come at once: after so many, timers and signals have their turn. */
const EVENTS_A_TURN = 2000;

/**
 * From a source into a target, without a daemon in between: reads, applies, remembers, and goes on where the target stands.
 *
 * The target's position and rows are one transaction: whatever is killed, no row is applied twice and none is missing.
 */
export class Replication {
  readonly #options: ReplicationOptions;
  readonly #applier: Applier;
  readonly #filter: ReplicateFilter | undefined;
  readonly #until: UntilCondition;
  readonly #held = new HeldEvents();
  readonly #heldEvent = new RawEvent();
  #selection: EventSelection | undefined;
  #judge: EventJudge | undefined;
  #client: SourceClient | undefined;
  readonly #stop = new AbortController();
  /** Losses of the target since it took something last. */
  #losses = 0;
  /** `until` has been reached. */
  #ends = false;
  #isWaiting = false;
  /** The transaction at hand has been begun in the target, in parts. */
  #isPart = false;
  #openedAt = 0;
  #file = '';
  #position = 0;
  #transactions = 0;
  /** Of them, those that were made durable or have failed. */
  #flushed = 0;
  #events = 0;
  #bytes = 0;
  #lastTimestamp = 0;
  #groupTransactions = 0;
  #groupBytes = 0;

  constructor(options: ReplicationOptions) {
    this.#options = options;
    const filter = options.filters === undefined ? undefined : new ReplicateFilter(options.filters);
    this.#filter = filter?.isOn === true ? filter : undefined;
    this.#until = new UntilCondition(options.until);
    this.#applier = new Applier(
      options.target,
      this.#filter === undefined ? undefined : (schema) => filter!.rewritten(schema),
    );
  }

  get progress(): ReplicationProgress {
    return {
      transactions: this.#transactions,
      events: this.#events,
      bytes: this.#bytes,
      lastTimestamp: this.#lastTimestamp,
      file: this.#file,
      position: this.#position,
      isWaiting: this.#isWaiting,
    };
  }

  /** Who is read from; undefined before the first link. */
  get source(): SourceFacts | undefined {
    return this.#client?.facts;
  }

  /** Whether `until` has ended it. */
  get isComplete(): boolean {
    return this.#ends;
  }

  /**
   * Runs until the source's log ends (`stopAtEnd`), `until`, {@link stop}, or an error. The target is open when it comes back; close it.
   * A target that was open and is lost is opened again, and everything goes on where it stands.
   *
   * @throws what the source, the applier and the target throw; what was applied before is durable
   */
  async run(): Promise<void> {
    const { target, channel = '' } = this.#options;
    let isOpen = false;
    for (;;) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one life of the target after the other
        const stored = await target.open(channel);
        isOpen = true;
        // oxlint-disable-next-line no-await-in-loop -- one life of the target after the other
        await this.#follow(stored);
        return;
      } catch (error) {
        // oxlint-disable-next-line no-await-in-loop -- one life of the target after the other
        if (!isOpen || !(await this.#waitForTarget(error))) throw error;
      }
    }
  }

  /** Ends {@link run} at the next event. */
  stop(): void {
    this.#stop.abort();
    this.#client?.close();
  }

  async #follow(stored: SourcePosition | undefined): Promise<void> {
    const { target: _, channel: __, start, ...source } = this.#options;
    this.#ends = this.#isThere(stored);
    if (this.#ends || this.#stop.signal.aborted) return;
    this.#begins(stored, true);
    const client = new SourceClient({ ...source, start: stored ?? start, retry: this.#retry(stored) });
    this.#client = client;
    const event = new RawEvent();
    const mark = new StartMark(this.#options.target, stored);
    try {
      for (;;) {
        let count = 0;
        while (!this.#ends && client.next(event)) {
          const { place } = client;
          // oxlint-disable-next-line no-await-in-loop -- once
          if (place === 'begins' || place === 'alone') this.#begins(await mark.before(client), false);
          // oxlint-disable-next-line no-await-in-loop -- one event after the other
          await this.#take(client, event);
          count += 1;
          if (count % EVENTS_A_TURN === 0) await nextTurn();
          // oxlint-disable-next-line no-await-in-loop -- once
          if (place === 'outside') this.#begins(await mark.behind(client), false);
        }
        if (this.#ends) break;
        // oxlint-disable-next-line no-await-in-loop -- once
        if (this.#applier.isBetween) this.#begins(await mark.atEnd(client), false);
        // oxlint-disable-next-line no-await-in-loop -- waits for the source
        const waited = await this.#wait(client);
        if (waited === 'ended') break;
        // oxlint-disable-next-line no-await-in-loop -- what came of a transaction comes again
        if (waited === 'resumed') await this.#resume();
      }
    } finally {
      client.close();
      await this.#applier.abandon();
      await this.#flush();
    }
  }

  /** Waits for the source. What was read by then is made durable meanwhile, or goes on where it does so by itself. */
  async #wait(client: SourceClient): Promise<Waited> {
    const waited = client.wait().catch((error: unknown) => {
      this.#isWaiting = true;
      throw error;
    });
    // It is waited for below, unless the target fails before.
    waited.catch(() => undefined);
    if (this.#applier.isBetween) {
      const { target } = this.#options;
      for (let news = target.underWay?.(); news !== undefined; news = target.underWay?.()) {
        // oxlint-disable-next-line no-await-in-loop -- one transaction of the target after the other
        const came = await Promise.race([waited, news]);
        if (came !== undefined) return came;
      }
      await this.#flush();
    }
    this.#isWaiting = true;
    const came = await waited;
    this.#isWaiting = false;
    return came;
  }

  /** Closes a target that is lost, and rests. False: whatever failed would fail again, or nobody wants to go on. */
  async #waitForTarget(error: unknown): Promise<boolean> {
    const { retry, target, onTargetRetry } = this.#options;
    const settings = retrySettings(retry);
    const { signal } = this.#stop;
    // Who waits for the source has its error, after attempts of its own.
    const isSource = this.#isWaiting;
    this.#isWaiting = false;
    if (isSource || signal.aborted || !isTargetLost(error) || this.#losses >= settings.attempts) return false;
    this.#losses += 1;
    await target.close();
    this.#held.clear();
    this.#judge?.reset();
    const delayMs = pauseMs(this.#losses, Math.random(), settings);
    onTargetRetry?.({ error, attempt: this.#losses, delayMs });
    await rest(delayMs, signal);
    return true;
  }

  /** Whether what was applied before is all that was asked for. */
  #isThere(stored: SourcePosition | undefined): boolean {
    if (stored === undefined) return false;
    const { file = '', position = 0, gtids } = stored;
    if (this.#until.begin(gtids ?? '')) return true;
    return (
      this.#options.until?.kind === 'sourcePosition' &&
      file !== '' &&
      this.#until.isReachedBefore(undefined, placeAt(file, position))
    );
  }

  /** A target that has come far is there to stay: its source may be away for a while. */
  #retry(stored: SourcePosition | undefined): NonNullable<SourceClientOptions['retry']> {
    const { retry } = this.#options;
    return retry === false ? false : { initial: stored !== undefined, ...retry };
  }

  async #take(client: SourceClient, event: RawEvent): Promise<void> {
    const { place } = client;
    // Judges and filters look into it without waiting.
    if (event.type === EventType.TRANSACTION_PAYLOAD_EVENT) await loadZstd();
    this.#judgeEvent(client, event);
    const begins = place === 'begins' || place === 'alone';
    if (begins && this.#until.isReachedBefore(client.gtid, placeAt(client.file, event.position))) {
      this.#ends = true;
      return;
    }
    if (this.#filter === undefined)
      await this.#applier.apply(event, { file: client.file, place }, () => client.boundaryMark());
    else await this.#select(client, event, this.#filter);
    this.#events += 1;
    this.#bytes += event.length;
    this.#groupBytes += event.length;
    if (event.timestamp !== 0) this.#lastTimestamp = event.timestamp;
    if (place !== 'ends' && place !== 'alone') return;
    this.#file = client.file;
    this.#position = client.position;
    this.#transactions += 1;
    this.#groupTransactions += 1;
    if (this.#until.isReachedAfter(client.gtid, placeAt(client.file, client.position))) this.#ends = true;
    if (this.#groupTransactions >= GROUP_TRANSACTIONS || this.#groupBytes >= GROUP_BYTES)
      await this.#endGroup();
  }

  #judgeEvent(client: SourceClient, event: RawEvent): void {
    if (this.#options.requireRowFormat !== true) return;
    this.#judge ??= new EventJudge(this.#flavor(client));
    const judgement = this.#judge.check(event);
    if (judgement !== undefined)
      throw new RefusedEventError(judgement, {
        file: client.file,
        position: event.position,
        event: event.name,
      });
  }

  /** Only what the filters let through, under the names of the target. */
  async #select(client: SourceClient, event: RawEvent, filter: ReplicateFilter): Promise<void> {
    const { file, place } = client;
    const held = this.#held;
    this.#selection ??= new EventSelection(filter, undefined, this.#flavor(client), held);
    if (place === 'outside') {
      this.#selection.setFormat(event);
      await this.#applier.apply(event, { file, place }, () => undefined);
      return;
    }
    if (place === 'begins' || place === 'alone') {
      held.clear();
      this.#selection.begin();
      this.#isPart = false;
      this.#openedAt = event.position;
    }
    held.position = event.position;
    this.#selection.take(event);
    const isWhole = place === 'ends' || place === 'alone';
    if (isWhole || (held.bytes > HELD_BYTES && this.#selection.isBetweenStatements))
      await this.#applyHeld(client, isWhole);
  }

  async #applyHeld(client: SourceClient, isWhole: boolean): Promise<void> {
    const held = this.#held;
    const { file } = client;
    const { count } = held;
    if (isWhole && count === 0 && !this.#isPart) {
      await this.#applier.pass(file, this.#openedAt, () => client.boundaryMark());
      return;
    }
    for (let index = 0; index < count; index += 1) {
      held.aim(this.#heldEvent, index);
      const begins = index === 0 && !this.#isPart;
      const ends = isWhole && index === count - 1;
      const place = begins ? (ends ? 'alone' : 'begins') : ends ? 'ends' : 'inside';
      // oxlint-disable-next-line no-await-in-loop -- one event after the other
      await this.#applier.apply(this.#heldEvent, { file, place }, () => client.boundaryMark());
    }
    if (count > 0) this.#isPart = true;
    held.clear();
  }

  async #resume(): Promise<void> {
    this.#held.clear();
    this.#judge?.reset();
    await this.#applier.abandon();
  }

  #flavor({ facts }: SourceClient): Flavor {
    return facts?.flavor ?? 'mysql';
  }

  #begins(position: SourcePosition | undefined, isResumed: boolean): void {
    if (position === undefined) return;
    this.#file = position.file ?? '';
    this.#position = position.position ?? 4;
    this.#options.onBegin?.(position, isResumed);
  }

  /** What a target commits by itself needs no end, and is not waited for. */
  async #endGroup(): Promise<void> {
    if (this.#options.target.underWay?.() === undefined) await this.#flush();
    // So many are not under way at once: it has taken some.
    else if (this.#groupTransactions >= GROUP_TRANSACTIONS) this.#losses = 0;
    this.#groupTransactions = 0;
    this.#groupBytes = 0;
  }

  async #flush(): Promise<void> {
    const isSomething = this.#transactions > this.#flushed;
    this.#flushed = this.#transactions;
    this.#groupTransactions = 0;
    this.#groupBytes = 0;
    await this.#options.target.flush();
    if (isSomething) this.#losses = 0;
  }
}

const placeAt = (sourceFile: string, sourcePosition: number) => ({
  sourceFile,
  sourcePosition,
  relayFile: '',
  relayPosition: 0,
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

import { EventType, loadZstd, RawEvent } from '../../binlog/index.ts';
import {
  EventJudge,
  gtidText,
  ReplicateFilter,
  type ReplicationFilters,
  type Retry,
  SourceClient,
  type SourceClientOptions,
  type SourceFacts,
  type SourcePosition,
  type StartPoint,
  type Until,
  type Waited,
} from '../../replication/index.ts';
import { Applier } from '../applier/applier.ts';
import { FilteredApplier } from '../applier/filtered-applier.ts';
import { RefusedEventError } from '../applier/not-rows.ts';
import type { Target } from '../target.ts';
import { ReplicationEnd } from './replication-end.ts';
import { AppliedCount, type ReplicationProgress } from './replication-progress.ts';
import { StartMark } from './start-mark.ts';
import { TargetGroup } from './target-group.ts';
import { TargetLosses } from './target-losses.ts';
import { type TransactionName, UnwantedTransactions } from './unwanted-transactions.ts';

/** From which source into which target, what of it, and until when. */
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
  /** Transactions that are not applied: the target is taken to have them. */
  readonly passOver?: readonly TransactionName[];
  /** Told of each of them, with its GTID if it has one, once it is behind the target. */
  readonly onPassOver?: (place: SourcePosition, gtid: string | undefined) => void;
  /** Where to end by itself. */
  readonly until?: Until;
  /** Told of each loss of a target that was open, before the pause: `retry` says how to go on, as with a source. */
  readonly onTargetRetry?: (retry: Retry) => void;
}

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
  readonly #filtered: FilteredApplier | undefined;
  readonly #end: ReplicationEnd;
  readonly #count = new AppliedCount();
  readonly #losses: TargetLosses;
  readonly #group: TargetGroup;
  readonly #unwanted: UnwantedTransactions;
  readonly #stop = new AbortController();
  #judge: EventJudge | undefined;
  #client: SourceClient | undefined;
  /** Where the transaction at hand begins. */
  #openedAt = 0;

  constructor(options: ReplicationOptions) {
    const { target, filters, until, retry, onTargetRetry } = options;
    this.#options = options;
    this.#end = new ReplicationEnd(until);
    this.#unwanted = new UnwantedTransactions(options.passOver);
    this.#losses = new TargetLosses(retry, onTargetRetry);
    this.#group = new TargetGroup(target, () => this.#losses.clear());
    const filter = filters === undefined ? undefined : new ReplicateFilter(filters);
    if (filter?.isOn === true) {
      this.#applier = new Applier(target, filter.renames ? (schema) => filter.rewritten(schema) : undefined);
      this.#filtered = new FilteredApplier(this.#applier, filter);
    } else this.#applier = new Applier(target);
  }

  get progress(): ReplicationProgress {
    return this.#count.snapshot;
  }

  /** Who is read from; undefined before the first link. */
  get source(): SourceFacts | undefined {
    return this.#client?.facts;
  }

  /** Whether `until` has ended it. */
  get isComplete(): boolean {
    return this.#end.isReached;
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
    this.#end.begin(stored);
    if (this.#end.isReached || this.#stop.signal.aborted) return;
    this.#begins(stored, true);
    const client = new SourceClient({ ...source, start: stored ?? start, retry: this.#retry(stored) });
    this.#client = client;
    const event = new RawEvent();
    const mark = new StartMark(this.#options.target, stored);
    try {
      for (;;) {
        let count = 0;
        while (!this.#end.isReached && client.next(event)) {
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
        if (this.#end.isReached) break;
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
      await this.#group.flush();
    }
  }

  /** Waits for the source. What was read by then is made durable meanwhile, or goes on where it does so by itself. */
  async #wait(client: SourceClient): Promise<Waited> {
    const waited = client.wait().catch((error: unknown) => {
      this.#count.isWaiting = true;
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
      await this.#group.flush();
    }
    this.#count.isWaiting = true;
    const came = await waited;
    this.#count.isWaiting = false;
    return came;
  }

  /** Closes a target that is lost, and rests. False: whatever failed would fail again, or nobody wants to go on. */
  async #waitForTarget(error: unknown): Promise<boolean> {
    const { signal } = this.#stop;
    // Who waits for the source has its error, after attempts of its own.
    const isSource = this.#count.isWaiting;
    this.#count.isWaiting = false;
    if (isSource || signal.aborted || !this.#losses.allows(error)) return false;
    await this.#options.target.close();
    this.#filtered?.clear();
    this.#judge?.reset();
    await this.#losses.rest(error, signal);
    return true;
  }

  /** A target that has come far is there to stay: its source may be away for a while. */
  #retry(stored: SourcePosition | undefined): NonNullable<SourceClientOptions['retry']> {
    const { retry } = this.#options;
    return retry === false ? false : { initial: stored !== undefined, ...retry };
  }

  async #take(client: SourceClient, event: RawEvent): Promise<void> {
    const { place } = client;
    if (place === 'begins' || place === 'alone') {
      if (this.#end.isBefore(event, client)) return;
      this.#openedAt = event.position;
    }
    if (this.#unwanted.has(event, client)) await this.#passOver(client);
    else await this.#apply(client, event);
    this.#count.add(event);
    this.#group.add(event.length);
    if (place !== 'ends' && place !== 'alone') return;
    this.#group.endTransaction();
    this.#end.pass(client);
    if (this.#group.isFull) await this.#group.end();
  }

  async #apply(client: SourceClient, event: RawEvent): Promise<void> {
    const { place, file } = client;
    // Judges and filters look into it without waiting.
    if (event.type === EventType.TRANSACTION_PAYLOAD_EVENT) await loadZstd();
    this.#judgeEvent(client, event);
    if (this.#filtered === undefined)
      await this.#applier.apply(event, { file, place }, () => client.boundaryMark());
    else await this.#filtered.apply(event, client);
    if (place === 'ends' || place === 'alone') this.#count.endTransaction(file, client.position);
  }

  /** An event of a transaction that nobody wants: what came of it by now is taken back, and behind its end the target stands behind it. */
  async #passOver(client: SourceClient): Promise<void> {
    const { place, file, gtid } = client;
    await this.#resume();
    if (place !== 'ends' && place !== 'alone') return;
    const text = gtid === undefined ? undefined : gtidText(gtid);
    await this.#applier.pass(file, this.#openedAt, () => client.boundaryMark(), text);
    this.#count.beginAt({ file, position: client.position });
    this.#options.onPassOver?.({ file, position: this.#openedAt }, text);
  }

  #judgeEvent(client: SourceClient, event: RawEvent): void {
    if (this.#options.requireRowFormat !== true) return;
    this.#judge ??= new EventJudge(client.facts?.flavor ?? 'mysql');
    const judgement = this.#judge.check(event);
    if (judgement !== undefined)
      throw new RefusedEventError(judgement, {
        file: client.file,
        position: event.position,
        event: event.name,
      });
  }

  async #resume(): Promise<void> {
    this.#filtered?.clear();
    this.#judge?.reset();
    await this.#applier.abandon();
  }

  #begins(position: SourcePosition | undefined, isResumed: boolean): void {
    if (position === undefined) return;
    this.#count.beginAt(position);
    this.#options.onBegin?.(position, isResumed);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

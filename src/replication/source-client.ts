import { type RawEvent, type TransactionPlace, verifyChecksum } from '../binlog/index.ts';
import { FormatError } from '../errors/index.ts';
import { isSameSource, type SourceFacts } from './announce-reader.ts';
import { endOfDump, finalError, isLostLink, Stopped } from './link/link-errors.ts';
import { IDLE, type LinkEvent, type LinkState, stepLink } from './link/link-state.ts';
import { SilenceWatch } from './link/silence-watch.ts';
import { type Waited, waitedFor } from './link/waited.ts';
import { type OpenSettings, type OpenSource, openSource } from './open-source.ts';
import { type PositionMark, positionMark } from './position/position-mark.ts';
import type { SourcePosition, StartPoint } from './position/source-position.ts';
import type { TransactionGtid } from './position/transaction-gtid.ts';
import { ReceivedLog } from './received-log.ts';
import { type SourceClientOptions, sourceSettings } from './source-options.ts';

/**
 * Follows a source: announces itself, reads its log, survives broken links.
 *
 *     const client = new SourceClient({ connection: { host, user, passwords, ssl }, start: 'now' });
 *     const event = new RawEvent();
 *     for (;;) {
 *       while (client.next(event)) …
 *       const waited = await client.wait();
 *       if (waited === 'ended') break;
 *       if (waited === 'resumed') … // drop what is held of an unfinished transaction
 *     }
 *
 * Events are borrowed: valid until the next call. Nothing is read ahead but what the connection holds, 1 MiB and one event.
 */
export class SourceClient {
  readonly #settings: OpenSettings;
  readonly #options: ReturnType<typeof sourceSettings>;
  readonly #open: NonNullable<SourceClientOptions['open']>;
  readonly #received = new ReceivedLog();
  readonly #abort = new AbortController();
  readonly #silence: SilenceWatch;
  #state: LinkState = IDLE;
  #start: StartPoint;
  #source: OpenSource | undefined;
  #facts: SourceFacts | undefined;
  #failure: { readonly error: unknown } | undefined;
  #inLog = false;
  /** How far the stream was when the link was made; undefined once it went on from there. */
  #begunAt: number | undefined;
  /** Whether the source has sent anything over the link. */
  #hasSent = false;
  #heartbeatsBefore = 0;

  constructor(options: SourceClientOptions) {
    this.#options = sourceSettings(options);
    this.#settings = this.#options.open;
    this.#silence = new SilenceWatch(this.#settings.netTimeoutMs, (error) => this.#source?.destroy(error));
    this.#start = this.#options.start;
    this.#open = options.open ?? openSource;
    const { signal } = options;
    if (signal?.aborted === true) this.#halt(signal.reason);
    else signal?.addEventListener('abort', () => this.#halt(signal.reason), { signal: this.#abort.signal });
  }

  /** Who answers; undefined before the first link. After `resumed` it may be another server, where positions go by GTID. */
  get facts(): SourceFacts | undefined {
    return this.#facts;
  }

  /** The file of the last event, as the source names it. */
  get file(): string {
    return this.#received.file;
  }

  /** Where the last event ends in that file; after it, the next one begins. */
  get position(): number {
    return this.#received.position;
  }

  /** Where the last event stands in its transaction. */
  get place(): TransactionPlace {
    return this.#received.place;
  }

  /** The transaction of the last event; undefined outside of one, and where it has no GTID. */
  get gtid(): TransactionGtid | undefined {
    return this.#received.gtid;
  }

  /** Whether the last event stands in the source's log, at `event.position`; not so artificial rotates, and format descriptions sent again. */
  get inLog(): boolean {
    return this.#inLog;
  }

  /** Heartbeats that came over all links. */
  get heartbeats(): number {
    return this.#heartbeatsBefore + (this.#source?.events.heartbeats ?? 0);
  }

  /** Where the link is in its life. */
  get link(): LinkState {
    return this.#state;
  }

  /** The last place between two transactions, to be stored and given as `start` later. Undefined while there is none. */
  get boundary(): SourcePosition | undefined {
    return this.boundaryMark()?.();
  }

  /** As {@link boundary}, made only when it is asked for: cheap enough to take at every transaction. */
  boundaryMark(): PositionMark | undefined {
    return positionMark(this.#received.boundary, this.#facts);
  }

  /** Where the transaction of the last event begins. */
  openingMark(): PositionMark | undefined {
    return positionMark(this.#received.opening, this.#facts);
  }

  /** Semi-synchronous: the source holds the commit of the last event back until {@link acknowledge}. */
  get ackWanted(): boolean {
    return this.#source?.events.ackWanted ?? false;
  }

  /**
   * Tells a semi-synchronous source that everything up to this place is safe: call it once the bytes are durable. By default, the end
   * of the last event. Without a link it does nothing: what comes again wants its own acknowledgement.
   */
  acknowledge(file: string = this.file, position: number = this.position): void {
    if (this.#facts?.semisync === true && this.#state.name === 'streaming') {
      this.#source?.events.acknowledge(file, position);
    }
  }

  /** Aims `event` at the next event that is here; false: {@link wait}. Failures come out of `wait`. */
  next(event: RawEvent): boolean {
    const events = this.#source?.events;
    if (events === undefined || this.#failure !== undefined) return false;
    try {
      while (events.next(event, this.#received.position)) {
        this.#hasSent = true;
        if (this.#options.verifyChecksums) verifyChecksum(event);
        const reception = this.#received.receive(event);
        if (this.#begunAt !== undefined) this.#noteProgress(this.#begunAt);
        if (reception === 'nothing') continue;
        this.#inLog = reception === 'log';
        return true;
      }
    } catch (error) {
      if (error instanceof FormatError) error.at({ file: this.file });
      this.#failure = { error };
    }
    return false;
  }

  /**
   * Waits for more events; connects first where there is no link, and again where it broke.
   *
   * @throws what ended the stream for good: the server's own error, a ConnectionError, a ReplicationError; the reason of an abort
   */
  async wait(): Promise<Waited> {
    const isFirst = this.#state.name === 'idle';
    if (isFirst) await this.#drive({ type: 'start' });
    else if (this.#state.name === 'streaming') {
      try {
        if (this.#failure !== undefined) throw this.#failure.error;
        if (await this.#silence.over(this.#source!.events.wait())) return 'events';
        this.#received.checkReached();
        // A source that shuts down ends its dumps in order, too: whoever follows it goes on once it is back.
        await this.#drive(this.#settings.stopAtEnd ? { type: 'finished' } : this.#lossOf(endOfDump()));
      } catch (error) {
        await this.#drive(this.#lossOf(error));
      }
    }
    return waitedFor(this.#state, isFirst, this.#abort.signal, (state) =>
      finalError(state, { file: this.file, position: this.position }, this.#options.isFinal),
    );
  }

  /** Aborted once the stream was closed, or given up by the signal of its options. */
  get stopped(): AbortSignal {
    return this.#abort.signal;
  }

  /** Ends the stream. Whoever waits is told `ended`. */
  close(): void {
    this.#halt(new Stopped());
  }

  /** Feeds the machine and does what it says until the link streams or is over. */
  async #drive(first: LinkEvent): Promise<void> {
    let event: LinkEvent | undefined = first;
    while (event !== undefined) {
      const [state, action] = stepLink(this.#state, event, this.#options.retry);
      this.#state = state;
      event = undefined;
      if (action === 'close') this.#drop();
      else if (action === 'connect') event = await this.#connect();
      else if (action === 'rest' && state.name === 'pausing') {
        this.#drop();
        this.#options.onRetry?.({ error: state.error, attempt: state.failures, delayMs: state.delayMs });
        await this.#options.sleep(state.delayMs, this.#abort.signal);
        event = this.#abort.signal.aborted ? { type: 'stop' } : { type: 'rested' };
      }
    }
  }

  async #connect(): Promise<LinkEvent> {
    const { signal } = this.#abort;
    try {
      const source = await this.#open(this.#start, this.#settings, signal);
      if (signal.aborted) {
        source.destroy();
        return { type: 'stop' };
      }
      const { facts, begin } = source;
      const isSameServer = this.#facts === undefined || isSameSource(this.#facts, facts);
      this.#source = source;
      this.#facts = facts;
      this.#failure = undefined;
      this.#received.begin(begin, facts.flavor, facts.hasGtids, isSameServer);
      this.#begunAt = this.#received.progress.signs;
      this.#hasSent = false;
      return { type: 'connected' };
    } catch (error) {
      return this.#lossOf(error);
    }
  }

  #noteProgress(begunAt: number): void {
    if (this.#received.progress.signs === begunAt) return;
    this.#begunAt = undefined;
    [this.#state] = stepLink(this.#state, { type: 'progressed' }, this.#options.retry);
  }

  #lossOf(error: unknown): LinkEvent {
    if (this.#abort.signal.aborted) return { type: 'stop' };
    if (this.#options.isFinal(error)) return { type: 'refused', error };
    const chance = this.#options.random();
    const isCut = this.#hasSent && this.#failure === undefined && isLostLink(error);
    return isCut
      ? { type: 'cut', error, chance, progressed: this.#begunAt === undefined }
      : { type: 'lost', error, chance };
  }

  /** Lets go of the link, and remembers where the next one begins. */
  #drop(): void {
    const source = this.#source;
    this.#source = undefined;
    this.#silence.stop();
    if (source === undefined) return;
    this.#heartbeatsBefore += source.events.heartbeats;
    source.destroy();
    this.#start = this.boundary ?? this.#start;
  }

  #halt(reason: unknown): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort(reason);
    [this.#state] = stepLink(this.#state, { type: 'stop' }, this.#options.retry);
    this.#drop();
  }
}

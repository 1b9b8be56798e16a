import { RawEvent } from '../binlog/index.ts';
import {
  SourceClient,
  type SourceClientOptions,
  type SourcePosition,
  type StartPoint,
} from '../replication/index.ts';
import { Applier } from './applier.ts';
import type { Target } from './target.ts';

export interface ReplicationOptions extends Omit<SourceClientOptions, 'start'> {
  readonly target: Target;
  /** Name of the channel: what the target keeps its position under. Default: the empty one. */
  readonly channel?: string;
  /** Where to begin when the target has no position of this channel yet. */
  readonly start: StartPoint;
}

/** How far a replication is. */
export interface ReplicationProgress {
  readonly transactions: number;
  readonly events: number;
  readonly bytes: number;
  /** When the source began what was applied last, seconds since 1970. */
  readonly lastTimestamp: number;
  readonly file: string;
  readonly position: number;
}

/** The target's transaction closes after as many of the source, even if more are waiting. */
const GROUP_TRANSACTIONS = 1000;
/** … and after as many bytes of log. */
const GROUP_BYTES = 16 * 1024 * 1024;

/**
 * From a source into a target, without a daemon in between: reads, applies, remembers, and goes on where the target stands.
 *
 * The target's position and rows are one transaction: whatever is killed, no row is applied twice and none is missing.
 */
export class Replication {
  readonly #options: ReplicationOptions;
  readonly #applier: Applier;
  #client: SourceClient | undefined;
  #transactions = 0;
  #events = 0;
  #bytes = 0;
  #lastTimestamp = 0;
  #groupTransactions = 0;
  #groupBytes = 0;

  constructor(options: ReplicationOptions) {
    this.#options = options;
    this.#applier = new Applier(options.target);
  }

  get progress(): ReplicationProgress {
    return {
      transactions: this.#transactions,
      events: this.#events,
      bytes: this.#bytes,
      lastTimestamp: this.#lastTimestamp,
      file: this.#client?.file ?? '',
      position: this.#client?.position ?? 0,
    };
  }

  /**
   * Runs until the source's log ends (`stopAtEnd`), {@link stop}, or an error. The target is open when it comes back; close it.
   *
   * @throws what the source, the applier and the target throw; what was applied before is durable
   */
  async run(): Promise<void> {
    const { target, channel = '', start, ...source } = this.#options;
    const stored = await target.open(channel);
    const client = new SourceClient({ ...source, start: stored ?? start });
    this.#client = client;
    const event = new RawEvent();
    let isMarked = stored !== undefined;
    try {
      for (;;) {
        while (client.next(event)) {
          // oxlint-disable-next-line no-await-in-loop -- one event after the other
          await this.#take(client, event);
          if (isMarked || !isBoundary(client)) continue;
          // From now on a restart goes on here, and not from whatever «now» is then.
          isMarked = await this.#mark(client.boundary);
        }
        // oxlint-disable-next-line no-await-in-loop -- what is applied is made durable before we wait for more
        if (this.#applier.isBetween) await this.#flush();
        // oxlint-disable-next-line no-await-in-loop -- waits for the source
        const waited = await client.wait();
        if (waited === 'ended') break;
        // oxlint-disable-next-line no-await-in-loop -- what came of a transaction comes again
        if (waited === 'resumed') await this.#applier.abandon();
      }
    } finally {
      client.close();
      await this.#applier.abandon();
      await this.#flush();
    }
  }

  /** Ends {@link run} at the next event. */
  stop(): void {
    this.#client?.close();
  }

  async #take(client: SourceClient, event: RawEvent): Promise<void> {
    const { place } = client;
    await this.#applier.apply(event, { file: client.file, place }, () => client.boundaryMark());
    this.#events += 1;
    this.#bytes += event.length;
    this.#groupBytes += event.length;
    if (event.timestamp !== 0) this.#lastTimestamp = event.timestamp;
    if (place !== 'ends' && place !== 'alone') return;
    this.#transactions += 1;
    this.#groupTransactions += 1;
    if (this.#groupTransactions >= GROUP_TRANSACTIONS || this.#groupBytes >= GROUP_BYTES) await this.#flush();
  }

  async #mark(position: SourcePosition | undefined): Promise<boolean> {
    if (position === undefined) return false;
    await this.#options.target.mark(position);
    return true;
  }

  async #flush(): Promise<void> {
    this.#groupTransactions = 0;
    this.#groupBytes = 0;
    await this.#options.target.flush();
  }
}

const isBoundary = ({ place }: SourceClient): boolean =>
  place === 'outside' || place === 'ends' || place === 'alone';

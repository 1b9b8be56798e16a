import { type ConnectOptions, connect } from '../../../connection/index.ts';
import { ChannelError } from '../channel-error.ts';
import type { ChannelConfiguration } from '../configuration.ts';
import { pause } from '../waiting.ts';
import { type FailoverSource, isAt } from './failover-source.ts';

/** What a failover needs of its channel. */
export interface FailoverSurroundings {
  configuration(): ChannelConfiguration;
  /** The channel's list, the heaviest first. */
  sources(channel: string): readonly FailoverSource[];
  /** The channel reads from there from now on; kept across starts. */
  move(source: FailoverSource): void;
  connectOptions(configuration: ChannelConfiguration): Promise<ConnectOptions>;
  report(error: unknown): void;
}

/** How often sources of more weight are looked at, as a MySQL replica's monitor does. */
const LOOK_MS = 5000;

/** ER_RPL_ASYNC_CHANNEL_CANT_CONNECT and ER_RPL_ASYNC_RECONNECT_FAIL_NO_SOURCE of MySQL's error log. */
const MOVES = 13_997;
const NO_SOURCE = 13_660;

/**
 * SOURCE_CONNECTION_AUTO_FAILOVER: where a source is not reached by all attempts, the next of the channel's list is taken, from the
 * heaviest on and around again; and as soon as one of more weight answers, the channel goes back to that one.
 */
export class SourceFailover {
  readonly #surroundings: FailoverSurroundings;
  /** Of the next to be tried. */
  #next = 0;
  #abort = new AbortController();

  constructor(surroundings: FailoverSurroundings) {
    this.#surroundings = surroundings;
  }

  get isOn(): boolean {
    return this.#surroundings.configuration().sourceConnectionAutoFailover;
  }

  /** The receiver was started: the list begins at its head. */
  begin(): void {
    this.#next = 0;
    this.#abort = new AbortController();
  }

  /** The receiver is to stop. */
  stop(): void {
    this.#abort.abort();
  }

  /** The source answers: should it go, the list begins at its head. */
  connected(): void {
    this.#next = 0;
  }

  /** All attempts were in vain. True: another source is set, and it is tried at once. */
  moveOn(): boolean {
    if (!this.isOn || this.#abort.signal.aborted) return false;
    const surroundings = this.#surroundings;
    const { channel, sourceUser, sourceHost, sourcePort, sourceRetryCount } = surroundings.configuration();
    const list = surroundings.sources(channel);
    const target = list[this.#next % Math.max(1, list.length)];
    if (target === undefined) {
      surroundings.report(
        new ChannelError(
          NO_SOURCE,
          `Failed to automatically re-connect to a different source, for channel '${channel}', because no alternative source is ` +
            'specified. To fix this add new source details for the channel.',
        ),
      );
      return false;
    }
    this.#next = (this.#next + 1) % list.length;
    surroundings.report(
      new ChannelError(
        MOVES,
        `The connection has timed out after ${sourceRetryCount} retries connecting to '${sourceUser}@${sourceHost}:${sourcePort}' ` +
          `for channel '${channel}', and therefore the relay is going to attempt an asynchronous replication connection failover, to ` +
          `'${sourceUser}@${target.host}:${target.port}'`,
      ),
    );
    this.#surroundings.move(target);
    return true;
  }

  /** Looks for sources of more weight until it is told to end, and calls `moved` once the channel was set to one. */
  watch(moved: () => void): () => void {
    const ended = new AbortController();
    if (this.isOn) void this.#look(ended.signal, moved);
    return () => ended.abort();
  }

  async #look(signal: AbortSignal, moved: () => void): Promise<void> {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      const better = await this.#heavier(signal).catch((error: unknown) => this.#surroundings.report(error));
      if (signal.aborted) return;
      if (better !== undefined) {
        this.#surroundings.move(better);
        moved();
        return;
      }
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await pause(LOOK_MS, signal);
      if (signal.aborted) return;
    }
  }

  /** The heaviest that answers, if it has more weight than the one at hand; who is not in the list has none. */
  async #heavier(signal: AbortSignal): Promise<FailoverSource | undefined> {
    const configuration = this.#surroundings.configuration();
    const list = this.#surroundings.sources(configuration.channel);
    const weight = list.find((source) => isAt(source, configuration))?.weight ?? 0;
    for (const source of list) {
      if (source.weight <= weight || signal.aborted) return undefined;
      // oxlint-disable-next-line no-await-in-loop -- the heaviest first
      if (await this.#answers(configuration, source, signal)) return source;
    }
    return undefined;
  }

  async #answers(
    configuration: ChannelConfiguration,
    { host, port }: FailoverSource,
    signal: AbortSignal,
  ): Promise<boolean> {
    const there = { ...configuration, sourceHost: host, sourcePort: port };
    const options = await this.#surroundings.connectOptions(there);
    try {
      const connection = await connect({ ...options, signal });
      await connection.close();
      return true;
    } catch {
      return false;
    }
  }
}

import type { OpenedStreams } from '../relay/index.ts';

/** What the watchers of a relay look at. */
export interface WatchedRelay {
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly now: () => number;
  readonly streams: Pick<OpenedStreams, 'channels' | 'binaryLog' | 'dumps' | 'counters'>;
  /** When the relay's own certificate ends; undefined: it shows none. */
  certificateEnd(): Date | undefined;
  /** Client sessions now. */
  sessions(): number;
}

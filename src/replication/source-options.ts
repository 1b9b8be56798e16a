import { randomInt, randomUUID } from 'node:crypto';
import type { Connection, ConnectOptions } from '../connection/index.ts';
import { UsageError } from '../errors/index.ts';
import type { ReaderIdentity } from './announce-reader.ts';
import { isFinalError } from './link/is-final.ts';
import type { RetrySettings } from './link/link-state.ts';
import { rest, retrySettings } from './link/retry.ts';
import type { OpenSettings, OpenSource } from './open-source.ts';
import { checkStart, type StartPoint } from './position/source-position.ts';

/** A link that broke and will be tried again. */
export interface Retry {
  readonly error: unknown;
  /** Counts from 1 after the last progress. */
  readonly attempt: number;
  readonly delayMs: number;
}

/** What a source is followed with, and how. */
export interface SourceClientOptions {
  /** How to connect; a function where it takes more than options, called for every attempt. */
  readonly connection: ConnectOptions | ((signal: AbortSignal) => Promise<Connection>);
  readonly start: StartPoint;
  /** Default: a random id of the upper half, and no registration: a listener. */
  readonly identity?: Partial<ReaderIdentity>;
  /** Go on by GTID where the source has them (default), or by file and position as long as the server is the same. */
  readonly by?: 'gtid' | 'position';
  /** Compare every event's checksum as it comes in. Default true. */
  readonly verifyChecksums?: boolean;
  /** Longest silence of a live source, in milliseconds, before the link counts as lost. Default 60 000; 0: for ever. */
  readonly netTimeoutMs?: number;
  /** Heartbeats of an idle source, in milliseconds. Default: half of `netTimeoutMs`; 0: none. */
  readonly heartbeatMs?: number;
  /** How to go on after a broken link; false: not at all. */
  readonly retry?: Partial<RetrySettings> | false;
  /** Told of each loss, before the pause. */
  readonly onRetry?: (retry: Retry) => void;
  /** Whether another attempt would meet the same error. Default: {@link isFinalError}. */
  readonly isFinal?: (error: unknown) => boolean;
  /** Ask for semi-synchronous replication; then call `acknowledge`. */
  readonly semisync?: boolean;
  /** End with the end of the source's log. */
  readonly stopAtEnd?: boolean;
  /** MariaDB: ask for the statements behind rows. Default true: otherwise the source leaves events out. */
  readonly annotations?: boolean;
  /** MariaDB: refuse to begin in a hole of the source's log. Default false. */
  readonly gtidStrictMode?: boolean;
  /** MariaDB: default false. */
  readonly gtidIgnoreDuplicates?: boolean;
  readonly signal?: AbortSignal;
  /** For tests: waits between attempts. Ends early, without an error, when aborted. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** For tests: 0 to 1. */
  readonly random?: () => number;
  /** For tests: a source that is no server. */
  readonly open?: (start: StartPoint, settings: OpenSettings, signal: AbortSignal) => Promise<OpenSource>;
}

/** `slave_net_timeout`, `replica_net_timeout`: the servers' default. */
const NET_TIMEOUT_MS = 60_000;
const SERVER_ID_FROM = 2 ** 31;
const SERVER_ID_TO = 2 ** 32;

/** Options with everything filled in. */
export interface SourceSettings {
  readonly open: OpenSettings;
  readonly start: StartPoint;
  readonly verifyChecksums: boolean;
  readonly retry: RetrySettings;
  readonly onRetry: ((retry: Retry) => void) | undefined;
  readonly isFinal: (error: unknown) => boolean;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

/** Fills in what is not said. @throws UsageError for what makes no sense */
export function sourceSettings(options: SourceClientOptions): SourceSettings {
  const { identity = {}, netTimeoutMs = NET_TIMEOUT_MS } = options;
  const { heartbeatMs = netTimeoutMs / 2 } = options;
  const serverId = identity.serverId ?? randomInt(SERVER_ID_FROM, SERVER_ID_TO);
  if (!Number.isInteger(serverId) || serverId < 1 || serverId >= SERVER_ID_TO) {
    throw new UsageError(`server id ${serverId} is not between 1 and 4294967295`);
  }
  if (netTimeoutMs > 0 && heartbeatMs > netTimeoutMs) {
    throw new UsageError(
      `heartbeats every ${heartbeatMs} ms come later than the silence of ${netTimeoutMs} ms that is allowed`,
    );
  }
  return {
    open: {
      connection: options.connection,
      identity: { ...identity, serverId, serverUuid: identity.serverUuid ?? randomUUID() },
      netTimeoutMs,
      heartbeatMs: Math.round(heartbeatMs),
      by: options.by ?? 'gtid',
      semisync: options.semisync ?? false,
      stopAtEnd: options.stopAtEnd ?? false,
      annotations: options.annotations ?? true,
      gtidStrictMode: options.gtidStrictMode ?? false,
      gtidIgnoreDuplicates: options.gtidIgnoreDuplicates ?? false,
    },
    start: checkStart(options.start),
    verifyChecksums: options.verifyChecksums ?? true,
    retry: retrySettings(options.retry),
    onRetry: options.onRetry,
    isFinal: options.isFinal ?? isFinalError,
    sleep: options.sleep ?? rest,
    random: options.random ?? Math.random,
  };
}

import type { Flavor } from '../../binlog/index.ts';
import type { BlockCache, Disk, LogCut } from '../../store/index.ts';

export interface RelayLogOptions {
  readonly disk: Disk;
  readonly folder: string;
  readonly base: string;
  readonly cache: BlockCache;
  readonly flavor: Flavor;
  readonly serverId: number;
  readonly serverVersion: string;
  readonly now: () => number;
  /** This was no whole transaction, or was damaged, and was cut off: it comes again. */
  cut?(cut: LogCut): void;
  /** A file ends behind the transaction that reaches this size. */
  maxRelayLogSize(): number;
}

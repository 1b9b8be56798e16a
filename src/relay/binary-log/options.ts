import type { Flavor } from '../../binlog/index.ts';
import type { Disk, LogCut } from '../../store/index.ts';

/** What a relay's binary log is made with. */
export interface BinaryLogOptions {
  readonly disk: Disk;
  readonly folder: string;
  /** Default `binlog`. */
  readonly base?: string;
  readonly flavor: Flavor;
  readonly serverId: number;
  readonly serverVersion: string;
  readonly now: () => number;
  /** The clock jumped ahead by so many milliseconds: no log is taken for old because of that, for a day. */
  clockJumped?(milliseconds: number): void;
  /** A crash left this, and it was cut off: nobody was told that it is durable. */
  cut?(cut: LogCut): void;
  /** A file ends behind the transaction that reaches this size. */
  readonly maxBinlogSize: number;
  /** Files older than so many seconds are removed when a new one begins; 0: never. */
  readonly expireLogsSeconds: number;
  /** All files together, in bytes; 0: no limit. */
  readonly spaceLimit: number;
  readonly cacheBytes?: number;
}

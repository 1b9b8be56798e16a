import type { Flavor } from '../../binlog/index.ts';
import type { ConnectOptions } from '../../connection/index.ts';
import { UsageError } from '../../errors/index.ts';
import type { ConflictError } from '../conflict.ts';
import type { ConflictRule, PrimaryKeyCheck, SourceLookUp } from '../target.ts';
import type { Abilities } from './abilities.ts';
import { MOST_WORKERS } from './state/channel-locks.ts';

export interface ServerTargetOptions {
  /** How to reach it; a function is asked each time that a session connects. */
  readonly connection: ConnectOptions | (() => Promise<ConnectOptions>);
  /** Of the source; asked for once its log is read. */
  readonly flavor: Flavor | (() => Flavor);
  /** Asks the source what its log does not say. */
  readonly lookUp?: SourceLookUp;
  /** `replay`: rows as the source logged them, in BINLOG statements; `sql`: as statements. Default: replay where it can be. */
  readonly apply?: 'replay' | 'sql';
  readonly conflicts?: ConflictRule;
  /** Told of each row that was not as the source had it, where `conflicts` goes on. */
  readonly onConflict?: (conflict: ConflictError) => void;
  /** Default: as the source had it. */
  readonly primaryKeys?: PrimaryKeyCheck;
  /** Whether transactions keep their GTIDs. Default: where the server and the account's privileges allow it. */
  readonly keepGtids?: boolean;
  /** How often a transaction is tried again that lost a lock (`replica_transaction_retries`). Default 10. */
  readonly retries?: number;
  /** Sessions that apply side by side where GTIDs are kept (`replica_parallel_workers`), 1 to 64. Default 4. */
  readonly parallelWorkers?: number;
  /**
   * Whether transactions are committed in the order of the source (`replica_preserve_commit_order`). Default true; false counts for MySQL
   * where GTIDs are kept: only what does not depend on each other may then be seen in another order for a moment.
   */
  readonly preserveCommitOrder?: boolean;
}

/** `replica_parallel_workers` */
const DEFAULT_WORKERS = 4;

/** How many sessions there may be. @throws UsageError */
export function workersOf({ parallelWorkers = DEFAULT_WORKERS }: ServerTargetOptions): number {
  if (!Number.isInteger(parallelWorkers) || parallelWorkers < 1 || parallelWorkers > MOST_WORKERS)
    throw new UsageError(`a target has 1 to ${MOST_WORKERS} sessions, not ${parallelWorkers}`);
  return parallelWorkers;
}

/** Holds options against what the server is. @throws UsageError */
export function checkOptions(
  { primaryKeys, preserveCommitOrder }: ServerTargetOptions,
  { flavor }: Abilities,
): void {
  if (flavor !== 'mariadb') return;
  if (primaryKeys === 'GENERATE')
    throw new UsageError('a server of MariaDB does not make primary keys by itself (GENERATE)');
  if (preserveCommitOrder === false) {
    throw new UsageError('commits in another order are for MySQL, which remembers each GTID', {
      hint: 'Leave preserveCommitOrder on: MariaDB remembers the last transaction only.',
    });
  }
}

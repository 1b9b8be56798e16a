import type { Flavor } from '../charset/index.ts';
import type { ConnectOptions } from '../connection/index.ts';
import { UsageError } from '../errors/index.ts';
import type { ConflictError } from './conflict.ts';
import type { Expressions } from './expressions.ts';
import { ServerTarget, type ServerTargetOptions } from './server/index.ts';
import { SqliteTarget } from './sqlite/index.ts';
import type { ConflictRule, PrimaryKeyCheck, SourceLookUp, Target } from './target.ts';
import type { TargetUrl } from './target-url.ts';

/** How a target that is a server is applied to. */
export type TargetSessions = Pick<
  ServerTargetOptions,
  'keepGtids' | 'parallelWorkers' | 'preserveCommitOrder'
>;

/** What every target is told, whatever it is. */
export interface TargetSettings {
  /** Of the source; asked for once its log is read. */
  readonly flavor: () => Flavor;
  readonly conflicts: ConflictRule;
  /** Told of each row that was not as the source had it, where `conflicts` goes on. */
  readonly onConflict?: (conflict: ConflictError) => void;
  readonly primaryKeys?: PrimaryKeyCheck;
  readonly lookUp: SourceLookUp;
  /** Of a target that is SQLite. */
  readonly expressions?: Expressions;
  /** Of a target that is a server. */
  readonly sessions?: TargetSessions;
  /** How to reach a target that is a server; files are read and secrets asked for when it connects. */
  readonly server?: () => Promise<ConnectOptions>;
}

/** Makes the target that a URL names; `open` connects. @throws UsageError */
export function makeTarget(url: TargetUrl, settings: TargetSettings): Target {
  const { sessions = {}, ...common } = settings;
  if (url.kind === 'sqlite') {
    if (Object.keys(sessions).length > 0)
      throw new UsageError('GTIDs are kept, and sessions work side by side, in targets that are servers');
    return new SqliteTarget({ folder: url.folder, ...common });
  }
  const { server, flavor, conflicts, onConflict, lookUp, primaryKeys = 'STREAM' } = common;
  if (server === undefined) throw new UsageError('nothing says how to reach the server that is the target');
  return new ServerTarget({
    connection: server,
    flavor,
    conflicts,
    ...(onConflict === undefined ? {} : { onConflict }),
    primaryKeys,
    lookUp,
    ...sessions,
  });
}

import type { Flavor } from '../charset/index.ts';
import type { ConnectOptions } from '../connection/index.ts';
import { UsageError } from '../errors/index.ts';
import type { ConflictError } from './conflict.ts';
import type { Table } from './schema/index.ts';
import { ServerTarget } from './server/index.ts';
import { SqliteTarget } from './sqlite/index.ts';
import type { ConflictRule, PrimaryKeyCheck, Target } from './target.ts';
import type { TargetUrl } from './target-url.ts';

/** What every target is told, whatever it is. */
export interface TargetSettings {
  /** Of the source; asked for once its log is read. */
  readonly flavor: () => Flavor;
  readonly conflicts: ConflictRule;
  /** Told of each row that was not as the source had it, where `conflicts` goes on. */
  readonly onConflict?: (conflict: ConflictError) => void;
  readonly primaryKeys?: PrimaryKeyCheck;
  /** Asks the source for tables that its log does not describe. */
  readonly lookUp: (schema: string, table: string) => Promise<Table | undefined>;
  /** How to reach a target that is a server; files are read and secrets asked for when it connects. */
  readonly server?: () => Promise<ConnectOptions>;
}

/** Makes the target that a URL names; `open` connects. @throws UsageError */
export function makeTarget(url: TargetUrl, settings: TargetSettings): Target {
  if (url.kind === 'sqlite') return new SqliteTarget({ folder: url.folder, ...settings });
  const { server, flavor, conflicts, primaryKeys = 'STREAM' } = settings;
  if (server === undefined) throw new UsageError('nothing says how to reach the server that is the target');
  return new ServerTarget({ connection: server, flavor, conflicts, primaryKeys });
}

import type { FilterRule } from './filter-rule.ts';
import type { SourceOptions } from './source-options.ts';
import type { TargetOptions } from './target-options.ts';
import type { UntilClause } from './until-clause.ts';

/** Which channel a statement names. Undefined: none, which means every channel or the default one. */
type Channel = { readonly channel: string | undefined };

export type ReplicationStatement =
  | ({ readonly kind: 'changeSource'; readonly options: SourceOptions } & Channel)
  | ({ readonly kind: 'changeFilter'; readonly rules: readonly FilterRule[] } & Channel)
  | ({ readonly kind: 'changeTarget'; readonly options: TargetOptions } & Channel)
  | ({
      readonly kind: 'startReplica';
      readonly threads: ThreadWords;
      readonly until: UntilClause | undefined;
      readonly user: string | undefined;
      readonly password: string | undefined;
      /** START ALL SLAVES: every channel, and none is no error. */
      readonly all: boolean;
    } & Channel)
  | ({ readonly kind: 'stopReplica'; readonly threads: ThreadWords; readonly all: boolean } & Channel)
  | ({ readonly kind: 'resetReplica'; readonly all: boolean } & Channel);

/** Threads as named; neither: both are meant. */
export interface ThreadWords {
  readonly receiver: boolean;
  readonly applier: boolean;
}

import type { AccountName } from './statement-cursor.ts';

/** What may follow a SHOW: a pattern for its first column, or a condition over all. */
export interface ShowFilter {
  readonly like: string | undefined;
  /** Text of the expression. */
  readonly where: string | undefined;
}

/** LIMIT. Absent: all. */
export interface Limit {
  readonly offset: number;
  readonly count: number;
}

/** SHOW forms that have nothing but a filter. */
export type PlainShow =
  | 'databases'
  | 'engines'
  | 'plugins'
  | 'collation'
  | 'characterSet'
  | 'privileges'
  | 'profiles'
  | 'authors'
  | 'openTables';

export type ShowStatement =
  | {
      readonly kind: 'showReplicaStatus';
      readonly channel: string | undefined;
      readonly words: 'replica' | 'slave';
    }
  | { readonly kind: 'showAllSlavesStatus' }
  | { readonly kind: 'showBinaryLogs' }
  | { readonly kind: 'showBinaryLogStatus' }
  | {
      readonly kind: 'showBinlogEvents';
      readonly file: string | undefined;
      readonly position: number | undefined;
      readonly limit: Limit | undefined;
    }
  | {
      readonly kind: 'showRelaylogEvents';
      readonly file: string | undefined;
      readonly position: number | undefined;
      readonly limit: Limit | undefined;
      readonly channel: string | undefined;
    }
  | { readonly kind: 'showReplicas'; readonly words: 'replicas' | 'slaveHosts' }
  | { readonly kind: 'showProcesslist'; readonly full: boolean }
  | {
      readonly kind: 'showVariables' | 'showStatus';
      readonly scope: 'global' | 'session';
      readonly filter: ShowFilter;
    }
  | { readonly kind: 'showGrants'; readonly account: AccountName | undefined }
  | { readonly kind: 'showCreateUser'; readonly account: AccountName }
  | {
      readonly kind: 'showWarnings';
      readonly onlyErrors: boolean;
      readonly count: boolean;
      readonly limit: Limit | undefined;
    }
  | {
      readonly kind: 'showTables' | 'showTableStatus';
      readonly schema: string | undefined;
      readonly full: boolean;
      readonly filter: ShowFilter;
    }
  | {
      readonly kind: 'showColumns' | 'showIndex';
      readonly schema: string | undefined;
      readonly table: string;
      readonly full: boolean;
      readonly filter: ShowFilter;
    }
  | { readonly kind: 'showCreateSchema'; readonly ifNotExists: boolean; readonly schema: string }
  | {
      readonly kind: 'showCreateTable';
      readonly schema: string | undefined;
      readonly table: string;
      /** SHOW CREATE VIEW. */
      readonly view: boolean;
    }
  | {
      readonly kind: 'showCreateProgram';
      readonly what: 'FUNCTION' | 'PROCEDURE' | 'TRIGGER' | 'EVENT';
      readonly schema: string | undefined;
      readonly name: string;
    }
  | { readonly kind: 'showEngine'; readonly engine: string; readonly what: 'STATUS' | 'MUTEX' | 'LOGS' }
  | {
      readonly kind: 'showEmpty';
      readonly what: 'triggers' | 'events' | 'procedureStatus' | 'functionStatus' | 'xaRecover';
      readonly schema: string | undefined;
    }
  | { readonly kind: 'showPlain'; readonly what: PlainShow; readonly filter: ShowFilter };

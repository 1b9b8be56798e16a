import type { Flavor } from '../../charset/index.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { lacksPrivilege } from '../accounts/accounts.ts';
import type { Logins } from '../accounts/logins.ts';
import type { Privilege } from '../accounts/privileges.ts';
import type { FailoverSources } from '../state/failover-sources.ts';
import type { Secrets } from '../state/sealing.ts';
import type { State } from '../state/state.ts';
import type { Streams } from '../streams.ts';
import type { Variables } from '../variables/variables.ts';
import type { QueryEngine } from '../views/query-engine.ts';
import type { SessionState } from './session-state.ts';

/** A session another session can see and end. */
export interface LiveSession {
  readonly state: SessionState;
  /** KILL: the conversation ends. */
  kill(): void;
  /** KILL QUERY: what runs ends. */
  interrupt(): void;
}

/** What is counted for SHOW STATUS. */
export interface Counters {
  connections: number;
  abortedConnects: number;
  abortedClients: number;
  questions: number;
  maxUsedConnections: number;
  bytesReceived: number;
  bytesSent: number;
  sslAccepts: number;
  dumps: number;
  /** Statements by kind. */
  readonly statements: Map<string, number>;
}

/** The TLS this relay shows. */
export interface TlsControl {
  /** ALTER INSTANCE RELOAD TLS: next connections get the new certificate. @throws ServerError 3888 nothing changes then */
  reload(): Promise<void>;
  /** No TLS for next connections. */
  disable(): void;
  /** What is in use now. */
  readonly active: {
    readonly ca: string;
    readonly cert: string;
    readonly key: string;
    readonly cipher: string;
    readonly crl: string;
    readonly version: string;
    readonly ciphersuites: string;
    readonly notBefore: string;
    readonly notAfter: string;
  };
}

/** Things that happened and that somebody may ask for later. Secrets are not among them. */
export interface AuditLog {
  record(
    event: 'login' | 'refused' | 'logout' | 'change' | 'tls' | 'kill' | 'start' | 'shutdown' | 'violation',
    details: Readonly<Record<string, string | number | undefined>>,
  ): void;
}

/** Everything a statement may ask or change. */
export interface Relay {
  readonly flavor: Flavor;
  readonly version: string;
  readonly startedAt: number;
  readonly now: () => number;
  readonly streams: Streams;
  readonly accounts: Accounts;
  readonly logins: Logins;
  readonly variables: Variables;
  readonly state: State;
  readonly failover: FailoverSources;
  readonly secrets: Secrets;
  readonly engine: QueryEngine<ViewSource>;
  readonly sessions: ReadonlyMap<number, LiveSession>;
  readonly counters: Counters;
  readonly tls: TlsControl;
  readonly audit: AuditLog;
  /** SHUTDOWN */
  shutdown(): void;
  /** FLUSH ERROR LOGS */
  reopenLogs(): void;
}

/** What views are made from. */
export interface ViewSource {
  readonly relay: Relay;
  readonly session: SessionState;
}

/** What an executor gets. */
export interface Context {
  readonly relay: Relay;
  readonly session: SessionState;
}

/** Lets the statement pass if the session's account has one of the privileges. `names` is how the server lists them. @throws 1227 */
export function demand(
  { relay, session }: Context,
  names: string,
  ...privileges: readonly Privilege[]
): void {
  if (!relay.accounts.has(session.account, ...privileges)) throw lacksPrivilege(names);
}

/** CHANGE, START, STOP: MySQL's text for all of them. */
export function demandReplicationAdmin(context: Context): void {
  demand(context, 'SUPER or REPLICATION_SLAVE_ADMIN', 'SUPER', 'REPLICATION_SLAVE_ADMIN');
}

import type { Account } from '../../certs/accounts.ts';
import type { ServerAddress, ServerVisit } from '../../certs/visit.ts';
import type { ChannelFacts } from './channel-facts.ts';
import type { LocalFiles } from './local-files.ts';
import type { ServerVersion } from './server-version.ts';
import type { Values } from './values.ts';

/** The certificates and protocol a connection meets, or why its handshake fails. */
export type Look = Pick<ServerVisit, 'served' | 'tls' | 'verdict'> & {
  readonly failure?: string;
  /** A protocol before TLS 1.2 that it takes. */
  readonly old?: string;
};

/** What a certificate must say, in slash form; empty where it may say anything. */
export interface Demand {
  readonly subject: string;
  readonly issuer: string;
}

/** All that one read-only visit learns. What the account may not see is undefined. */
export interface ServerFacts extends ServerVersion {
  readonly address: ServerAddress;
  readonly look: Look;
  readonly variables: Values | undefined;
  readonly status: Values | undefined;
  readonly accounts: readonly Account[] | undefined;
  /** Names that accounts with REQUIRE SUBJECT or ISSUER demand, by quoted account. */
  readonly demands: ReadonlyMap<string, Demand>;
  readonly channels: readonly ChannelFacts[] | undefined;
  /** Undefined for a server on another machine. */
  readonly files: LocalFiles | undefined;
  /** An account was given, and the server did not let it in. */
  readonly refused: boolean;
  /** The server kept something from the account. */
  readonly denied: boolean;
  /** What could not be seen, and why. */
  readonly unseen: readonly string[];
}

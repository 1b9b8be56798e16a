import type { X509Certificate } from 'node:crypto';
import { ConnectionError } from '../../errors/index.ts';

/** Where a server listens. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** How to log in. Without a user the visit ends after the TLS handshake: enough to see what the server serves. */
export interface VisitOptions {
  readonly user?: string;
  readonly password?: string;
  /**
   * Paths of PEM files. With `ca` the server is verified before a login, name included; without, whoever answers is believed. A visit
   * without a user tells the verdict instead.
   */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Log in without TLS. */
  readonly plain?: boolean;
  /** Look with the protocols before TLS 1.2 alone: a visit that succeeds has found a server that takes them. */
  readonly onlyOldTls?: boolean;
  readonly timeoutMs: number;
}

/** One conversation with a server. */
export interface ServerVisit {
  /** As the server's greeting says it: `9.7.0`, `11.8.6-MariaDB-…`. */
  readonly version: string;
  /** The certificate the server presented, with the rest of its chain; empty when it offers no TLS. */
  readonly served: readonly X509Certificate[];
  /** Protocol and cipher in use, e.g. `TLSv1.3` and `TLS_AES_256_GCM_SHA384`; undefined without TLS. */
  readonly tls: { readonly protocol: string; readonly cipher: string } | undefined;
  /** What OpenSSL has against the chain, held against `ca`: a code such as `INVALID_PURPOSE`. Weak keys and signatures are none of it. */
  readonly verdict?: string | undefined;
  /** Rows by column name, in lower case; every value as text. */
  query(sql: string): Promise<readonly Readonly<Record<string, string | null>>[]>;
  close(): Promise<void>;
}

/** Opens a conversation. */
export type Visit = (address: ServerAddress, options: VisitOptions) => Promise<ServerVisit>;

/** `host:port`, `[v6]:port` or, with a default port, a bare host; undefined for anything else. */
export function parseAddress(text: string, defaultPort?: number): ServerAddress | undefined {
  const match = /^(?:\[([^\]]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  return host === undefined || port === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}

/** A server that offers TLS and does not get through the handshake. What its greeting said is known. */
export class HandshakeFailure extends ConnectionError {
  readonly version: string;

  constructor(version: string, message: string, options: { cause?: unknown } = {}) {
    super(2026, message, { ...options, code: 'TLS_HANDSHAKE' });
    this.version = version;
  }
}

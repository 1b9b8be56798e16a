import type { KeyObject } from 'node:crypto';

/** What the client side of a plugin may use. */
export interface ClientContext {
  /** In the connection's character set; empty: no password. */
  readonly password: Buffer;
  /** Nobody can listen: TLS or a local socket. Only then a password travels as it is. */
  readonly secure: boolean;
  /** TLS: sha256_password trusts nothing else. */
  readonly encrypted: boolean;
  /** The server's RSA key in PEM, known beforehand (`--server-public-key-path`). */
  readonly serverPublicKey?: string;
  /** Ask the server for its RSA key (`--get-server-public-key`): safe from listeners, not from impostors. */
  readonly getServerPublicKey: boolean;
  /** Whether mysql_clear_password may be used at all. */
  readonly enableCleartextPlugin: boolean;
}

/** The client's half of one plugin's conversation. */
export interface ClientConversation {
  /** Answers the plugin's data: first the challenge, then whatever follows. Undefined: listen on. */
  answer(data: Buffer): Buffer | undefined;
  /**
   * What the server knows of the password, as MariaDB hashes it into its proof of a self-signed certificate. Absent where a
   * server in the middle could learn the password, so that its proof would prove nothing.
   */
  passwordHash?(): Buffer;
}

/** What the server side of a plugin may use. */
export interface ServerContext {
  /** The account's stored value, in the text form the servers keep in `mysql.user`. Empty: no password. */
  readonly credential: string;
  readonly secure: boolean;
  readonly encrypted: boolean;
  /** For the exchanges that protect the password by RSA where there is no TLS. */
  readonly rsaKey?: KeyObject;
  /** caching_sha2_password's memory of this account; without one every login is a full one. */
  readonly cache?: { digest: Buffer | undefined };
}

/** One step of the server's half: something to send, a verdict, or both (send first). */
export interface ServerStep {
  readonly send?: Buffer;
  readonly accepted?: boolean;
}

/** The server's half of one plugin's conversation. */
export interface ServerConversation {
  receive(data: Buffer): ServerStep;
}

/** An authentication plugin, both sides. */
export interface AuthPlugin {
  readonly name: string;
  /** Random bytes in the challenge. 20 fit the greeting; 0: no challenge. */
  readonly nonceLength: 0 | 20 | 32;
  /** Whether the answer to a greeting that names this plugin gives nothing away, whoever greets. */
  readonly answersGreeting: boolean;
  /** Whether the user may begin with it. @throws SecurityError before anything is sent */
  checkChosen?(context: ClientContext): void;
  client(context: ClientContext): ClientConversation;
  /** `nonce` is what went out as challenge, without a closing NUL. */
  server(context: ServerContext, nonce: Buffer): ServerConversation;
  /** Bytes of the longest password that its server's half takes; absent: any. */
  readonly maxPassword?: number;
  /** The stored value for a password. */
  credential(password: Buffer): string;
  /** The server's view of {@link ClientConversation.passwordHash}, from the stored value. */
  storedHash?(credential: string): Buffer;
}

/** A challenge as sent ends with a NUL that is not part of it. */
export function nonceOf(data: Buffer, length: number): Buffer {
  return Buffer.from(data.subarray(0, length));
}

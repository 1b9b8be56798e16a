import type { TlsPeer } from '../../tls/index.ts';

/** An account as a relay keeps it. */
export interface Account {
  readonly plugin: string;
  /** The stored value, in the form `mysql.user` keeps it. Empty: no password. */
  readonly credential: string;
  /** caching_sha2_password's memory, shared by the logins of this account. */
  readonly cache?: { digest: Buffer | undefined };
}

/** Who knocks. */
export interface Applicant {
  readonly user: string;
  /** Address of the other end; `localhost` on a local socket. */
  readonly host: string;
  /** Port of the other end; absent: a local socket. */
  readonly port?: number;
  readonly schema: string | undefined;
  readonly attributes: ReadonlyMap<string, string>;
  /** What the client speaks, an id: its names came in the character set of that. 0 or an unknown one: whatever the server has. */
  readonly collation: number;
  /** Undefined: a plain conversation. `tls.chain` is what the client showed; it is trusted when `tls.verified` is `ca`. */
  readonly tls: TlsPeer | undefined;
  /** A local socket: nobody listens, but it satisfies no REQUIRE. */
  readonly local: boolean;
}

/** An answer to who may not come in. */
export interface Refusal {
  readonly errno: number;
  readonly sqlState: string;
  readonly message: string;
}

/** Says who may come in. */
export interface Verifier {
  /** The account an applicant means; undefined: none. An unknown name is asked for its password all the same. */
  account(applicant: Applicant): Account | undefined | Promise<Account | undefined>;
  /**
   * Asked once the password is right: does the account require more (TLS, a certificate, a subject)? A refusal without text looks
   * like a wrong password, as with MySQL.
   */
  admit?(applicant: Applicant): true | 'denied' | Refusal | Promise<true | 'denied' | Refusal>;
}

/** ER_ACCESS_DENIED_ERROR, in the server's words. */
export function accessDenied(
  { user, host }: Pick<Applicant, 'user' | 'host'>,
  usedPassword: boolean,
): Refusal {
  const using = usedPassword ? 'YES' : 'NO';
  return {
    errno: 1045,
    sqlState: '28000',
    message: `Access denied for user '${user}'@'${host}' (using password: ${using})`,
  };
}

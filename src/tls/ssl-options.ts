import { UsageError } from '../errors/index.ts';

/** What a client asks of TLS, weakest first. */
export const SSL_MODES = ['DISABLED', 'PREFERRED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'] as const;
export type SslMode = (typeof SSL_MODES)[number];

/** Whose rules and whose error texts hold. */
export type Dialect = 'mysql' | 'mariadb';

/** The SSL option family as it is typed, MySQL's and MariaDB's words together. File options are paths. */
export interface SslOptions {
  /** MySQL when absent. */
  readonly dialect?: Dialect;
  readonly sslMode?: SslMode;
  /** `--ssl` and `--skip-ssl`: MySQL before 8.0 and MariaDB. */
  readonly ssl?: boolean;
  readonly sslVerifyServerCert?: boolean;
  /**
   * As MariaDB's own tools: whoever answers on a local socket, on 127.0.0.1 or ::1 needs neither the right name nor, where no
   * authority is given, anybody to vouch for it. Default false: a tunnel may end there.
   */
  readonly trustsLocal?: boolean;
  readonly sslCa?: string;
  readonly sslCapath?: string;
  readonly sslCert?: string;
  readonly sslKey?: string;
  readonly sslCipher?: string;
  readonly sslCrl?: string;
  readonly sslCrlpath?: string;
  readonly tlsVersion?: string;
  readonly tlsCiphersuites?: string;
  readonly tlsSniServername?: string;
  readonly sslFipsMode?: 'OFF' | 'ON' | 'STRICT';
  /** A file with a session to resume. A mode that verifies does so, and resumes none. */
  readonly sslSessionData?: string;
  readonly sslSessionDataContinueOnFailedReuse?: boolean;
  /** Asked for the passphrase of an encrypted key; undefined gives up. */
  readonly passphrase?: (file: string) => Promise<string | undefined>;
}

/** Reads `--ssl-mode`: any case, any prefix that fits one value only; digits do not count. Undefined: no such mode. */
export function parseSslMode(text: string): SslMode | undefined {
  const wanted = text.toUpperCase();
  const exact = SSL_MODES.find((mode) => mode === wanted);
  if (exact !== undefined) return exact;
  const fitting = wanted === '' ? [] : SSL_MODES.filter((mode) => mode.startsWith(wanted));
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** Protocol versions this Node's OpenSSL speaks, oldest first. */
const VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof VERSIONS)[number];

/**
 * Reads `tls_version`: a comma list. MySQL takes 1.2 and 1.3 only; MariaDB takes older ones. Unknown words are ignored by MariaDB and
 * where it is `lenient`, as MySQL's clients are. Undefined: nothing is left, or a word is unknown.
 */
export function parseTlsVersions(
  text: string,
  dialect: Dialect,
  how: 'strict' | 'lenient' = 'strict',
): readonly TlsVersion[] | undefined {
  const known = dialect === 'mysql' ? VERSIONS.slice(2) : VERSIONS;
  const words = text.split(',').map((word) =>
    word
      .trim()
      .toLowerCase()
      .replace(/^tlsv1\.0$/, 'tlsv1'),
  );
  const versions = known.filter((version) => words.includes(version.toLowerCase()));
  const strange = words.some((word) => !known.some((version) => version.toLowerCase() === word));
  return versions.length === 0 || (strange && dialect === 'mysql' && how === 'strict') ? undefined : versions;
}

/** What the options come to. */
export interface TlsPolicy {
  readonly dialect: Dialect;
  readonly mode: SslMode;
  /** Whether TLS is asked for where the server offers it. */
  readonly wanted: boolean;
  /** Whether the conversation ends where the server does not offer it. */
  readonly required: boolean;
  readonly verify: 'none' | 'ca' | 'identity';
  /** MariaDB 11.4: a certificate nobody vouches for may be proved with the account's password. */
  readonly passwordProof: boolean;
  /** Lines for the user that do not stop the run. */
  readonly warnings: readonly string[];
}

const NO_VERIFICATION =
  'WARNING: no verification of server certificate will be done. Use --ssl-mode=VERIFY_CA or VERIFY_IDENTITY.';

const VERIFY = {
  DISABLED: 'none',
  PREFERRED: 'none',
  REQUIRED: 'none',
  VERIFY_CA: 'ca',
  VERIFY_IDENTITY: 'identity',
} as const;

/** The mode that options without `--ssl-mode` come to. */
function impliedMode(options: SslOptions): SslMode {
  const authorities = options.sslCa !== undefined || options.sslCapath !== undefined;
  if (options.ssl === false) {
    if (options.sslVerifyServerCert === true) {
      throw new UsageError('--skip-ssl and --ssl-verify-server-cert exclude each other');
    }
    return 'DISABLED';
  }
  if (options.sslVerifyServerCert === true) return 'VERIFY_IDENTITY';
  // MariaDB verifies everything or nothing; what is not verified is not insisted on either.
  if (options.dialect === 'mariadb')
    return options.sslVerifyServerCert === false ? 'PREFERRED' : 'VERIFY_IDENTITY';
  if (authorities) return 'VERIFY_CA';
  return options.ssl === true ? 'REQUIRED' : 'PREFERRED';
}

/**
 * The policy behind the options.
 *
 * @throws UsageError where options contradict each other
 */
export function resolvePolicy(options: SslOptions): TlsPolicy {
  const dialect = options.dialect ?? 'mysql';
  const mode = options.sslMode ?? impliedMode(options);
  if (options.sslVerifyServerCert === true && VERIFY[mode] !== 'identity') {
    throw new UsageError(`--ssl-mode=${mode} and --ssl-verify-server-cert exclude each other`, {
      hint: 'With --ssl-mode=VERIFY_IDENTITY the name in the certificate is verified, too.',
    });
  }
  const wanted = mode !== 'DISABLED';
  const authorities = options.sslCa !== undefined || options.sslCapath !== undefined;
  const unused = options.sslMode !== undefined && VERIFY[mode] === 'none' && authorities;
  // Since 11.8.9 who names authorities to MariaDB wants them asked where there is TLS, whatever else is said.
  const asksAnyway = dialect === 'mariadb' && options.sslMode === undefined && wanted && authorities;
  const verify = asksAnyway ? 'identity' : VERIFY[mode];
  const mariadbWords = dialect === 'mariadb' || options.sslVerifyServerCert === true;
  return {
    dialect,
    mode,
    wanted,
    required: wanted && mode !== 'PREFERRED',
    verify,
    passwordProof: mariadbWords && options.sslMode === undefined && verify !== 'none' && !authorities,
    warnings: unused ? [NO_VERIFICATION] : [],
  };
}

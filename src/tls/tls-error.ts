import { SecurityError } from '../errors/index.ts';
import type { Dialect } from './ssl-options.ts';

/** CR_SSL_CONNECTION_ERROR */
export const SSL_CONNECTION_ERROR = 2026;

/** The client libraries cut the detail here (`%-.100s`). */
const DETAIL_LIMIT = 100;

const PREFIX: Readonly<Record<Dialect, string>> = {
  mysql: 'SSL connection error: ',
  mariadb: 'TLS/SSL error: ',
};

/** A failure of TLS in the words of the client library, with our own words as hint: one line a fact. */
export function tlsError(
  dialect: Dialect,
  code: string,
  detail: string,
  options: { readonly hints?: readonly string[]; readonly cause?: unknown; readonly file?: string } = {},
): SecurityError {
  const { hints = [], cause, file } = options;
  return new SecurityError(SSL_CONNECTION_ERROR, PREFIX[dialect] + detail.slice(0, DETAIL_LIMIT), {
    code,
    ...(cause === undefined ? {} : { cause }),
    ...(hints.length === 0 ? {} : { hint: hints.join('\n') }),
    ...(file === undefined ? {} : { context: { file } }),
  });
}

/** MySQL's table of its own TLS failures, and MariaDB's words for the same. */
export const TlsText = {
  notSupported: {
    mysql: "SSL is required but the server doesn't support it",
    mariadb: 'SSL is required, but the server does not support it',
  },
  authorityRequired: {
    mysql: 'CA certificate is required if ssl-mode is VERIFY_CA or VERIFY_IDENTITY',
    mariadb: 'CA certificate is required if ssl-mode is VERIFY_CA or VERIFY_IDENTITY',
  },
  verifyPaths: { mysql: 'SSL_CTX_set_default_verify_paths failed', mariadb: 'no certificate or crl found' },
  certificate: { mysql: 'Unable to get certificate', mariadb: 'no start line' },
  privateKey: { mysql: 'Unable to get private key', mariadb: 'unsupported' },
  /** OpenSSL takes a key of another kind than the certificate's, and says only in the end that they are no pair. */
  keyMismatch: { mysql: 'Unable to get private key', mariadb: 'key values mismatch' },
  keyKind: {
    mysql: 'Private key does not match the certificate public key',
    mariadb: 'no certificate assigned',
  },
  ciphers: { mysql: 'Failed to set ciphers to use', mariadb: 'no cipher match' },
  version: { mysql: 'TLS version is invalid', mariadb: 'TLS version is invalid' },
  noCiphers: {
    mysql: 'error:0A0000B5:SSL routines::no ciphers available',
    mariadb: 'no ciphers available',
  },
  servername: {
    mysql: 'error:0A00013F:SSL routines::ssl3 ext invalid servername',
    mariadb: 'ssl3 ext invalid servername',
  },
  untrusted: {
    mysql: 'error:0A000086:SSL routines::certificate verify failed',
    mariadb: 'certificate verify failed',
  },
  identity: {
    mysql: 'error:0A000086:SSL routines::certificate verify failed',
    mariadb: 'Hostname verification failed',
  },
  unproved: {
    mysql: 'error:0A000086:SSL routines::certificate verify failed',
    mariadb: 'Validation of SSL server certificate failed',
  },
} as const satisfies Record<string, Readonly<Record<Dialect, string>>>;

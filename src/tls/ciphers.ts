import { createSecureContext, getCiphers } from 'node:tls';
import type { SslOptions } from './ssl-options.ts';
import { TlsText, tlsError } from './tls-error.ts';

/**
 * TLS 1.2 suites that are offered when nobody asks: forward secrecy and authenticated encryption (MySQL's mandatory and approved
 * lists). MySQL prefers the shorter key; MariaDB leaves OpenSSL's order.
 */
const MYSQL_CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES256-CCM',
  'ECDHE-ECDSA-AES128-CCM',
  'DHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES256-GCM-SHA384',
  'DHE-RSA-AES256-CCM',
  'DHE-RSA-AES128-CCM',
  'DHE-RSA-CHACHA20-POLY1305',
];
const DEFAULT_CIPHERS = {
  mysql: MYSQL_CIPHERS.join(':'),
  mariadb: [
    ...MYSQL_CIPHERS.filter((name) => name.includes('AES256-GCM')),
    ...MYSQL_CIPHERS.filter((name) => !name.includes('AES256-GCM')),
  ].join(':'),
} as const;

const DEFAULT_CIPHERSUITES = {
  mysql: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
  mariadb: ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'],
} as const;

/** Never, whatever the list says. */
const BLOCKED = '!aNULL:!eNULL:!EXPORT:!LOW:!MD5:!DES:!3DES:!RC2:!RC4:!PSK:!SSLv2';

/** 112 bits of strength: RSA from 2048 bits on, no signatures with SHA-1 or MD5. */
const SECURITY_LEVEL = '@SECLEVEL=2';

const KNOWN_CIPHERSUITES: ReadonlySet<string> = new Set(
  getCiphers()
    .filter((name) => name.startsWith('tls_'))
    .map((name) => name.toUpperCase()),
);

/** Node's one `ciphers` text out of ssl-cipher (TLS 1.2 and older) and tls-ciphersuites (TLS 1.3; empty switches it off). */
export function cipherList(options: SslOptions): string {
  const { dialect = 'mysql' } = options;
  const { suites, older } = wishes(options);
  // OpenSSL passes over suites it does not know as long as it knows one.
  const known = suites.filter((suite) => KNOWN_CIPHERSUITES.has(suite.toUpperCase()));
  const strange = known.length === 0 ? suites[0] : undefined;
  const list = withBlocked(older, dialect);
  if (strange === undefined && isCipherList(list)) return [...known, list, ...levelFor(list)].join(':');
  throw tlsError(dialect, 'TLS_CIPHERS', TlsText.ciphers[dialect], {
    hints: [
      strange === undefined
        ? `this OpenSSL knows no cipher that fits --ssl-cipher='${older}'`
        : `this OpenSSL does not know the TLS 1.3 suite '${strange}'`,
      ...(dialect === 'mysql' && /(^|:)DEFAULT/.test(older)
        ? ["MySQL's clients know no DEFAULT in --ssl-cipher; ALL@SECLEVEL=0 is a list they take"]
        : []),
    ],
  });
}

function wishes({ dialect = 'mysql', sslCipher, tlsCiphersuites }: SslOptions): {
  readonly suites: readonly string[];
  readonly older: string;
} {
  const given = tlsCiphersuites?.split(':').filter(Boolean);
  const named = sslCipher?.split(':').filter((word) => word.startsWith('TLS_')) ?? [];
  // MariaDB has one option for both; suites of TLS 1.3 in it leave the older ones as they are.
  if (dialect === 'mariadb' && given === undefined && named.length > 0)
    return { suites: named, older: DEFAULT_CIPHERS.mariadb };
  return { suites: given ?? DEFAULT_CIPHERSUITES[dialect], older: sslCipher ?? DEFAULT_CIPHERS[dialect] };
}

/** MySQL puts in front what it never takes: OpenSSL knows DEFAULT only where a list begins with it. */
const withBlocked = (list: string, dialect: 'mysql' | 'mariadb'): string =>
  (dialect === 'mysql' ? [BLOCKED, list] : [list, BLOCKED]).filter(Boolean).join(':');

/** The level that MySQL's and MariaDB's packages ask for, unless the list names one; the OpenSSL of Node before 24 has 1. */
const levelFor = (list: string): string[] => (list.includes('@SECLEVEL=') ? [] : [SECURITY_LEVEL]);

/** OpenSSL refuses a list only when nothing in it is left. Without `ca` Node would read all the authorities that it trusts, 20 ms. */
function isCipherList(ciphers: string): boolean {
  try {
    createSecureContext({ ciphers, maxVersion: 'TLSv1.2', ca: [] });
    return true;
  } catch {
    return false;
  }
}

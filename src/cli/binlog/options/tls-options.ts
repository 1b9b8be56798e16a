import type { OptionDefinition } from '../../../options/index.ts';

const section = 'TLS';

const string = { kind: 'string' } as const;

function file(
  name: string,
  owner: 'both' | 'mysql' | 'mariadb',
  help: string,
  placeholder = 'FILE',
): OptionDefinition {
  return { name, argument: 'required', type: string, owner, section, placeholder, help };
}

/** How the connection to a server is protected. Both vocabularies, MySQL's and MariaDB's. */
export const tlsOptions: readonly OptionDefinition[] = [
  {
    name: 'ssl-mode',
    argument: 'required',
    type: { kind: 'choice', values: ['DISABLED', 'PREFERRED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'] },
    owner: 'mysql',
    section,
    help:
      'Whether TLS is used and what is verified: only verify_ca and verify_identity check the certificate, ' +
      'only verify_identity the host name.',
  },
  {
    name: 'ssl',
    argument: 'optional',
    type: { kind: 'bool', default: true },
    owner: 'mariadb',
    section,
    help: 'Use TLS.',
  },
  file(
    'ssl-ca',
    'both',
    'Certificate authorities to trust (PEM). In MySQL this alone means --ssl-mode=verify_ca.',
  ),
  file('ssl-capath', 'both', 'A folder of such certificates, named by hash.', 'FOLDER'),
  file('ssl-cert', 'both', 'Our certificate (PEM), for accounts that need one.'),
  {
    name: 'ssl-cipher',
    argument: 'required',
    type: string,
    owner: 'both',
    section,
    help: 'Ciphers up to TLS 1.2, as OpenSSL names them.',
  },
  file('ssl-key', 'both', 'The key of our certificate (PEM).'),
  file('ssl-crl', 'both', 'Revoked certificates (PEM).'),
  file('ssl-crlpath', 'both', 'A folder of revocation lists, named by hash.', 'FOLDER'),
  {
    name: 'tls-version',
    argument: 'required',
    type: string,
    owner: 'both',
    section,
    help: 'Versions to allow, separated by commas: TLSv1.2, TLSv1.3.',
  },
  {
    name: 'ssl-fips-mode',
    argument: 'required',
    type: { kind: 'choice', values: ['OFF', 'ON', 'STRICT'] },
    owner: 'mysql',
    section,
    help: 'Whether OpenSSL works in FIPS mode.',
    deprecated: 'in MySQL, without replacement',
  },
  {
    name: 'tls-ciphersuites',
    argument: 'required',
    type: string,
    owner: 'mysql',
    section,
    help: 'Ciphers of TLS 1.3, separated by colons.',
  },
  file('ssl-session-data', 'mysql', 'A saved TLS session to resume, in a mode that does not verify.'),
  {
    name: 'ssl-session-data-continue-on-failed-reuse',
    argument: 'optional',
    type: { kind: 'bool', default: false },
    owner: 'mysql',
    section,
    help: 'Go on with a new session where that one is refused.',
  },
  {
    name: 'tls-sni-servername',
    argument: 'required',
    type: string,
    owner: 'mysql',
    section,
    help: 'The server name to ask for in the TLS handshake.',
  },
  {
    name: 'ssl-fp',
    argument: 'required',
    type: string,
    owner: 'mariadb',
    section,
    help: "The fingerprint the server's certificate must have.",
  },
  file('ssl-fplist', 'mariadb', 'A file of such fingerprints, one a line.'),
  {
    name: 'ssl-verify-server-cert',
    argument: 'optional',
    type: { kind: 'bool', default: true },
    owner: 'mariadb',
    section,
    help: "Verify the server's certificate and the name in it.",
  },
];

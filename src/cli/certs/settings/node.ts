import { isIP } from 'node:net';
import { pkcs12 } from './pkcs12.ts';
import { authority, certificate, key, list, type Settings, type SettingsInput, text } from './settings.ts';
import { hostPart, inQuery } from './url.ts';

const VERIFIED = '    rejectUnauthorized: true,';

export const mysql2: Settings = {
  about: 'mysql2 for Node.js (it ignores revocation lists)',
  write: (input) => [
    "import { readFileSync } from 'node:fs';",
    "import mysql from 'mysql2/promise';",
    '',
    ...(isIP(input.host) === 0
      ? []
      : ['// With an address as host, mysql2 looks for localhost in the certificate: use a host name.']),
    ...connection('mysql', input, [VERIFIED, '    verifyIdentity: true,']),
  ],
};

export const mariadb: Settings = {
  about: 'mariadb connector for Node.js',
  write: (input) => [
    "import { readFileSync } from 'node:fs';",
    "import mariadb from 'mariadb';",
    '',
    ...connection('mariadb', input, [
      ...(input.lists
        ? [
            '    // Node reads only the first list of a file: one string for each.',
            `    crl: readFileSync(${text(list(input))}, 'utf8').match(/-----BEGIN X509 CRL-----[^]+?-----END X509 CRL-----/g),`,
          ]
        : []),
      VERIFIED,
    ]),
  ],
};

export const prisma: Settings = {
  about: 'Prisma up to 6 (keys go into PKCS#12 first); Prisma 7 with @prisma/adapter-mariadb: as mariadb',
  write: (input) => [
    pkcs12(input),
    `DATABASE_URL="mysql://${encodeURIComponent(input.user)}:PASSWORD@${hostPart(input.host)}:${input.port}/${input.database}` +
      `?sslcert=${inQuery(authority(input))}&sslidentity=${inQuery(`${input.folder}/client.p12`)}&sslpassword=P12PASSWORD&sslaccept=strict"`,
  ],
};

/** How either library connects; `more`: what else it is told of TLS. */
const connection = (library: string, input: SettingsInput, more: readonly string[]): readonly string[] => [
  `const connection = await ${library}.createConnection({`,
  `  host: ${text(input.host)},`,
  `  port: ${input.port},`,
  `  user: ${text(input.user)},`,
  `  database: ${text(input.database)},`,
  '  ssl: {',
  `    ca: readFileSync(${text(authority(input))}),`,
  `    cert: readFileSync(${text(certificate(input))}),`,
  `    key: readFileSync(${text(key(input))}),`,
  ...more,
  '  },',
  '});',
];

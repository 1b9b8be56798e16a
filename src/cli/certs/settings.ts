import { isIP } from 'node:net';
import { quoteText } from '../../certificates/index.ts';

/** Where the files are and who uses them. */
export interface SettingsInput {
  /** Folder the files are in on the machine that uses them. */
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** A revocation list is in force. */
  readonly lists: boolean;
}

/** Lines for one program, ready to be pasted; a password stands nowhere in them. */
export type SettingsWriter = (input: SettingsInput) => readonly string[];

const text = (value: string): string => JSON.stringify(value);
const authority = ({ folder }: SettingsInput): string => `${folder}/ca.pem`;
const certificate = ({ folder }: SettingsInput): string => `${folder}/client-cert.pem`;
const key = ({ folder }: SettingsInput): string => `${folder}/client-key.pem`;
const list = ({ folder }: SettingsInput): string => `${folder}/crl.pem`;

/** A value inside the query of a URL; paths stay readable. */
function inQuery(value: string): string {
  return encodeURIComponent(value).replaceAll('%2F', '/').replaceAll('%3A', ':');
}

/** A file as a URL inside the query of a URL: encoded for either. */
const fileUrl = (path: string): string => inQuery(`file:${inQuery(path)}`);

/** A word of a shell command, quoted only where it must be. */
function word(value: string): string {
  return /[^\w@%+=:,./-]/.test(value) ? `'${value.replaceAll("'", "'\\''")}'` : value;
}

/** A value of an option file: quoted when it has characters the file gives a meaning. */
function optionValue(value: string): string {
  return /[\s#"'\\]/.test(value) ? `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : value;
}

const mysqld: SettingsWriter = (input) => [
  '[mysqld]',
  `ssl_ca   = ${optionValue(authority(input))}`,
  `ssl_cert = ${optionValue(`${input.folder}/server-cert.pem`)}`,
  `ssl_key  = ${optionValue(`${input.folder}/server-key.pem`)}`,
  ...(input.lists ? [`ssl_crl  = ${optionValue(list(input))}`] : []),
  '# MySQL 5.7.8+, MariaDB 10.5.2+: nobody connects without TLS (or the local socket) any more.',
  'require_secure_transport = ON',
  '# MySQL 5.7.10+, MariaDB 10.4.6+: older protocols off.',
  'tls_version = TLSv1.2,TLSv1.3',
];

const client: SettingsWriter = (input) => [
  '[client]',
  `ssl-ca   = ${optionValue(authority(input))}`,
  `ssl-cert = ${optionValue(certificate(input))}`,
  `ssl-key  = ${optionValue(key(input))}`,
  ...(input.lists ? [`ssl-crl  = ${optionValue(list(input))}`] : []),
  '# MySQL; unknown to MariaDB, hence loose.',
  'loose-ssl-mode = VERIFY_IDENTITY',
  '# MariaDB (default from 11.4); unknown to MySQL 8 and later, hence loose.',
  'loose-ssl-verify-server-cert',
];

function replication(statement: string, word: string, last: readonly string[]): SettingsWriter {
  return (input) => {
    const rows: [string, string][] = [
      ['HOST', quoteText(input.host)],
      ['PORT', String(input.port)],
      ['USER', quoteText(input.user)],
      ['SSL', '1'],
      ['SSL_CA', quoteText(authority(input))],
      ['SSL_CERT', quoteText(certificate(input))],
      ['SSL_KEY', quoteText(key(input))],
      ...(input.lists ? [['SSL_CRL', quoteText(list(input))] as [string, string]] : []),
      ['SSL_VERIFY_SERVER_CERT', '1'],
    ];
    const lines = [
      ...rows.map(([name, value]) => `  ${word}_${name} = ${value}`),
      ...last.map((line) => `  ${line}`),
    ];
    return [statement, ...lines.map((line, index) => `${line}${index === lines.length - 1 ? ';' : ','}`)];
  };
}

/** Programs by the name `--for` takes. */
export const settingsWriters: Readonly<
  Record<string, { readonly about: string; readonly write: SettingsWriter }>
> = {
  mysqld: { about: 'my.cnf of a server', write: mysqld },
  client: { about: 'my.cnf of the command-line programs', write: client },
  source: {
    about: 'MySQL 8.0.23 and later as a replica',
    write: replication('CHANGE REPLICATION SOURCE TO', 'SOURCE', [
      'SOURCE_AUTO_POSITION = 1',
      'REQUIRE_ROW_FORMAT = 1',
    ]),
  },
  master: {
    about: 'MariaDB, and MySQL before 8.0.23, as a replica',
    write: replication('CHANGE MASTER TO', 'MASTER', []),
  },
  rails: {
    about: 'database.yml of Rails with mysql2',
    write: (input) => [
      ...databaseYml(input, 'mysql2'),
      `  sslca: ${text(authority(input))}`,
      `  sslcert: ${text(certificate(input))}`,
      `  sslkey: ${text(key(input))}`,
      '  ssl_mode: :verify_identity',
      '  # Built against MariaDB Connector/C, the gem compares host names for this option alone.',
      '  sslverify: true',
    ],
  },
  trilogy: {
    about: 'database.yml of Rails with trilogy',
    write: (input) => [
      ...databaseYml(input, 'trilogy'),
      '  ssl: true',
      `  ssl_ca: ${text(authority(input))}`,
      `  ssl_cert: ${text(certificate(input))}`,
      `  ssl_key: ${text(key(input))}`,
      ...(input.lists ? [`  ssl_crl: ${text(list(input))}`] : []),
      '  ssl_mode: verify_identity',
    ],
  },
  jdbc: {
    about: 'MySQL Connector/J 8 and later (keys go into PKCS#12 first)',
    write: (input) => [
      pkcs12(input),
      `# keytool -importcert -noprompt -alias rowlock-ca -file ${word(authority(input))} -storetype PKCS12 -keystore ${word(`${input.folder}/trust.p12`)}`,
      `jdbc:mysql://${hostPart(input.host)}:${input.port}/${input.database}?user=${encodeURIComponent(input.user)}&sslMode=VERIFY_IDENTITY` +
        `&trustCertificateKeyStoreUrl=${fileUrl(`${input.folder}/trust.p12`)}&trustCertificateKeyStoreType=PKCS12` +
        `&clientCertificateKeyStoreUrl=${fileUrl(`${input.folder}/client.p12`)}&clientCertificateKeyStoreType=PKCS12`,
      '# Passwords of the two stores: properties trustCertificateKeyStorePassword and clientCertificateKeyStorePassword.',
    ],
  },
  'jdbc-mariadb': {
    about: 'MariaDB Connector/J 3',
    write: (input) => [
      pkcs12(input),
      `jdbc:mariadb://${hostPart(input.host)}:${input.port}/${input.database}?user=${encodeURIComponent(input.user)}&sslMode=verify-full` +
        `&serverSslCert=${inQuery(authority(input))}&keyStore=${inQuery(`${input.folder}/client.p12`)}&keyStoreType=PKCS12`,
      '# Password of the store: property keyStorePassword.',
    ],
  },
  mysql2: {
    about: 'mysql2 for Node.js (it ignores revocation lists)',
    write: (input) => [
      "import { readFileSync } from 'node:fs';",
      "import mysql from 'mysql2/promise';",
      '',
      ...(isIP(input.host) === 0
        ? []
        : ['// With an address as host, mysql2 looks for localhost in the certificate: use a host name.']),
      'const connection = await mysql.createConnection({',
      `  host: ${text(input.host)},`,
      `  port: ${input.port},`,
      `  user: ${text(input.user)},`,
      `  database: ${text(input.database)},`,
      '  ssl: {',
      `    ca: readFileSync(${text(authority(input))}),`,
      `    cert: readFileSync(${text(certificate(input))}),`,
      `    key: readFileSync(${text(key(input))}),`,
      '    rejectUnauthorized: true,',
      '    verifyIdentity: true,',
      '  },',
      '});',
    ],
  },
  mariadb: {
    about: 'mariadb connector for Node.js',
    write: (input) => [
      "import { readFileSync } from 'node:fs';",
      "import mariadb from 'mariadb';",
      '',
      'const connection = await mariadb.createConnection({',
      `  host: ${text(input.host)},`,
      `  port: ${input.port},`,
      `  user: ${text(input.user)},`,
      `  database: ${text(input.database)},`,
      '  ssl: {',
      `    ca: readFileSync(${text(authority(input))}),`,
      `    cert: readFileSync(${text(certificate(input))}),`,
      `    key: readFileSync(${text(key(input))}),`,
      ...(input.lists
        ? [
            '    // Node reads only the first list of a file: one string for each.',
            `    crl: readFileSync(${text(list(input))}, 'utf8').match(/-----BEGIN X509 CRL-----[^]+?-----END X509 CRL-----/g),`,
          ]
        : []),
      '    rejectUnauthorized: true,',
      '  },',
      '});',
    ],
  },
  prisma: {
    about: 'Prisma up to 6 (keys go into PKCS#12 first); Prisma 7 with @prisma/adapter-mariadb: as mariadb',
    write: (input) => [
      pkcs12(input),
      `DATABASE_URL="mysql://${encodeURIComponent(input.user)}:PASSWORD@${hostPart(input.host)}:${input.port}/${input.database}` +
        `?sslcert=${inQuery(authority(input))}&sslidentity=${inQuery(`${input.folder}/client.p12`)}&sslpassword=P12PASSWORD&sslaccept=strict"`,
    ],
  },
  go: {
    about: 'go-sql-driver/mysql',
    write: (input) => [
      'pool := x509.NewCertPool()',
      `pem, err := os.ReadFile(${text(authority(input))})`,
      'if err != nil || !pool.AppendCertsFromPEM(pem) { log.Fatal("no CA", err) }',
      `pair, err := tls.LoadX509KeyPair(${text(certificate(input))}, ${text(key(input))})`,
      'if err != nil { log.Fatal(err) }',
      'mysql.RegisterTLSConfig("rowlock", &tls.Config{',
      '\tRootCAs: pool, Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12,',
      `\tServerName: ${text(input.host)},`,
      '})',
      `db, err := sql.Open("mysql", ${text(`${input.user}@tcp(${hostPart(input.host)}:${input.port})/${input.database}?tls=rowlock`)})`,
    ],
  },
  pymysql: {
    about: 'PyMySQL',
    write: (input) => [
      'import pymysql',
      '',
      'connection = pymysql.connect(',
      `    host=${text(input.host)}, port=${input.port}, user=${text(input.user)}, database=${text(input.database)},`,
      `    ssl_ca=${text(authority(input))},`,
      `    ssl_cert=${text(certificate(input))},`,
      `    ssl_key=${text(key(input))},`,
      '    ssl_verify_cert=True,',
      '    ssl_verify_identity=True,',
      ')',
    ],
  },
  sqlalchemy: {
    about: 'SQLAlchemy with PyMySQL',
    write: (input) => [
      'from sqlalchemy import create_engine',
      '',
      'engine = create_engine(',
      `    ${text(`mysql+pymysql://${encodeURIComponent(input.user)}@${hostPart(input.host)}:${input.port}/${input.database}`)},`,
      '    connect_args={',
      `        "ssl_ca": ${text(authority(input))},`,
      `        "ssl_cert": ${text(certificate(input))},`,
      `        "ssl_key": ${text(key(input))},`,
      '        "ssl_verify_cert": True,',
      '        "ssl_verify_identity": True,',
      '    },',
      ')',
    ],
  },
};

/** The command that makes a store of a pair; asks for the password of the store. */
function pkcs12(input: SettingsInput): string {
  const [from, withKey, to] = [certificate(input), key(input), `${input.folder}/client.p12`].map(word);
  return `# openssl pkcs12 -export -in ${from} -inkey ${withKey} -name ${word(input.user)} -out ${to}`;
}

function databaseYml(input: SettingsInput, adapter: string): string[] {
  return [
    'production:',
    `  adapter: ${adapter}`,
    `  host: ${text(input.host)}`,
    `  port: ${input.port}`,
    `  username: ${text(input.user)}`,
    `  database: ${text(input.database)}`,
  ];
}

/** A host inside a URL or address: IPv6 in brackets. */
function hostPart(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

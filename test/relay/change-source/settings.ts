/** Whose replica the relay is held against. */
export type Family = 'mysql' | 'mariadb';

/** One channel: words for CHANGE … TO, and where and with whom it connects. Values are named; `Stage.files` has the paths. */
export interface Setting {
  /** Certificate of the source; `off`: no TLS; `closed`: nobody listens. */
  readonly source: string;
  readonly host: string;
  readonly user: string;
  readonly password: string;
  /** What holds of TLS at all. */
  readonly mode: string;
  readonly ca: string;
  readonly capath: string;
  readonly client: string;
  readonly crl: string;
  readonly crlpath: string;
  readonly cipher: string;
  readonly version: string;
  readonly suites: string;
  readonly publicKey: string;
}

export type Dimensions = { readonly [Name in keyof Setting]: readonly string[] };

/** What is varied; the first of each is the plain one, with which the channel connects. */
export const DIMENSIONS: Readonly<Record<Family, Dimensions>> = {
  mysql: dimensions([
    'TLSv1.2',
    'TLSv1.3',
    'TLSv1.2,TLSv1.3',
    'TLSv1',
    'TLSv1.1,TLSv1.2',
    'nonsense',
    'tlsv1.2',
  ]),
  mariadb: { ...dimensions([]), suites: ['-'], publicKey: ['-'] },
};

function dimensions(versions: readonly string[]): Dimensions {
  return {
    mode: ['ssl', 'off', 'verify', 'default'],
    source: [
      'good',
      'off',
      'expired',
      'future',
      'otherCa',
      'namesakeCa',
      'chain',
      'selfSigned',
      'wrongName',
      'sanDns',
      'cnOnly',
      'wildcard',
      'revoked',
      'closed',
    ],
    // getaddrinfo reads 127.0.1 as 127.0.0.1, and nobody takes it for this machine.
    host: ['127.0.0.1', '127.0.1', 'localhost', 'nowhere.invalid', ''],
    user: ['none', 'ssl', 'x509', 'cipher', 'issuer', 'subject', 'other', 'reader', 'nobody', ''],
    password: ['right', 'wrong', 'none'],
    ca: ['-', 'root', 'stranger', 'missing', 'folder', 'empty', 'garbage', 'broken', 'aliceKey'],
    capath: ['-', 'rootFolder', 'strangerFolder', 'missing', 'folder', 'garbage'],
    client: [
      '-',
      'alice',
      'bob',
      'strangerCert',
      'expired',
      'mismatch',
      'missing',
      'missingKey',
      'onlyCert',
      'onlyKey',
      'garbage',
      'broken',
      'encrypted',
      'folder',
    ],
    crl: ['-', 'crl', 'middleCrl', 'bothCrls', 'missing', 'garbage', 'empty', 'root'],
    crlpath: ['-', 'crlFolder', 'folder', 'missing'],
    cipher: [
      '-',
      'ECDHE-ECDSA-AES128-GCM-SHA256',
      'AES256-SHA',
      'nonsense',
      'TLS_AES_128_GCM_SHA256',
      'nonsense:HIGH',
    ],
    version: ['-', ...versions],
    suites: [
      '-',
      '',
      'TLS_AES_256_GCM_SHA384',
      'nonsense',
      'TLS_AES_256_GCM_SHA384:nonsense',
      'ECDHE-ECDSA-AES128-GCM-SHA256',
    ],
    publicKey: ['-', 'get', 'missing', 'garbage'],
  };
}

export const NAMES = Object.keys(DIMENSIONS.mysql) as (keyof Setting)[];

/** What acts on each other is varied together; the rest one at a time. */
const BLOCKS: readonly (readonly (keyof Setting)[])[] = [
  ['mode', 'ca', 'source'],
  ['mode', 'capath', 'source'],
  ['mode', 'ca', 'host'],
  ['host', 'source', 'mode'],
  ['mode', 'ca', 'client'],
  ['mode', 'ca', 'crl'],
  ['mode', 'ca', 'crlpath'],
  ['mode', 'cipher', 'version'],
  ['mode', 'suites', 'version'],
  ['client', 'user', 'mode'],
  ['user', 'password', 'mode'],
  ['publicKey', 'mode', 'password'],
  ['publicKey', 'mode', 'source'],
];

/** Every setting that is tried in the long form. */
export function allSettings(family: Family): Setting[] {
  const varied = DIMENSIONS[family];
  const plain = Object.fromEntries(NAMES.map((name) => [name, varied[name][0]!])) as unknown as Setting;
  const all = BLOCKS.flatMap((block) =>
    block.reduce<Setting[]>(
      (some, name) => some.flatMap((one) => varied[name].map((value) => ({ ...one, [name]: value }))),
      [plain],
    ),
  );
  return [...new Map(all.map((one) => [NAMES.map((name) => one[name]).join('|'), one])).values()];
}

/** `source=expired ca=root`: what differs from the plain one. */
export function describeSetting(one: Setting, family: Family): string {
  const words = NAMES.filter((name) => one[name] !== DIMENSIONS[family][name][0]).map(
    (name) => `${name}=${one[name] === '' ? "''" : one[name]}`,
  );
  return words.join(' ') || 'plain';
}

const PASSWORDS: Readonly<Record<string, string | undefined>> = {
  right: 'right-Pw0',
  wrong: 'wr0ng',
  none: undefined,
};

/** Names of files for certificate and key; undefined: not given. */
const CLIENTS: Readonly<Record<string, readonly [string | undefined, string | undefined]>> = {
  '-': [undefined, undefined],
  alice: ['alice', 'aliceKey'],
  bob: ['bob', 'bobKey'],
  strangerCert: ['strangerCert', 'strangerKey'],
  expired: ['expired', 'expiredKey'],
  mismatch: ['alice', 'bobKey'],
  missing: ['missing', 'missing'],
  missingKey: ['alice', 'missing'],
  onlyCert: ['alice', undefined],
  onlyKey: [undefined, 'aliceKey'],
  garbage: ['garbage', 'garbage'],
  broken: ['broken', 'aliceKey'],
  encrypted: ['alice', 'encrypted'],
  folder: ['folder', 'folder'],
};

const MODES: Readonly<Record<string, readonly [ssl: number | undefined, verify: number | undefined]>> = {
  ssl: [1, 0],
  off: [0, 0],
  verify: [1, 1],
  default: [undefined, undefined],
};

/** What comes behind CHANGE … TO, in the family's own words. */
export function changeOptions(
  family: Family,
  one: Setting,
  port: number,
  files: Readonly<Record<string, string>>,
): string {
  const word = family === 'mysql' ? 'SOURCE' : 'MASTER';
  const [ssl, verify] = MODES[one.mode]!;
  const [cert, key] = CLIENTS[one.client]!;
  const file = (name: string | undefined): string | undefined =>
    name === undefined || name === '-' ? undefined : files[name]!;
  const value = (text: string): string | undefined => (text === '-' ? undefined : text);
  const texts: readonly (readonly [string, string | number | undefined])[] = [
    [`${word}_HOST`, one.host],
    [`${word}_PORT`, port],
    [`${word}_USER`, one.user],
    [`${word}_PASSWORD`, PASSWORDS[one.password]],
    [`${word}_LOG_FILE`, 'mysql-bin.000002'],
    [`${word}_LOG_POS`, 4],
    [`${word}_SSL`, ssl],
    [`${word}_SSL_VERIFY_SERVER_CERT`, verify],
    [`${word}_SSL_CA`, file(one.ca)],
    [`${word}_SSL_CAPATH`, file(one.capath)],
    [`${word}_SSL_CERT`, file(cert)],
    [`${word}_SSL_KEY`, file(key)],
    [`${word}_SSL_CRL`, file(one.crl)],
    [`${word}_SSL_CRLPATH`, file(one.crlpath)],
    [`${word}_SSL_CIPHER`, value(one.cipher)],
    [`${word}_TLS_VERSION`, value(one.version)],
    [`${word}_TLS_CIPHERSUITES`, value(one.suites)],
    [`GET_${word}_PUBLIC_KEY`, one.publicKey === 'get' ? 1 : undefined],
    [`${word}_PUBLIC_KEY_PATH`, one.publicKey === 'get' ? undefined : file(one.publicKey)],
  ];
  const words = texts
    .filter(([, text]) => text !== undefined)
    .map(([name, text]) => `${name} = ${typeof text === 'number' ? text : `'${text}'`}`);
  return words.join(', ');
}

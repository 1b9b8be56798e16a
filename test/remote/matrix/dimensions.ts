/** One combination of what the matrix varies. Every field is a key of {@link DIMENSIONS}. */
export interface Combination {
  /** Which SSL option is given. */
  readonly mode: string;
  /** Certificate of the server; `off`: a server without TLS. */
  readonly server: string;
  /** Authorities and revocation lists the client is given. */
  readonly trust: string;
  /** How the client spells the server. */
  readonly host: string;
  readonly client: string;
  /** REQUIRE clause of the account. */
  readonly require: string;
  readonly plugin: string;
  readonly version: string;
  readonly password: string;
  /** Where the options stand. */
  readonly source: string;
}

export type Dimensions = { readonly [Name in keyof Combination]: readonly string[] };
export type MatrixDialect = 'mysql' | 'mariadb';

/** Names of `makePki`'s server certificates. */
const CERTIFICATES = [
  'good',
  'expired',
  'future',
  'otherCa',
  'namesakeCa',
  'chain',
  'selfSigned',
  'wrongName',
  'sanDns',
  'sanIp',
  'wildcard',
  'cnOnly',
  'cnIp',
  'revoked',
  'off',
];

const shared = {
  server: CERTIFICATES,
  trust: ['root', 'none', 'stranger', 'capath', 'crl', 'middleCrl', 'missing'],
  host: ['127.0.0.1', 'localhost', '127.0.1', 'socket'],
  client: ['none', 'alice', 'bob', 'stranger', 'expired', 'mismatch', 'missing'],
  require: ['NONE', 'SSL', 'X509', 'CIPHER12', 'CIPHER13', 'ISSUER', 'SUBJECT'],
  version: ['', 'TLSv1.2', 'TLSv1.3'],
  password: ['right', 'wrong', 'none'],
} as const;

/** What is varied, by whose tool. The first value of each is the plain one. */
export const DIMENSIONS: Readonly<Record<MatrixDialect, Dimensions>> = {
  mysql: {
    ...shared,
    mode: ['', 'DISABLED', 'PREFERRED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'],
    plugin: ['caching_sha2_password', 'sha256_password'],
    source: ['words', 'file', 'login', 'environment'],
  },
  mariadb: {
    ...shared,
    mode: ['', '--skip-ssl', '--ssl', '--ssl-verify-server-cert', '--skip-ssl-verify-server-cert'],
    plugin: ['mysql_native_password', 'ed25519', 'parsec'],
    source: ['words', 'file', 'environment'],
  },
};

const PLAIN_SHARE = 0.8;

const NAMES = Object.keys(DIMENSIONS.mysql) as (keyof Combination)[];

/** Numbers between 0 and 1, the same in every run. */
export function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // The mulberry32 generator.
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What the numbers of a run do not cover by chance: the plain combination, with these fields varied in every way. */
export function product(dimensions: Dimensions, varied: readonly (keyof Combination)[]): Combination[] {
  const plain = Object.fromEntries(
    NAMES.map((name) => [name, dimensions[name][0]!]),
  ) as unknown as Combination;
  return varied.reduce<Combination[]>(
    (all, name) => all.flatMap((one) => dimensions[name].map((value) => ({ ...one, [name]: value }))),
    [plain],
  );
}

/** Combinations in which every value of every field meets every value of every other field at least once. */
export function pairwise(dimensions: Dimensions, seed: number): Combination[] {
  const chance = chances(seed);
  const uncovered = new Set<string>();
  const pair = (a: string, x: string, b: string, y: string): string => `${a}=${x}&${b}=${y}`;
  for (const [index, a] of NAMES.entries()) {
    for (const b of NAMES.slice(index + 1)) {
      for (const x of dimensions[a]) for (const y of dimensions[b]) uncovered.add(pair(a, x, b, y));
    }
  }
  const pairsOf = (one: Combination): string[] =>
    NAMES.flatMap((a, index) => NAMES.slice(index + 1).map((b) => pair(a, one[a], b, one[b])));
  // Mostly plain: where everything varies at once, nothing but the first thing that is wrong shows.
  const random = (): Combination =>
    Object.fromEntries(
      NAMES.map((name) => {
        const index = chance() < PLAIN_SHARE ? 0 : Math.floor(chance() * dimensions[name].length);
        return [name, dimensions[name][index]!];
      }),
    ) as unknown as Combination;
  const rows: Combination[] = [];
  while (uncovered.size > 0) {
    // The best of some: each holds at least one pair that is still missing.
    const [first] = uncovered;
    const wanted = Object.fromEntries(first!.split('&').map((part) => part.split(/=(.*)/s).slice(0, 2)));
    let best: Combination | undefined;
    let most = -1;
    for (let attempt = 0; attempt < 60; attempt += 1) {
      const one = { ...random(), ...wanted };
      const count = pairsOf(one).filter((text) => uncovered.has(text)).length;
      if (count > most) [best, most] = [one, count];
    }
    for (const text of pairsOf(best!)) uncovered.delete(text);
    rows.push(best!);
  }
  return rows;
}

/** Everything the whole matrix runs: blocks of fields that act on each other, varied in every way. */
export function wholeMatrix(dimensions: Dimensions): Combination[] {
  const blocks: readonly (readonly (keyof Combination)[])[] = [
    ['mode', 'server', 'trust', 'host'],
    ['mode', 'client', 'require', 'version'],
    ['plugin', 'require', 'mode', 'password'],
    ['plugin', 'host', 'mode', 'password', 'version'],
    ['source', 'mode', 'trust', 'host'],
    ['source', 'client', 'password'],
  ];
  const all = blocks.flatMap((block) => product(dimensions, block));
  return [...new Map(all.map((one) => [JSON.stringify(NAMES.map((name) => one[name])), one])).values()];
}

/** `server=good mode=REQUIRED …`: what differs from the plain combination. */
export function describeCombination(one: Combination, dimensions: Dimensions): string {
  return NAMES.filter((name) => one[name] !== dimensions[name][0])
    .map((name) => `${name}=${one[name]}`)
    .join(' ');
}

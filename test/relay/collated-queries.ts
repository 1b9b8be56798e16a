import type { chance } from './random-query.ts';

/** Columns and the collations that they compare by: those that most tables have. */
const COLUMNS = {
  mysql: {
    uca9: 'utf8mb4_0900_ai_ci',
    uca4: 'utf8mb4_unicode_ci',
    uca5: 'utf8mb4_unicode_520_ci',
    general: 'utf8mb4_general_ci',
    short: 'utf8mb3_general_ci',
    swedish: 'latin1_swedish_ci',
    bytes: 'utf8mb4_0900_bin',
  },
  mariadb: {
    uca14: 'utf8mb4_uca1400_ai_ci',
    nopad: 'utf8mb4_unicode_nopad_ci',
    general: 'utf8mb4_general_ci',
    short: 'utf8mb3_unicode_ci',
    swedish: 'latin1_swedish_ci',
    bytes: 'utf8mb4_nopad_bin',
  },
} as const;

const LATIN = "aAbBzZäÄéÉèßsSøØæÆñÇ09  \t-_.?'";
const UNICODE = `${LATIN}œΩωλЖжйЙ日本ﾊハは가각ı\u0301①ﬁ`;
const ALL = `${UNICODE}😀😁𠀀`;

const ENUM = ['small', 'Medium', 'large', 'äpfel'];
const SET = ['x', 'y', 'z'];

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A table of random texts, and queries for which it matters what compares as what. */
export class CollatedQueries {
  readonly #pick: ReturnType<typeof chance>;
  readonly #columns: readonly (readonly [name: string, collation: string])[];
  readonly #texts = new Map<string, string[]>();

  constructor(flavor: keyof typeof COLUMNS, pick: ReturnType<typeof chance>) {
    this.#pick = pick;
    this.#columns = Object.entries(COLUMNS[flavor]);
  }

  #one<T>(choices: readonly T[]): T {
    return choices[this.#pick(choices.length)]!;
  }

  #text(collation: string): string {
    const characters = Array.from(
      collation.startsWith('latin1') ? LATIN : collation.startsWith('utf8mb3') ? UNICODE : ALL,
    );
    return Array.from({ length: this.#pick(4) }, () => this.#one(characters)).join('');
  }

  /** What makes and fills `q.c`, `rows` long. */
  tables(rows: number): string[] {
    const columns = this.#columns.map(
      ([name, collation]) =>
        `${name} VARCHAR(20) CHARACTER SET ${collation.slice(0, collation.indexOf('_'))} COLLATE ${collation}`,
    );
    const values = Array.from({ length: rows }, (_, id) => {
      const texts = this.#columns.map(([name, collation]) => {
        if (this.#pick(20) === 0) return 'NULL';
        const text = this.#text(collation);
        this.#texts.set(name, [...(this.#texts.get(name) ?? []), text]);
        return quoted(text);
      });
      const set = SET.filter(() => this.#pick(2) === 0).join(',');
      return `(${[id, ...texts, quoted(this.#one(ENUM)), quoted(set), quoted(`K${id}é`)].join(', ')})`;
    });
    return [
      `CREATE TABLE q.c (id INT PRIMARY KEY, ${columns.join(', ')}, size ENUM(${ENUM.map(quoted).join(', ')}), tags SET(${SET.map(quoted).join(', ')}),
        code VARCHAR(20) COLLATE utf8mb4_general_ci UNIQUE) CHARACTER SET utf8mb4`,
      `INSERT INTO q.c VALUES ${values.join(', ')}`,
    ];
  }

  /** Every kind of query, of every column. Rows have an order in all of them. */
  *queries(): Generator<string> {
    for (const [name, collation] of this.#columns) {
      const known = (): string => quoted(this.#one(this.#texts.get(name) ?? ['']));
      const any = (): string => quoted(this.#text(collation));
      const where = (condition: string): string => `SELECT id FROM q.c WHERE ${condition} ORDER BY id`;
      const like = (): string =>
        quoted(`${this.#one(['', '%', '_'])}${this.#text(collation)}${this.#one(['', '%', '_'])}`);
      yield `SELECT id FROM q.c ORDER BY ${name}, id`;
      yield `SELECT id, ${name} FROM q.c ORDER BY 2 DESC, 1`;
      yield `SELECT COUNT(*), MIN(id) FROM q.c GROUP BY ${name} ORDER BY 2`;
      yield `SELECT COUNT(DISTINCT ${name}) FROM q.c`;
      yield `SELECT COUNT(*) FROM (SELECT DISTINCT ${name} FROM q.c) x`;
      yield `SELECT COUNT(*) FROM (SELECT ${name} FROM q.c UNION SELECT ${name} FROM q.c WHERE id < 50) x`;
      yield `SELECT id, ROW_NUMBER() OVER (PARTITION BY ${name} ORDER BY id) r FROM q.c ORDER BY id`;
      yield `SELECT id, DENSE_RANK() OVER (ORDER BY ${name}) r FROM q.c ORDER BY id`;
      yield where(`${name} = (SELECT MIN(${name}) FROM q.c)`);
      yield where(`${name} = (SELECT MAX(${name}) FROM q.c)`);
      for (const operator of ['=', '<>', '<', '<=', '>', '<=>'])
        yield where(`${name} ${operator} ${known()}`);
      yield where(`${known()} = ${name}`);
      yield where(`${name} IN (${known()}, ${any()}, ${known()})`);
      yield where(`${name} NOT IN (${known()}, ${any()})`);
      yield where(`${name} BETWEEN ${known()} AND ${known()}`);
      yield where(`${name} LIKE ${like()}`);
      yield where(`${name} NOT LIKE ${like()}`);
      yield where(`IFNULL(${name}, ${any()}) = ${known()}`);
      yield where(`CASE ${name} WHEN ${known()} THEN 1 WHEN ${known()} THEN 2 END > 0`);
    }
    yield 'SELECT id, size + 0, tags + 0 FROM q.c ORDER BY id';
    yield 'SELECT id FROM q.c ORDER BY size, tags, id';
    yield 'SELECT size, COUNT(*) FROM q.c GROUP BY size ORDER BY size';
    yield 'SELECT SUM(size), AVG(tags) FROM q.c';
    yield "SELECT id FROM q.c WHERE size = 'LARGE' OR size = 'apfel' ORDER BY id";
    yield 'SELECT id FROM q.c WHERE size > 2 AND tags = 5 ORDER BY id';
    for (const code of ["'K7é'", "'k7E'", "'nobody'"]) yield `SELECT id FROM q.c WHERE code = ${code}`;
    yield "SELECT id FROM q.c WHERE code IN ('K1é', 'k2E', 'k3é', 'none') ORDER BY id";
    yield "SELECT COUNT(*) FROM q.c WHERE NOT code = 'k5e'";
  }
}

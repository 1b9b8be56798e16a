/** Numbers that look like chance and are not: the same seed gives the same queries. */
export function chance(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

/** Statements that make and fill what the queries read: texts in small letters, since a relay compares replicated texts byte by byte. */
export const RANDOM_TABLES: readonly string[] = [
  'CREATE DATABASE q',
  `CREATE TABLE q.a (id INT PRIMARY KEY, n INT, u BIGINT UNSIGNED NOT NULL, d DECIMAL(10,2), f DOUBLE, s VARCHAR(20), t DATETIME,
    KEY (n), KEY (s))`,
  'CREATE TABLE q.b (id INT PRIMARY KEY, a_id INT NOT NULL, n SMALLINT NOT NULL, s VARCHAR(20) NOT NULL, w DECIMAL(6,3) NOT NULL)',
  `INSERT INTO q.a VALUES (1, 5, 10, 9.50, 0.5, 'ab', '2026-01-02 03:04:05'), (2, NULL, 0, NULL, NULL, NULL, NULL),
    (3, -7, 4000000000, -100.25, 1.25, 'b', '2025-12-31 23:59:59'), (4, 5, 1, 0.00, -3, '12', '2024-02-29 00:00:00'),
    (5, 0, 7, 1234567.89, 1e10, '', '2026-11-21 12:00:00'), (6, 100, 3, 9.50, 0.25, 'abc', '2026-01-02 03:04:06')`,
  `INSERT INTO q.b VALUES (1, 1, 1, 'x', 1.5), (2, 1, 2, 'y', 0.125), (3, 3, 3, 'x', 99.999), (4, 9, 4, 'ab', -1), (5, 4, 5, '12', 0)`,
];

type Pick = (below: number) => number;

/** One query over those tables. */
export class RandomQuery {
  readonly #pick: Pick;

  constructor(pick: Pick) {
    this.#pick = pick;
  }

  #one<T>(...choices: readonly T[]): T {
    return choices[this.#pick(choices.length)]!;
  }

  /** A number of tables `x` (a) and, where `joined`, `y` (b). */
  #number(depth: number, joined: boolean): string {
    if (depth <= 0 || this.#pick(4) === 0)
      return this.#one(
        'x.id',
        'x.n',
        'x.d',
        'x.f',
        '3',
        '0',
        '(-2)',
        '1.50',
        '0.25',
        'NULL',
        ...(joined ? ['y.n', 'y.w', 'y.a_id'] : []),
      );
    const left = (): string => this.#number(depth - 1, joined);
    return this.#one(
      () => `${left()} ${this.#one('+', '-', '*')} ${left()}`,
      () => `(${left()}) ${this.#one('+', '-', '*', '/', '%', 'DIV', 'MOD')} (${left()})`,
      () => `-(${left()})`,
      () => `ABS(${left()})`,
      () => `IFNULL(${left()}, ${left()})`,
      () => `COALESCE(${left()}, ${left()}, 1)`,
      () => `IF(${this.#condition(depth - 1, joined)}, ${left()}, ${left()})`,
      () => `CASE WHEN ${this.#condition(depth - 1, joined)} THEN ${left()} ELSE ${left()} END`,
      () => `CASE ${left()} WHEN ${left()} THEN ${left()} END`,
      () => `ROUND(${left()}, ${this.#one('0', '1', '2')})`,
      () => `FLOOR(${left()})`,
      () => `CEIL(${left()})`,
      () => `SIGN(${left()})`,
      () => `LENGTH(${this.#text(depth - 1, joined)})`,
      () => `CHAR_LENGTH(${this.#text(depth - 1, joined)})`,
      () => `GREATEST(${left()}, ${left()})`,
      () => `NULLIF(${left()}, ${left()})`,
      () => `CAST(${left()} AS SIGNED)`,
      () => `(x.id ${this.#one('&', '|', '^', '<<')} ${this.#one('1', '2', 'x.id')})`,
      () => `${this.#one('YEAR', 'MONTH', 'DAYOFMONTH', 'HOUR')}(x.t)`,
      () => `DATEDIFF(x.t, '2026-01-01')`,
      () => `${this.#one('WEEK', 'YEARWEEK')}(x.t, ${this.#one('0', '1', '3')})`,
      () => `OCTET_LENGTH(${this.#text(depth - 1, joined)})`,
      () => `(${this.#condition(depth - 1, joined)})`,
    )();
  }

  #text(depth: number, joined: boolean): string {
    if (depth <= 0 || this.#pick(3) === 0)
      return this.#one('x.s', "'ab'", "''", "'12'", 'NULL', ...(joined ? ['y.s', "'x'"] : []));
    const text = (): string => this.#text(depth - 1, joined);
    return this.#one(
      () => `CONCAT(${text()}, ${text()})`,
      () => `CONCAT(${text()}, ${this.#one('x.id', 'x.n', 'x.d')})`,
      () => `CONCAT_WS('-', ${text()}, ${text()})`,
      () => `UPPER(${text()})`,
      () => `REPLACE(${text()}, 'a', 'z')`,
      () => `SUBSTRING(${text()}, ${this.#one('1', '2', '-1')}, 2)`,
      () => `LEFT(${text()}, 1)`,
      () => `LPAD(${text()}, 4, '.')`,
      () => `TRIM(LEADING 'a' FROM ${text()})`,
      () => `IFNULL(${text()}, ${text()})`,
      () => `IF(${this.#condition(depth - 1, joined)}, ${text()}, ${text()})`,
      () => `REVERSE(${text()})`,
      () => `DATE_FORMAT(x.t, '${this.#one('%Y/%m', '%x-%v %D %U')}')`,
      () => `CAST(${this.#one('x.d', 'x.f', 'x.n', 'x.t')} AS CHAR)`,
      () => `CONV(${this.#one('x.id', 'x.n')}, 10, ${this.#one('2', '16', '-36')})`,
      () => `SOUNDEX(${text()})`,
      () => `SHA2(${text()}, 256)`,
      () => `HEX(${text()})`,
      () => `NULLIF(${text()}, ${text()})`,
    )();
  }

  #condition(depth: number, joined: boolean): string {
    const number = (): string => this.#number(depth - 1, joined);
    const text = (): string => this.#text(depth - 1, joined);
    const condition = (): string => this.#condition(depth - 1, joined);
    if (depth <= 0) return this.#one('x.n > 0', 'x.id <> 3', "x.s = 'ab'", 'x.d IS NULL', 'TRUE');
    return this.#one(
      () => `${number()} ${this.#one('=', '<', '<=', '>', '>=', '<>', '!=', '<=>')} ${number()}`,
      () => `${text()} ${this.#one('=', '<', '>', '<>', '<=>')} ${text()}`,
      () => `(${condition()}) ${this.#one('AND', 'OR', 'XOR', '&&')} (${condition()})`,
      () => `${condition()} AND ${condition()}`,
      () => `NOT (${condition()})`,
      () => `${number()} IS ${this.#one('', 'NOT ')}NULL`,
      () => `(${condition()}) IS ${this.#one('', 'NOT ')}${this.#one('TRUE', 'FALSE', 'UNKNOWN')}`,
      () => `${number()} ${this.#one('', 'NOT ')}BETWEEN ${number()} AND ${number()}`,
      () => `${number()} ${this.#one('', 'NOT ')}IN (${number()}, 5, ${number()})`,
      () => `${text()} IN ('ab', ${text()})`,
      () => `${text()} ${this.#one('', 'NOT ')}LIKE ${this.#one("'a%'", "'_b%'", "'%1%'", "''")}`,
      () => `x.s REGEXP ${this.#one("'^a'", "'b$'", "'[0-9]'")}`,
      () => `EXISTS (SELECT 1 FROM q.b z WHERE z.a_id = x.id AND z.n > ${this.#one('0', '1', '2')})`,
      () => `x.id ${this.#one('', 'NOT ')}IN (SELECT z.a_id FROM q.b z WHERE z.n < ${this.#one('3', '5')})`,
      () =>
        `${number()} ${this.#one('>', '<=', '=', '<>')} ${this.#one('ALL', 'ANY', 'SOME')} (SELECT z.${this.#one('n', 'a_id', 'w')} FROM q.b z WHERE z.n ${this.#one('> 9', '< 4', '<> x.id')})`,
      () => `x.n = ${this.#one("'5'", "'abc'", "'0'")}`,
      () => `x.t ${this.#one('<', '>=')} '2026-01-02 03:04:05'`,
      () => `x.t + INTERVAL ${this.#one('1 DAY', '2 MONTH', '36 HOUR')} > '2026-01-01 00:00:00'`,
    )();
  }

  #value(joined: boolean): string {
    return this.#one(
      () => this.#number(3, joined),
      () => this.#number(2, joined),
      () => this.#text(2, joined),
      () => this.#condition(2, joined),
      () =>
        `(SELECT ${this.#one('COUNT(*)', 'MAX(z.n)', 'SUM(z.w)', 'MIN(z.s)')} FROM q.b z WHERE z.a_id = x.id)`,
    )();
  }

  #from(joined: boolean): string {
    if (!joined) return 'q.a x';
    return this.#one(
      'q.a x JOIN q.b y ON y.a_id = x.id',
      'q.a x LEFT JOIN q.b y ON y.a_id = x.id AND y.n > 1',
      'q.a x, q.b y',
      'q.b y RIGHT JOIN q.a x ON x.id = y.a_id',
      'q.a x INNER JOIN (SELECT a_id, n, s, w FROM q.b WHERE n < 5) y ON x.id >= y.n',
    );
  }

  /** Without an order, whose rows may come in any. */
  query(): string {
    const joined = this.#pick(3) === 0;
    const where = this.#pick(3) === 0 ? '' : ` WHERE ${this.#condition(3, joined)}`;
    const from = this.#from(joined);
    return this.#one(
      () => `SELECT ${this.#value(joined)}, ${this.#value(joined)} AS v, x.id FROM ${from}${where}`,
      () => `SELECT DISTINCT ${this.#value(joined)} FROM ${from}${where}`,
      () => this.#grouped(joined, from, where),
      () => this.#grouped(joined, from, where),
      () =>
        `SELECT ${this.#value(false)} AS v FROM q.a x UNION ${this.#one('', 'ALL ')}SELECT ${this.#one('n', 's', 'id', 'w')} FROM q.b`,
      () =>
        `WITH c AS (SELECT x.id, ${this.#value(joined)} AS v FROM ${from}${where}) SELECT id, v FROM c WHERE id < 5`,
      () =>
        `SELECT x.id, ${this.#value(false)} AS v FROM q.a x ORDER BY (${this.#number(1, false)}) + 1, x.id${this.#one('', ' DESC')} LIMIT ${this.#pick(5)}`,
      () =>
        `SELECT x.id, ${this.#number(2, false)} AS v FROM q.a x ORDER BY ${this.#one('v', '2', 'v DESC')}, x.id LIMIT 3`,
      () =>
        `SELECT x.id, ${this.#one('ROW_NUMBER()', 'RANK()', 'SUM(x.n)', 'COUNT(*)', 'LAG(x.n)', 'MAX(x.d)')} OVER (${this.#one('', 'PARTITION BY x.n ')}ORDER BY x.id) AS w FROM q.a x`,
    )();
  }

  #grouped(joined: boolean, from: string, where: string): string {
    const key = this.#one('x.n', 'x.s', 'x.id MOD 2', 'x.d', 'YEAR(x.t)');
    const aggregate = (): string =>
      this.#one(
        () => 'COUNT(*)',
        () => `COUNT(${this.#number(1, joined)})`,
        () => `COUNT(DISTINCT ${this.#one('x.n', 'x.s', 'x.d')})`,
        () => `SUM(${this.#number(2, joined)})`,
        () => `AVG(${this.#number(1, joined)})`,
        () => `MIN(${this.#number(2, joined)})`,
        () => `MAX(${this.#text(1, joined)})`,
        () => `GROUP_CONCAT(x.id ORDER BY x.id SEPARATOR '/')`,
        () => `MAX(x.t)`,
        () => this.#one('STD(x.n)', 'STDDEV_SAMP(x.d)', 'VARIANCE(x.n)', 'VAR_SAMP(x.d)'),
        () => this.#one('BIT_OR(x.id)', 'BIT_AND(x.n)', 'BIT_XOR(x.u)'),
      )();
    const having = this.#pick(3) === 0 ? ` HAVING COUNT(*) > ${this.#pick(3)}` : '';
    return `SELECT ${key} AS k, ${aggregate()} AS v, ${aggregate()} FROM ${from}${where} GROUP BY ${key}${having}`;
  }
}

import type { chance } from './random-query.ts';

/** Columns of q.m, and the digits of a second that they have. */
const DATES = { d: undefined, dt: 0, d3: 3, ts: 0 } as const;
const TIMES = { t: 0, t2: 2 } as const;

/** What is computed of them: dates and times by their types, too. */
const COMPUTED: readonly string[] = [
  'DATE(dt), LAST_DAY(dt), MAKEDATE(2025, id), FROM_DAYS(739000 + id)',
  'TIME(dt), TIMEDIFF(dt, dt), SEC_TO_TIME(id), SEC_TO_TIME(id + 0.5), MAKETIME(1, 2, 3), MAKETIME(1, 2, 3.5)',
  "TIMESTAMP(d), TIMESTAMP(dt, t), FROM_UNIXTIME(id + 1), FROM_UNIXTIME(id + 1.25), CONVERT_TZ(dt, '+00:00', '+01:00')",
  'dt + INTERVAL 1 DAY, d + INTERVAL 1 DAY, d + INTERVAL 1 HOUR, d3 - INTERVAL 1 SECOND, t + INTERVAL 1 HOUR',
  "ADDTIME(dt, '1:00:00'), SUBTIME(t, '0:30:00'), DATE_ADD(d, INTERVAL 1 MONTH), STR_TO_DATE('1.2.2025', '%d.%m.%Y'), STR_TO_DATE('10:11', '%H:%i')",
  "CAST('2025-01-02' AS DATETIME(2)), CAST('10:00' AS TIME), DATE '2025-01-01', TIMESTAMP '2025-01-01 00:00:00.5', TIME '1:2'",
  'TIMESTAMPADD(DAY, 1, d), TIMESTAMPADD(HOUR, 1, d), TIMESTAMPADD(MINUTE, 1, dt), LAG(dt) OVER (ORDER BY id), NULLIF(dt, d)',
];

const two = (value: number): string => String(value).padStart(2, '0');
const quoted = (text: string): string => `'${text}'`;

/** Tables of dates and times that are often alike, and queries for which it matters how they are written. */
export class MomentQueries {
  readonly #pick: ReturnType<typeof chance>;

  constructor(pick: ReturnType<typeof chance>) {
    this.#pick = pick;
  }

  #one<T>(...choices: readonly T[]): T {
    return choices[this.#pick(choices.length)]!;
  }

  #date(): [year: number, month: number, day: number] {
    return [this.#one(2024, 2025), this.#one(1, 2, 12), this.#one(1, 2, 10)];
  }

  #time(): [hour: number, minute: number, second: number] {
    return [this.#one(0, 0, 9, 10), this.#one(0, 0, 5), this.#one(0, 0, 7)];
  }

  #fraction(digits: number): string {
    return digits === 0 || this.#pick(2) === 0 ? '' : `.${this.#one('5', '25', '05').slice(0, digits)}`;
  }

  /** As a column keeps it. */
  #kept(digits: number | undefined): string {
    if (this.#pick(15) === 0) return 'NULL';
    const [year, ...rest] = this.#date();
    const date = [year, ...rest.map(two)].join('-');
    if (digits === undefined) return quoted(date);
    return quoted(`${date} ${this.#time().map(two).join(':')}${this.#fraction(digits)}`);
  }

  #keptTime(digits: number): string {
    if (this.#pick(15) === 0) return 'NULL';
    const [hour, ...rest] = this.#time();
    const text = [hour + this.#one(0, 0, 100), ...rest].map(two).join(':');
    return quoted(`${this.#one('', '', '-')}${text}${this.#fraction(digits)}`);
  }

  /** As people write it; with a fraction only where a column has such: to look for more digits in an index, MariaDB cuts them. */
  #written(digits = 0): string {
    const parts = this.#date();
    const date = parts.map((part) => this.#one(String(part), two(part))).join('-');
    const time = this.#time();
    return this.#one<() => string>(
      () => quoted(date),
      () => quoted(date),
      () => quoted(`${date} ${time.join(':')}`),
      () => quoted(`${date} ${time.map(two).join(':')}${this.#fraction(digits)}`),
      () => quoted(`${date}T${time.slice(0, 2).map(two).join(':')}`),
      () => quoted(parts.map(two).join('')),
      () => `DATE '${date}'`,
      () => `TIMESTAMP '${date} ${time.join(':')}'`,
      () => `CAST('${date}' AS DATE)`,
      () => `CAST('${date} ${time.join(':')}' AS DATETIME(${this.#pick(4)}))`,
      () => `CONCAT('${parts[0]}', '${date.slice(4)}')`,
      () => `DATE '${date}' + INTERVAL ${this.#pick(40)} ${this.#one('DAY', 'HOUR', 'MONTH')}`,
    )();
  }

  #writtenTime(): string {
    const [hour, ...rest] = this.#time();
    const text = [hour, ...rest].join(':');
    return this.#one(
      quoted(text),
      quoted(`${two(hour)}:${two(rest[0])}`),
      quoted(`-${text}`),
      `TIME '${text}'`,
    );
  }

  /** What makes and fills `q.m` and `q.n`. */
  tables(rows: number): string[] {
    const values = (): string =>
      [
        ...Object.values(DATES).map((digits) => this.#kept(digits)),
        ...Object.values(TIMES).map((digits) => this.#keptTime(digits)),
      ].join(', ');
    const fill = (table: string, columns: string, row: () => string, count: number): string =>
      `INSERT INTO q.${table} (id, ${columns}) VALUES ${Array.from({ length: count }, (_, id) => `(${id}, ${row()})`).join(', ')}`;
    return [
      `CREATE TABLE q.m (id INT PRIMARY KEY, d DATE, dt DATETIME, d3 DATETIME(3), ts TIMESTAMP NULL, t TIME, t2 TIME(2),
        KEY (d), KEY (dt), KEY (t)) CHARACTER SET utf8mb4`,
      'CREATE TABLE q.n (id INT PRIMARY KEY, day DATE, at DATETIME, dt DATE, KEY (day), KEY (at), KEY (dt)) CHARACTER SET utf8mb4',
      fill('m', 'd, dt, d3, ts, t, t2', values, rows),
      fill(
        'n',
        'day, at, dt',
        () => [this.#kept(undefined), this.#kept(0), this.#kept(undefined)].join(', '),
        30,
      ),
    ];
  }

  /**
   * Rows have an order in all of them. With an index on a column, MariaDB 11 takes its DATE() for what it compares with: that has no time of day here.
   */
  *queries(): Generator<string> {
    const where = (condition: string): string => `SELECT id FROM q.m WHERE ${condition} ORDER BY id`;
    for (const [name, digits] of Object.entries(DATES)) {
      const written = (): string => this.#written(digits);
      const other = this.#one('d', 'dt', 'd3', 'ts');
      for (const operator of ['=', '<>', '<', '<=', '>', '>=', '<=>']) {
        yield where(`${name} ${operator} ${written()}`);
        yield where(`${name} ${operator} ${other}`);
        yield where(`DATE(${name}) ${operator} ${quoted(this.#date().join('-'))}`);
      }
      yield where(`${written()} <= ${name}`);
      yield where(`${name} ${this.#one('=', '<', '>=')} ${this.#date().map(two).join('')}`);
      yield where(`${name} BETWEEN ${quoted(this.#date().join('-'))} AND ${written()}`);
      yield where(`${name} NOT IN (${written()}, ${written()})`);
      yield where(`${name} IN (SELECT ${this.#one('day', 'at', 'n.dt')} FROM q.n)`);
      yield where(`${name} >= ANY (SELECT ${this.#one('day', 'at')} FROM q.n WHERE id < 3)`);
      yield where(
        `(id, ${name}) IN (SELECT m.id, ${this.#one('day', 'at')} FROM q.m JOIN q.n ON m.id = n.id)`,
      );
      yield where(`(${name}, 1) = (${written()}, 1)`);
      yield where(`NULLIF(${name}, ${written()}) IS NULL`);
      yield where(`CASE ${name} WHEN ${written()} THEN 1 WHEN ${written()} THEN 2 END > 0`);
      yield `SELECT m.id, n.id FROM q.m JOIN q.n ON m.${name} = n.${this.#one('day', 'at', 'dt')} ORDER BY 1, 2`;
      yield `SELECT m.id, n.id FROM q.m JOIN q.n ON m.${name} < n.${this.#one('day', 'at', 'dt')} WHERE m.id < 20 ORDER BY 1, 2`;
      yield `SELECT id, COALESCE(${name}, ${other}), IF(id < 9, ${name}, ${other}), LEAST(${name}, ${other}), GREATEST(${other}, ${name}) FROM q.m ORDER BY id`;
      yield `SELECT ${name} FROM q.m UNION SELECT ${other} FROM q.m ORDER BY 1`;
      yield `SELECT MAX(${name}) > ${written()}, MIN(${name}) FROM q.m`;
    }
    for (const name of Object.keys(TIMES)) {
      const other = this.#one('t', 't2');
      for (const operator of ['=', '<>', '<', '<=', '>', '>=']) {
        yield where(`${name} ${operator} ${this.#writtenTime()}`);
        yield where(`${name} ${operator} ${other}`);
      }
      yield where(`${name} BETWEEN ${this.#writtenTime()} AND ${this.#writtenTime()}`);
      yield where(`${name} IN (${this.#writtenTime()}, ${this.#writtenTime()})`);
      yield `SELECT id, ${name} FROM q.m ORDER BY ${name}, id`;
      yield `SELECT MIN(${name}), MAX(${name}) FROM q.m`;
      yield `SELECT id, MAX(${name}) OVER (ORDER BY id) FROM q.m ORDER BY id`;
      yield `SELECT id, RANK() OVER (ORDER BY ${name} DESC) r FROM q.m ORDER BY id`;
    }
    for (const values of COMPUTED) yield `SELECT id, ${values} FROM q.m ORDER BY id`;
    yield 'SELECT MAX(dt), MIN(d3), MAX(d), MAX(t), MIN(t2), MAX(ts) FROM q.m';
    yield 'SELECT x.a, x.b FROM (SELECT MAX(dt) a, DATE(MIN(d3)) b FROM q.m) x';
  }
}

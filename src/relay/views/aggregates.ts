import { ServerError } from '../../errors/index.ts';
import type { SqliteDatabase, SqliteValue } from '../../store/index.ts';
import { orderedSum } from './long-decimals.ts';
import { integerOf, MOST, numberOf } from './numbers.ts';

/** Numbers seen so far: how many, their mean, and the sum of squares of what they differ from it by. */
interface Spread {
  count: number;
  mean: number;
  squares: number;
}

const BITS = 64;
/** What becomes of nothing, and of two numbers, of 64 bits. */
const OF_BITS: Readonly<Record<string, readonly [bigint, (a: bigint, b: bigint) => bigint]>> = {
  mysql_bit_and: [2n ** 64n - 1n, (a, b) => a & b],
  mysql_bit_or: [0n, (a, b) => a | b],
  mysql_bit_xor: [0n, (a, b) => a ^ b],
};

/** What is divided by to make a variance of a population, or of a sample. */
const DIVISORS: Readonly<Record<string, (count: number) => number>> = {
  pop: (count) => count,
  samp: (count) => count - 1,
};

/** MySQL's aggregates of numbers that SQLite has not. Their states are found by number: bindings keep numbers between rows, and not every one of them keeps objects. */
export class Aggregates {
  readonly #spreads: Spread[] = [];
  readonly #bits: bigint[] = [];
  readonly #sums: (string | undefined)[] = [];
  readonly #only: (SqliteValue | undefined)[] = [];

  /** Forgets what a query has collected. */
  clear(): void {
    this.#spreads.length = 0;
    this.#bits.length = 0;
    this.#only.length = 0;
    this.#sums.length = 0;
  }

  register(database: SqliteDatabase): void {
    this.#onlyOne(database);
    database.aggregate('mysql_digits_sum', {
      start: () => this.#sums.push(undefined) - 1,
      step: (at, value) => {
        if (typeof value !== 'string') return at;
        const before = this.#sums[at];
        this.#sums[at] = before === undefined ? value : orderedSum(before, value);
        return at;
      },
      result: (at) => this.#sums[at] ?? null,
    });
    for (const [kind, divisor] of Object.entries(DIVISORS)) {
      this.#spread(database, `mysql_var_${kind}`, divisor, (variance) => variance);
      this.#spread(database, `mysql_stddev_${kind}`, divisor, Math.sqrt);
    }
    for (const [name, [start, join]] of Object.entries(OF_BITS))
      database.aggregate(name, {
        useBigIntArguments: true,
        start: () => this.#bits.push(start) - 1,
        step: (at, value) => {
          if (value !== null && value !== undefined)
            this.#bits[at] = join(this.#bits[at]!, BigInt.asUintN(BITS, integerOf(value)));
          return at;
        },
        // SQLite has no larger whole numbers than a BIGINT: they go on as text.
        result: (at) => (this.#bits[at]! > MOST ? String(this.#bits[at]) : this.#bits[at]!),
      });
  }

  /** The value of a query within another, which has one row at most. @throws ServerError 1242 */
  #onlyOne(database: SqliteDatabase): void {
    database.aggregate('mysql_only', {
      useBigIntArguments: true,
      start: () => this.#only.push(undefined) - 1,
      step: (at, value) => {
        // ER_SUBQUERY_NO_1_ROW
        if (this.#only[at] !== undefined)
          throw new ServerError(1242, '21000', 'Subquery returns more than 1 row');
        this.#only[at] = value ?? null;
        return at;
      },
      result: (at) => {
        const value = this.#only[at] ?? null;
        // A query for each row of another has a group for each: the last one's place is the next one's.
        if (at === this.#only.length - 1) this.#only.pop();
        return value;
      },
    });
  }

  #spread(
    database: SqliteDatabase,
    name: string,
    divisor: (count: number) => number,
    finish: (variance: number) => number,
  ): void {
    database.aggregate(name, {
      useBigIntArguments: true,
      start: () => this.#spreads.push({ count: 0, mean: 0, squares: 0 }) - 1,
      step: (at, value) => {
        if (value !== null && value !== undefined) add(this.#spreads[at]!, value);
        return at;
      },
      result: (at) => {
        const { count, squares } = this.#spreads[at]!;
        const by = divisor(count);
        return by > 0 ? finish(squares / by) : null;
      },
    });
  }
}

/** Welford's way, which is the servers': it stays exact where numbers are large and alike. */
function add(spread: Spread, value: SqliteValue): void {
  const number = numberOf(value);
  const before = number - spread.mean;
  spread.count += 1;
  spread.mean += before / spread.count;
  spread.squares += before * (number - spread.mean);
}

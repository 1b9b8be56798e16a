import { ServerError } from '../../errors/index.ts';
import type { SqliteDatabase, SqliteValue } from '../../store/index.ts';
import { type Exact, exactOf, exactText, negative, sum } from './exact.ts';
import { integerOf, MOST, numberOf } from './numbers.ts';

/** Numbers seen so far: how many, their mean, and the sum of squares of what they differ from it by. */
interface Spread {
  count: number;
  mean: number;
  squares: number;
}

/** Decimals seen so far. */
interface Total {
  sum: Exact;
  count: number;
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
  readonly #totals: Total[] = [];
  /** Places of totals that have ended. */
  readonly #free: number[] = [];
  readonly #only: (SqliteValue | undefined)[] = [];

  /** Forgets what a query has collected. */
  clear(): void {
    this.#spreads.length = 0;
    this.#bits.length = 0;
    this.#only.length = 0;
    this.#totals.length = 0;
    this.#free.length = 0;
  }

  register(database: SqliteDatabase): void {
    this.#onlyOne(database);
    this.#exactSum(database);
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

  /** The sum of decimals with all of their digits; a window takes back what it leaves behind. */
  #exactSum(database: SqliteDatabase): void {
    const added = (at: number, value: SqliteValue | undefined, sign: 1 | -1): number => {
      if (value === null || value === undefined) return at;
      const total = this.#totals[at]!;
      const number = exactOf(value);
      total.sum = sum(total.sum, sign === 1 ? number : negative(number));
      total.count += sign;
      return at;
    };
    const start = (): number => {
      const at = this.#free.pop() ?? this.#totals.length;
      this.#totals[at] = { sum: { digits: 0n, scale: 0 }, count: 0 };
      return at;
    };
    const result = (at: number): SqliteValue => {
      const { sum: total, count } = this.#totals[at]!;
      return count === 0 ? null : exactText(total);
    };
    const step = (at: number, value?: SqliteValue): number => added(at, value, 1);
    database.aggregate('mysql_exact_sum', {
      useBigIntArguments: true,
      start,
      step,
      // A query for each row of another has a group for each: the place of one that has ended is the next one's.
      result: (at) => {
        this.#free.push(at);
        return result(at);
      },
    });
    database.aggregate('mysql_exact_window_sum', {
      useBigIntArguments: true,
      start,
      step,
      inverse: (at, value) => added(at, value, -1),
      result,
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

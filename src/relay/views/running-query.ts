import type { Flavor } from '../../charset/index.ts';
import { ServerError } from '../../errors/index.ts';
import type { SqliteDatabase, SqliteValue } from '../../store/index.ts';
import { Aggregates } from './aggregates.ts';
import { textOf } from './numbers.ts';
import type { QueryContext } from './query-context.ts';
import { tooSlow } from './refusals.ts';

/** Characters that the aggregates of a query may collect: what they make of them is in memory, whole. */
const MAX_COLLECTED = 16 * 1024 * 1024;
/** Rows that WITH RECURSIVE may go through, however shallow it is. */
const MAX_RECURSIVE_ROWS = 10_000;

/** What functions ask a session for. */
export const ASKED_VARIABLES = {
  mysql: ['cte_max_recursion_depth', 'group_concat_max_len'],
  mariadb: ['max_recursive_iterations', 'group_concat_max_len'],
} as const;

type AskedContext = Pick<QueryContext, 'flavor' | 'variable' | 'warn'>;

/** What functions have to know of the query that runs: its limits, and whom to tell. */
export class RunningQuery {
  #context: AskedContext | undefined;
  #steps = 0;
  #endsAt = Number.POSITIVE_INFINITY;
  /** What aggregates collect, by number: bindings keep numbers between rows, and not every one of them keeps objects. */
  readonly #groups: string[][] = [];
  #collected = 0;
  readonly #aggregates = new Aggregates();

  /** `mostMs`: how long its functions may compute, where nobody can interrupt them. */
  begin(context: AskedContext, mostMs: number = Number.POSITIVE_INFINITY): void {
    this.#context = context;
    this.#endsAt = performance.now() + mostMs;
    this.#steps = 0;
    this.#collected = 0;
    this.#groups.length = 0;
    this.#aggregates.clear();
  }

  /** A function is called. @throws ServerError 3024 it has taken too long */
  goOn(): void {
    if (this.#endsAt !== Number.POSITIVE_INFINITY && performance.now() > this.#endsAt) throw tooSlow();
  }

  #setting(name: (typeof ASKED_VARIABLES)[Flavor][number], otherwise: number): number {
    const value = this.#context?.variable({ kind: 'system', scope: undefined, name });
    return typeof value === 'number' ? value : otherwise;
  }

  /** Registers what depends on it. */
  register(database: SqliteDatabase): void {
    this.#aggregates.register(database);
    database.function('mysql_recursion', { varargs: true, deterministic: false }, (depth = null) =>
      this.#goesOn(Number(depth)),
    );
    database.function(
      'mysql_joined',
      { varargs: true, deterministic: false },
      (values = null, separator = null) =>
        values === null ? null : this.#joined(JSON.parse(textOf(values)) as string[], textOf(separator)),
    );
    database.aggregate('mysql_collected', {
      useBigIntArguments: true,
      start: () => this.#groups.push([]) - 1,
      step: (at, value) => this.#collect(at, value),
      result: (at) => {
        const parts = this.#groups[at]!;
        return parts.length === 0 ? null : JSON.stringify(parts);
      },
    });
  }

  #collect(at: number, value: SqliteValue | undefined): number {
    if (value === null || value === undefined) return at;
    const text = textOf(value);
    this.#collected += text.length;
    if (this.#collected > MAX_COLLECTED)
      throw new ServerError(1153, '08S01', `Got groups bigger than ${MAX_COLLECTED} bytes; name fewer rows`);
    this.#groups[at]!.push(text);
    return at;
  }

  /** Whether a recursion goes on behind a row of this depth. @throws ServerError 3636 it is too deep, in MySQL */
  #goesOn(depth: number): SqliteValue {
    const isMariadb = this.#context?.flavor === 'mariadb';
    const most = isMariadb
      ? this.#setting('max_recursive_iterations', 1000)
      : this.#setting('cte_max_recursion_depth', 1000);
    this.#steps += 1;
    // MariaDB ends there and says nothing.
    if (isMariadb && this.#steps <= MAX_RECURSIVE_ROWS) return depth < most ? 1 : 0;
    if (depth + 1 < most && this.#steps <= MAX_RECURSIVE_ROWS) return 1;
    const count = this.#steps > MAX_RECURSIVE_ROWS ? MAX_RECURSIVE_ROWS : most + 1;
    throw new ServerError(
      3636,
      'HY000',
      `Recursive query aborted after ${count} iterations. Try increasing @@cte_max_recursion_depth to a larger value.`,
    );
  }

  /** GROUP_CONCAT, cut where group_concat_max_len says, between characters. */
  #joined(parts: readonly string[], separator: string): string {
    const most = this.#setting('group_concat_max_len', 1024);
    let length = 0;
    let text = '';
    for (const [i, part] of parts.entries()) {
      text += i === 0 ? part : separator + part;
      length += Buffer.byteLength(part) + (i === 0 ? 0 : Buffer.byteLength(separator));
      if (length <= most) continue;
      const name = this.#context?.flavor === 'mariadb' ? 'group_concat' : 'GROUP_CONCAT';
      this.#context?.warn?.(1260, `Row ${i + 1} was cut by ${name}()`);
      const bytes = Buffer.from(text);
      let end = most;
      while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end -= 1;
      return bytes.toString('utf8', 0, end);
    }
    return text;
  }
}

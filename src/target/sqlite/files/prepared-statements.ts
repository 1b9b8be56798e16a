import type { SqliteDatabase, SqliteStatement } from '../../../store/index.ts';

/** Statements of a database, each prepared once. The memory of one that nobody has any more is free only when it is collected. */
export class PreparedStatements {
  readonly #database: SqliteDatabase;
  readonly #most: number;
  readonly #known = new Map<string, SqliteStatement>();
  #age = 0;

  /** `most`: how many are kept; with one more they are all forgotten. */
  constructor(database: SqliteDatabase, most: number = Number.POSITIVE_INFINITY) {
    this.#database = database;
    this.#most = most;
  }

  /** How often they were forgotten. Whoever keeps one himself gives it up when this has changed. */
  get age(): number {
    return this.#age;
  }

  of(sql: string): SqliteStatement {
    let statement = this.#known.get(sql);
    if (statement === undefined) {
      if (this.#known.size >= this.#most) this.forget();
      statement = this.#database.prepare(sql);
      this.#known.set(sql, statement);
    }
    return statement;
  }

  forget(): void {
    this.#known.clear();
    this.#age += 1;
  }
}

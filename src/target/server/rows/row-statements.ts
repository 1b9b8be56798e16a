import { RowReader, RowsFlag } from '../../../binlog/index.ts';
import type { ResultSet } from '../../../connection/index.ts';
import type { RowsOfTable } from '../../target.ts';
import type { CountConflicts, StatementMeaning } from '../session/unsent-statements.ts';
import { COUNTERS } from './conflict-count.ts';
import { demanded } from './demanded.ts';
import type { RowChange } from './row-change.ts';
import type { TableRows } from './table-rows.ts';

/** Characters of a statement that no more rows are added to. */
const STATEMENT_LENGTH = 64 * 1024;

const STRICT = "'STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'";
const LENIENT = "'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'";

/** The session that rows are written by: values are taken as they are, or refused. */
export function rowSession(flags: number, isStrict: boolean): Readonly<Record<string, string>> {
  const isUnchecked = (flags & (RowsFlag.NO_FOREIGN_KEY_CHECKS | RowsFlag.USE_SQL_FOREIGN_KEY)) !== 0;
  return {
    character_set_client: 'utf8mb4',
    collation_connection: 'utf8mb4_bin',
    sql_mode: isStrict ? STRICT : LENIENT,
    time_zone: "'+00:00'",
    foreign_key_checks: isUnchecked ? '0' : '1',
    unique_checks: '1',
    // Of MariaDB alone: MySQL holds every row against its checks.
    check_constraint_checks: (flags & RowsFlag.NO_CHECK_CONSTRAINT_CHECKS) === 0 ? '1' : '0',
  };
}

/** Fails unless the statement before it found so many rows. */
const counted = (rows: number): string => demanded(`ROW_COUNT() = ${rows}`);

/** A statement, and the session it wants. */
export interface RowStatement extends StatementMeaning {
  readonly sql: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** Turns rows into statements, as many rows of a kind into one as come together. */
export class RowStatements {
  #done: RowStatement[] = [];
  #first: RowChange | undefined;
  #texts: string[] = [];
  /** Their characters. */
  #textLength = 0;
  #length = 0;
  #flags = 0;
  #table!: TableRows;

  /** Characters gathered. */
  get length(): number {
    return this.#length;
  }

  add({ rows, map }: RowsOfTable, table: TableRows): void {
    const reader = new RowReader(rows, map);
    while (reader.next()) {
      const { before, after } = reader;
      if (before === undefined)
        for (const change of table.insert(after!)) this.#put(table, rows.flags, change);
      else if (after === undefined) this.#put(table, rows.flags, table.delete(before));
      else for (const change of table.update(before, after)) this.#put(table, rows.flags, change);
    }
  }

  /** The same of updates whose documents before may have to be asked for; `ask` settles first what was added before. */
  async addAsking(
    { rows, map }: RowsOfTable,
    table: TableRows,
    ask: (sql: string) => Promise<ResultSet>,
  ): Promise<void> {
    const reader = new RowReader(rows, map);
    while (reader.next()) {
      const { before, after } = reader;
      const question = table.documents.question(before!, after!);
      // oxlint-disable-next-line no-await-in-loop -- a row may be changed several times
      const [answer] = question === undefined ? [] : (await ask(question)).rows;
      const texts = answer?.map((value) => value?.toString());
      for (const change of table.update(before!, after!, texts)) this.#put(table, rows.flags, change);
    }
  }

  /** The statements; begins anew. */
  take(): RowStatement[] {
    this.#finish();
    const done = this.#done;
    this.#done = [];
    this.#length = 0;
    return done;
  }

  clear(): void {
    this.#first = undefined;
    this.#texts = [];
    this.#textLength = 0;
    this.#done = [];
    this.#length = 0;
  }

  #put(table: TableRows, loggedFlags: number, change: RowChange | undefined): void {
    if (change === undefined) return;
    const flags = loggedFlags & ~RowsFlag.STMT_END;
    const first = this.#first;
    const isMore =
      first !== undefined &&
      first.shared !== undefined &&
      first.shared === change.shared &&
      first.isIrregular === change.isIrregular &&
      this.#flags === flags &&
      this.#textLength + change.text.length < STATEMENT_LENGTH;
    if (!isMore) {
      this.#finish();
      this.#first = change;
      this.#flags = flags;
      this.#table = table;
    }
    this.#texts.push(change.text);
    this.#textLength += change.text.length;
    this.#length += change.text.length;
  }

  #finish(): void {
    const first = this.#first;
    if (first === undefined) return;
    const rows = this.#texts.length;
    const settings = rowSession(this.#flags, !first.isIrregular);
    const sql = `${first.shared ?? ''}${this.#texts.join(',')}${first.close}`;
    const table = this.#table;
    this.#done.push({
      sql,
      settings,
      explain: first.explain ?? ((error) => table.explain(error)),
      conflicts: conflictsOf(table, first, rows),
    });
    if (first.isCounted)
      this.#done.push({
        sql: counted(rows),
        settings,
        explain: () => table.missing(first.key),
        isTied: true,
      });
    this.#first = undefined;
    this.#texts = [];
    this.#textLength = 0;
  }
}

function conflictsOf(
  table: TableRows,
  { tolerated, key }: RowChange,
  rows: number,
): CountConflicts | undefined {
  if (tolerated === undefined) return undefined;
  return (outcome) => {
    const { errno, count } = COUNTERS[tolerated](outcome, rows);
    if (count <= 0) return [];
    const error = table.conflict(errno, key, rows);
    return Array.from({ length: count }, () => error);
  };
}

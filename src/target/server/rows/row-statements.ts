import { RowReader, RowsFlag } from '../../../binlog/index.ts';
import type { ResultSet } from '../../../connection/index.ts';
import type { RowsOfTable } from '../../target.ts';
import type { CountConflicts, StatementMeaning } from '../session/unsent-statements.ts';
import { COUNTERS } from './conflict-count.ts';
import { demanded } from './demanded.ts';
import type { RowChange } from './row-change.ts';
import { rowMode, rowSession, type SourceSession } from './row-session.ts';
import { type RowZone, UTC, zoneOf } from './row-zone.ts';
import type { TableRows } from './table-rows.ts';

/** Characters of a statement that no more rows are added to. */
const STATEMENT_LENGTH = 64 * 1024;

/** Fails unless the statement before it found so many rows. */
const counted = (rows: number): string => demanded(`ROW_COUNT() = ${rows}`);

/** What the statement before it did, and whether something of it did not fit: the next one with a query in it forgets that. */
const NOTED = 'SET @rowlock_found = ROW_COUNT(), @rowlock_warned = @@warning_count';

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
  #holds: string[] = [];
  #mode = '';
  #zone = UTC;
  #source: SourceSession = { flavor: 'mysql', sqlMode: 0n };
  #sourceZone = UTC;

  /** The session that rows come from which are added next. */
  setSource(source: SourceSession): void {
    if (source.timeZone !== this.#source.timeZone) this.#sourceZone = zoneOf(source.timeZone);
    this.#source = source;
  }

  /** Characters gathered. */
  get length(): number {
    return this.#length;
  }

  add({ rows, map }: RowsOfTable, table: TableRows): void {
    table.setZone(this.#zoneFor(table));
    const reader = new RowReader(rows, map);
    while (reader.next()) {
      const { before, after } = reader;
      if (this.#source.flavor === 'mariadb' && after !== undefined) table.expectWorkedOut(before, after);
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
    table.setZone(this.#zoneFor(table));
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
    this.#holds = [];
    this.#textLength = 0;
    this.#done = [];
    this.#length = 0;
  }

  #put(table: TableRows, loggedFlags: number, change: RowChange | undefined): void {
    if (change === undefined) return;
    const flags = loggedFlags & ~RowsFlag.STMT_END;
    const mode = rowMode(change.manner, this.#source);
    const zone = this.#zoneFor(table);
    const first = this.#first;
    const isMore =
      first !== undefined &&
      first.shared !== undefined &&
      first.shared === change.shared &&
      this.#mode === mode &&
      this.#zone === zone &&
      this.#flags === flags &&
      this.#textLength + change.text.length < STATEMENT_LENGTH;
    if (!isMore) {
      this.#finish();
      this.#first = change;
      this.#flags = flags;
      this.#mode = mode;
      this.#zone = zone;
      this.#table = table;
    }
    this.#texts.push(change.text);
    if (change.holds !== undefined) this.#holds.push(change.holds);
    this.#textLength += change.text.length;
    this.#length += change.text.length;
  }

  #zoneFor(table: TableRows): RowZone {
    return table.table.isComputed ? this.#sourceZone : UTC;
  }

  #finish(): void {
    const first = this.#first;
    if (first === undefined) return;
    const rows = this.#texts.length;
    const settings = rowSession(this.#flags, this.#mode, this.#zone);
    const sql = `${first.shared ?? ''}${this.#texts.join(',')}${first.close}`;
    const table = this.#table;
    this.#done.push({
      sql,
      settings,
      explain: first.explain ?? ((error) => table.explain(error)),
      conflicts: conflictsOf(table, first, rows),
    });
    const missing = (): Error => table.missing(first.key);
    if (this.#holds.length > 0) {
      const areHeld = `IF(@rowlock_warned = 0 OR @rowlock_found < ${rows}, 1, ${table.areHeld(this.#holds)})`;
      this.#done.push({ sql: NOTED, settings, isTied: true });
      if (first.isCounted)
        this.#done.push({ sql: demanded(`@rowlock_found = ${rows}`), settings, explain: missing });
      this.#done.push({ sql: demanded(areHeld), settings, explain: () => table.bent(first.key, rows) });
    } else if (first.isCounted) {
      this.#done.push({ sql: counted(rows), settings, explain: missing, isTied: true });
    }
    this.#first = undefined;
    this.#texts = [];
    this.#holds = [];
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

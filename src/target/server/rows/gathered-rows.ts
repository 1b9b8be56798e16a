import type { TableMap } from '../../../binlog/index.ts';
import type { ResultSet } from '../../../connection/index.ts';
import type { ConflictRule, RowsOfTable } from '../../target.ts';
import type { SessionMemory } from '../session/session-settings.ts';
import type { UnsentStatements } from '../session/unsent-statements.ts';
import { EventBatch } from './event-batch.ts';
import type { SourceSession } from './row-session.ts';
import { RowStatements } from './row-statements.ts';
import { TableRows } from './table-rows.ts';
import type { TargetTables } from './target-tables.ts';

/** Bytes of events in one BINLOG statement, unless the server takes less. */
const BATCH_BYTES = 512 * 1024;

/** Rows that are not statements yet: events for BINLOG, or rows by SQL. */
export class GatheredRows {
  readonly #tables: TargetTables;
  readonly #batch: EventBatch;
  readonly #most: number;
  readonly #statements = new RowStatements();
  #writers = new WeakMap<TableMap, TableRows>();

  /** @param maxPacket `max_allowed_packet` of the server, bytes */
  constructor(maxPacket: number, tables: TargetTables) {
    this.#tables = tables;
    this.#batch = new EventBatch(maxPacket);
    this.#most = Math.min(BATCH_BYTES, maxPacket / 4);
  }

  /** Rows of the source's statement are still to come. */
  get isInStatement(): boolean {
    return this.#batch.isOpen;
  }

  get isEmpty(): boolean {
    return this.#batch.length === 0 && this.#statements.length === 0;
  }

  /** They are enough for a statement. */
  get isFull(): boolean {
    return this.#batch.length + this.#statements.length >= this.#most;
  }

  /** Whether rows would be more than a statement holds, along with those that wait. */
  isTooMuch(rows: RowsOfTable): boolean {
    return this.#batch.isTooMuch(rows);
  }

  /** Takes rows as events. */
  addEvents(rows: RowsOfTable): void {
    this.#batch.add(rows);
  }

  /** The session that rows come from which are added as SQL next. */
  setSource(source: SourceSession): void {
    this.#statements.setSource(source);
  }

  /** Takes rows as SQL. @throws CatalogError the target has no such table */
  async addRows(rows: RowsOfTable, rule: ConflictRule): Promise<void> {
    const writer = this.#writers.get(rows.map) ?? (await this.#writerOf(rows.map, rule));
    if (writer !== undefined) this.#statements.add(rows, writer);
  }

  /** Takes partial updates, of documents that only the target may have. `ask`: settles first what was gathered. */
  async addPartial(
    rows: RowsOfTable,
    rule: ConflictRule,
    ask: (sql: string) => Promise<ResultSet>,
  ): Promise<void> {
    const writer = this.#writers.get(rows.map) ?? (await this.#writerOf(rows.map, rule));
    if (writer !== undefined) await this.#statements.addAsking(rows, writer, ask);
  }

  /** The events, for a statement that is sent by itself; begins anew. */
  takeEvents(): Buffer | undefined {
    return this.#batch.length === 0 ? undefined : this.#batch.take();
  }

  /** Adds all as statements, with the settings that they want of a session; begins anew. */
  emit(unsent: UnsentStatements, memory: SessionMemory): void {
    if (this.#batch.length > 0) unsent.add(this.#batch.take());
    for (const { sql, settings, ...meaning } of this.#statements.take()) {
      const change = memory.change(settings);
      if (change !== undefined) unsent.add(change);
      unsent.add(sql, meaning);
    }
  }

  clear(): void {
    this.#batch.clear();
    this.#statements.clear();
  }

  /** Tables may have changed. */
  forgetTables(): void {
    this.#writers = new WeakMap();
  }

  async #writerOf(map: TableMap, rule: ConflictRule): Promise<TableRows | undefined> {
    const table = await this.#tables.describe(map);
    if (table === undefined) return undefined;
    const made = new TableRows(map, table, rule);
    this.#writers.set(map, made);
    return made;
  }
}

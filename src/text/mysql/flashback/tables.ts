import { ByTableId, decodeBody, type RawEvent, type TableMap } from '../../../binlog/index.ts';
import type { PrintState } from '../print-state.ts';

/** A table map in memory of its own. */
export interface KnownTable {
  readonly event: RawEvent;
  readonly map: TableMap;
}

/** The tables that rows may name, and which of them are not selected. */
export class KnownTables {
  readonly #state: PrintState;
  readonly #byId = new ByTableId<KnownTable>();
  #ignored = new Set<number>();

  constructor(state: PrintState) {
    this.#state = state;
  }

  clear(): void {
    this.#byId.clear();
    this.#ignored = new Set();
  }

  add(event: RawEvent, map: TableMap): void {
    const { table } = this.#state.options;
    const { tableId } = map;
    if (
      this.#state.skipsDatabase(map.schema) ||
      (table !== undefined && map.table.toString('latin1') !== table)
    ) {
      this.#ignored.add(tableId);
      return;
    }
    const known = this.#byId.get(tableId);
    if (known !== undefined && hasSameBody(known.event, event)) return;
    const kept = event.keep();
    this.#byId.set(tableId, { event: kept, map: decodeBody(kept, this.#state.log) as TableMap });
  }

  /** The table of rows; undefined where it is not selected, or has no map. */
  get(tableId: number): KnownTable | undefined {
    return this.#ignored.has(tableId) ? undefined : this.#byId.get(tableId);
  }

  ignores(tableId: number): boolean {
    return this.#ignored.has(tableId);
  }

  /** Table maps count for one statement. */
  endStatement(): void {
    if (this.#ignored.size > 0) this.#ignored = new Set();
  }
}

function hasSameBody(one: RawEvent, other: RawEvent): boolean {
  return one.bytes.compare(other.bytes, other.bodyStart, other.bodyEnd, one.bodyStart, one.bodyEnd) === 0;
}

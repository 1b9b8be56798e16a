import type { TableMap } from '../../binlog/index.ts';
import type { ResultSet } from '../../connection/index.ts';
import { hexText } from './session-settings.ts';

/** What the target says of its tables, asked once for each. */
export class TargetTables {
  readonly #ask: (sql: string) => Promise<ResultSet>;
  #lasting = new WeakMap<TableMap, boolean>();

  constructor(ask: (sql: string) => Promise<ResultSet>) {
    this.#ask = ask;
  }

  /** Tables may have changed. */
  forget(): void {
    this.#lasting = new WeakMap();
  }

  /** Whether changes of a table last even if their transaction does not: engines without transactions. */
  async isLasting(map: TableMap): Promise<boolean> {
    const known = this.#lasting.get(map);
    if (known !== undefined) return known;
    const { rows } = await this.#ask(
      `SELECT e.transactions FROM information_schema.tables t JOIN information_schema.engines e USING (engine) WHERE t.table_schema = ${hexText(map.schema)} AND t.table_name = ${hexText(map.table)}`,
    );
    const isLasting = String(rows[0]?.[0] ?? 'YES') === 'NO';
    this.#lasting.set(map, isLasting);
    return isLasting;
  }
}

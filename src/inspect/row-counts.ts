import type { RowOperation, TableMap } from '../binlog/index.ts';
import type { TableInspection } from './inspection.ts';

type Counts = { -readonly [Key in keyof TableInspection]: TableInspection[Key] };

const column = { insert: 'inserts', update: 'updates', delete: 'deletes' } as const;

/** Rows by table and operation. */
export class RowCounts {
  readonly #tables = new Map<string, Counts>();

  add(map: TableMap, operation: RowOperation, rows: number, bytes: number): void {
    const key = `${map.schema.toString('latin1')}\0${map.table.toString('latin1')}`;
    let counts = this.#tables.get(key);
    if (counts === undefined) {
      const [schema, table] = [map.schema.toString('utf8'), map.table.toString('utf8')];
      counts = { schema, table, inserts: 0, updates: 0, deletes: 0, bytes: 0 };
      this.#tables.set(key, counts);
    }
    counts[column[operation]] += rows;
    counts.bytes += bytes;
  }

  /** Busiest first. */
  summary(): readonly TableInspection[] {
    return [...this.#tables.values()].sort((a, b) => b.bytes - a.bytes);
  }
}

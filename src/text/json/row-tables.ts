import { EventType, type RawEvent, type TableMap } from '../../binlog/index.ts';
import { RowLines } from './row-lines.ts';

/** How the rows of each mapped table are written. A table is mapped again for every statement, mostly with the same bytes. */
export class RowTables {
  readonly #byId = new Map<number, { readonly body: Buffer; readonly lines: RowLines }>();

  get(tableId: number): RowLines | undefined {
    return this.#byId.get(tableId)?.lines;
  }

  clear(): void {
    this.#byId.clear();
  }

  /** Whether this is a table map, and says what is known already. */
  knows({ type, bytes, bodyStart, bodyEnd }: RawEvent): boolean {
    if (type !== EventType.TABLE_MAP_EVENT || bodyEnd - bodyStart < 6) return false;
    const body = this.#byId.get(bytes.readUIntLE(bodyStart, 6))?.body;
    return body !== undefined && bytes.compare(body, 0, body.length, bodyStart, bodyEnd) === 0;
  }

  add({ bytes, bodyStart, bodyEnd }: RawEvent, map: TableMap): void {
    this.#byId.set(map.tableId, {
      body: Buffer.from(bytes.subarray(bodyStart, bodyEnd)),
      lines: new RowLines(map),
    });
  }
}

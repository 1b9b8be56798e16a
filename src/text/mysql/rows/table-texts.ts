import { EventType, type RawEvent, type TableMap } from '../../../binlog/index.ts';
import type { RowTextOptions } from '../../row-printer.ts';
import { TableText } from './table-text.ts';

/** How the rows of each mapped table print. A table is mapped again for every statement, mostly with the same bytes. */
export class TableTexts {
  readonly #options: RowTextOptions;
  readonly #byId: Map<number, TableText> = new Map();
  /** Bodies of the maps that the texts were made for. */
  readonly #bodies: Map<number, Buffer> = new Map();

  constructor(options: RowTextOptions) {
    this.#options = options;
  }

  get(tableId: number): TableText | undefined {
    return this.#byId.get(tableId);
  }

  /** Whether this is a table map, and says what is known already. */
  knows({ type, bytes, bodyStart, bodyEnd }: RawEvent): boolean {
    if (type !== EventType.TABLE_MAP_EVENT || bodyEnd - bodyStart < 6) return false;
    const known = this.#bodies.get(bytes.readUIntLE(bodyStart, 6));
    return known !== undefined && bytes.compare(known, 0, known.length, bodyStart, bodyEnd) === 0;
  }

  add({ bytes, bodyStart, bodyEnd }: RawEvent, map: TableMap): void {
    this.#byId.set(map.tableId, new TableText(map, this.#options));
    this.#bodies.set(map.tableId, Buffer.from(bytes.subarray(bodyStart, bodyEnd)));
  }
}

import type { RawEvent, TableMap } from '../../../binlog/index.ts';
import type { PrintOptions } from '../../print-options.ts';
import { TableText } from './table-text.ts';

/** How the rows of each mapped table print. A table is mapped again for every statement, mostly with the same bytes. */
export class TableTexts {
  readonly #options: PrintOptions;
  readonly #byId: Map<number, TableText> = new Map();
  /** Bodies of the maps that the texts were made for. */
  readonly #bodies: Map<number, Buffer> = new Map();

  constructor(options: PrintOptions) {
    this.#options = options;
  }

  get(tableId: number): TableText | undefined {
    return this.#byId.get(tableId);
  }

  /** Whether a table map says what is known already. */
  knows({ bytes, bodyStart, bodyEnd }: RawEvent): boolean {
    if (bodyEnd - bodyStart < 6) return false;
    const known = this.#bodies.get(bytes.readUIntLE(bodyStart, 6));
    return known !== undefined && bytes.compare(known, 0, known.length, bodyStart, bodyEnd) === 0;
  }

  add({ bytes, bodyStart, bodyEnd }: RawEvent, map: TableMap): void {
    this.#byId.set(map.tableId, new TableText(map, this.#options));
    this.#bodies.set(map.tableId, Buffer.from(bytes.subarray(bodyStart, bodyEnd)));
  }
}

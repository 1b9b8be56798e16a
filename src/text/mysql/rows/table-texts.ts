import { ByTableId, EventType, type RawEvent, type TableMap } from '../../../binlog/index.ts';
import type { RowTextOptions } from '../../row-printer.ts';
import { TableText } from './table-text.ts';

interface KnownTable {
  readonly map: TableMap;
  /** The map's bytes. */
  readonly body: Buffer;
  /** Made when rows ask for it: others may write them all. */
  text: TableText | undefined;
}

/** How the rows of each mapped table print. A table is mapped again for every statement, mostly with the same bytes. */
export class TableTexts {
  readonly #options: RowTextOptions;
  readonly #byId = new ByTableId<KnownTable>();

  constructor(options: RowTextOptions) {
    this.#options = options;
  }

  get(tableId: number): TableText | undefined {
    const known = this.#byId.get(tableId);
    if (known === undefined) return undefined;
    return (known.text ??= new TableText(known.map, this.#options));
  }

  /** Whether this is a table map, and says what is known already. */
  knows({ type, bytes, bodyStart, bodyEnd }: RawEvent): boolean {
    if (type !== EventType.TABLE_MAP_EVENT || bodyEnd - bodyStart < 6) return false;
    const body = this.#byId.get(bytes.readUIntLE(bodyStart, 6))?.body;
    return body !== undefined && bytes.compare(body, 0, body.length, bodyStart, bodyEnd) === 0;
  }

  add({ bytes, bodyStart, bodyEnd }: RawEvent, map: TableMap): void {
    const body = Buffer.from(bytes.subarray(bodyStart, bodyEnd));
    this.#byId.set(map.tableId, { map, body, text: undefined });
  }
}

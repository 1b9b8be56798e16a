import { ByTableId, EventType, type RawEvent, type TableMap } from '../../binlog/index.ts';
import { RowLines } from './row-lines.ts';

/** How the rows of one table are written. */
class RowTable {
  readonly isWanted: boolean;
  /** The table map's bytes. */
  readonly body: Buffer;
  readonly #map: TableMap;
  readonly #shown: TableMap;
  #lines: RowLines | undefined;

  constructor(map: TableMap, body: Buffer, shown: TableMap, isWanted: boolean) {
    this.#map = map;
    this.body = body;
    this.#shown = shown;
    this.isWanted = isWanted;
  }

  /** Nobody else can write its rows: it has another name than in the log, or rows before tell how those that follow look. */
  get isWrittenHere(): boolean {
    return this.#shown !== this.#map || this.#map.hasOldTemporals === true;
  }

  /** Made when they are wanted: others may write all rows. */
  get lines(): RowLines {
    return (this.#lines ??= new RowLines(this.#shown));
  }
}

/** How the rows of each mapped table are written. A table is mapped again for every statement, mostly with the same bytes. */
export class RowTables {
  readonly #byId = new ByTableId<RowTable>();

  get(tableId: number): RowTable | undefined {
    return this.#byId.get(tableId);
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

  /** @param shown the map as its rows are to show it */
  add({ bytes, bodyStart, bodyEnd }: RawEvent, map: TableMap, shown: TableMap = map, isWanted = true): void {
    const body = Buffer.from(bytes.subarray(bodyStart, bodyEnd));
    this.#byId.set(map.tableId, new RowTable(map, body, shown, isWanted));
  }
}

import { ByTableId, type RawEvent, type Rows, type TableMap } from '../../../binlog/index.ts';
import type { RowTextOptions } from '../../row-printer.ts';
import { TableText } from './row-text.ts';

interface KnownTable {
  /** The map that the text was made for, and its body. */
  map: TableMap;
  readonly body: Buffer;
  readonly text: TableText;
}

/** How the rows of each mapped table print. A table map often comes again, unchanged, with every statement. */
export class TableTexts {
  readonly #options: RowTextOptions;
  readonly #byId = new ByTableId<KnownTable>();

  constructor(options: RowTextOptions) {
    this.#options = options;
  }

  /** Undefined without a table map. */
  textOf(rows: Rows): TableText | undefined {
    return this.#byId.get(rows.tableId)?.text;
  }

  /** False where the map says what is known already. */
  add({ bytes, bodyStart, bodyEnd }: RawEvent, map: TableMap): boolean {
    const known = this.#byId.get(map.tableId);
    if (known?.map === map) return false;
    const body = bytes.subarray(bodyStart, bodyEnd);
    if (known?.body.equals(body) === true) {
      known.map = map;
      return false;
    }
    const { verbose, compat } = this.#options;
    this.#byId.set(map.tableId, { map, body: Buffer.from(body), text: new TableText(map, verbose, compat) });
    return true;
  }

  clear(): void {
    this.#byId.clear();
  }
}

import type { RawEvent, TableMap } from '../../binlog/index.ts';
import { RowShape } from '../rows/row-shape.ts';
import type { FollowedLog } from './followed-log.ts';
import type { StreamChangeOptions } from './stream-options.ts';

/** What is to be done with the rows of a table; `ask`: its columns have no names yet. */
export type Choice = RowShape | 'unwanted' | 'ask';

/** Which tables are wanted, and how their rows become objects. Decided once a table map, without looking at rows. */
export class TableChoice {
  readonly #log: FollowedLog;
  readonly #options: StreamChangeOptions;
  readonly #choices = new WeakMap<TableMap, Choice>();

  constructor(log: FollowedLog, options: StreamChangeOptions) {
    this.#log = log;
    this.#options = options;
  }

  /** The table map of a rows event, found without decoding the event. */
  tableOf(event: RawEvent): TableMap | undefined {
    const { bytes, bodyStart, bodyEnd, type } = event;
    if (bodyEnd - bodyStart < 8) return undefined;
    const wide = this.#log.learned.state.tableIdBytes(type) === 6;
    return this.#log.learned.table(wide ? bytes.readUIntLE(bodyStart, 6) : bytes.readUInt32LE(bodyStart));
  }

  choose(table: TableMap): Choice {
    const known = this.#choices.get(table);
    if (known !== undefined) return known;
    const choice = this.#first(table);
    if (choice !== 'ask') this.#choices.set(table, choice);
    return choice;
  }

  /** Asks the server for the names of a table's columns; undefined: the stream was stopped meanwhile. @throws SchemaError */
  async ask(table: TableMap): Promise<RowShape | undefined> {
    if (!(await this.#log.nameColumns(table))) return undefined;
    const shape = new RowShape(table, this.#options);
    this.#choices.set(table, shape);
    return shape;
  }

  #first(table: TableMap): Choice {
    const shape = new RowShape(table, this.#options);
    if (!shape.wanted) return 'unwanted';
    if (this.#options.unnamed === 'number' || table.columns.every(({ name }) => name !== undefined))
      return shape;
    return this.#options.columnNames?.(shape.schema, shape.table) === undefined ? 'ask' : shape;
  }
}

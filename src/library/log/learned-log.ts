import {
  decodeBody,
  type EventBody,
  EventType,
  LogState,
  type RawEvent,
  RowReader,
  rowsShape,
  type TableMap,
  TableMemory,
} from '../../binlog/index.ts';
import { RowlockError } from '../../errors/index.ts';

/** What the events of a log tell about those that follow: its format and its tables. Errors name the file. */
export class LearnedLog {
  readonly state: LogState = new LogState();
  readonly #tables = new TableMemory(this.state);
  readonly #file: () => string;

  constructor(file: () => string) {
    this.#file = file;
  }

  /** Follows what later events need to know. */
  observe(event: RawEvent): void {
    if (event.type === EventType.TABLE_MAP_EVENT) this.#tables.note(event);
    else if (event.type === EventType.FORMAT_DESCRIPTION_EVENT) {
      const body = decodeBody(event, this.state);
      if (body.kind !== 'formatDescription') return;
      this.state.setFormat(body);
      this.#tables.clear();
    }
  }

  decode(event: RawEvent): EventBody {
    return this.#located(() => decodeBody(event, this.state));
  }

  /** The table map behind a table id, of those that came so far. */
  table(tableId: number): TableMap | undefined {
    return this.#located(() => this.#tables.find(tableId));
  }

  /** Reads the rows of a rows event; undefined for other events and for rows whose table map is missing. */
  rows(event: RawEvent): RowReader | undefined {
    if (rowsShape(event.type) === undefined) return undefined;
    const body = this.decode(event);
    if (body.kind !== 'rows') return undefined;
    const table = this.table(body.tableId);
    return table === undefined ? undefined : this.#located(() => new RowReader(body, table));
  }

  #located<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (error instanceof RowlockError) error.at({ file: this.#file() });
      throw error;
    }
  }
}

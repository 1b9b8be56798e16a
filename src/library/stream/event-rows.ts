import { DUMMY_TABLE_ID, type RawEvent, rowsShape, type TableMap } from '../../binlog/index.ts';
import { FormatError, RowlockError } from '../../errors/index.ts';
import type { PositionMark } from '../../replication/index.ts';
import type { RowShape } from '../rows/row-shape.ts';
import { type RowWalk, walkRows } from '../rows/row-walk.ts';
import type { FollowedLog } from './followed-log.ts';
import { type ChangeOrigin, StreamChange } from './stream-change.ts';
import type { StreamChangeOptions } from './stream-options.ts';
import { TableChoice } from './table-choice.ts';

/** The rows of one event after the other, as changes. */
export class EventRows {
  readonly #log: FollowedLog;
  readonly #choice: TableChoice;
  /** The event whose rows are under way, or wait for the names of their columns. */
  #event: RawEvent | undefined;
  #rows: RowWalk | undefined;
  #origin: ChangeOrigin | undefined;
  #file = '';
  #gtid: string | undefined;
  #opening: PositionMark | undefined;
  #transactions = 0;
  /** Changes of the current transaction so far. */
  #count = 0;
  /** Changes of the first transaction that were handed out before this stream. */
  #skip: number;

  constructor(log: FollowedLog, options: StreamChangeOptions, skip: number) {
    this.#log = log;
    this.#choice = new TableChoice(log, options);
    this.#skip = skip;
    if (options.unnamed !== 'number' && options.columnNames === undefined) log.askAhead();
  }

  /** Whether the event's table has no names yet: {@link name} asks for them. */
  get isUnnamed(): boolean {
    return this.#event !== undefined && this.#rows === undefined;
  }

  /** Takes the next event; what is not wanted of it has no rows here. */
  begin(event: RawEvent): void {
    const { place } = this.#log;
    if (place === 'begins' || place === 'alone') this.#beginTransaction();
    if (rowsShape(event.type) === undefined) return;
    const table = this.#choice.tableOf(event);
    if (table === undefined) {
      // A dummy event releases all table maps and has no rows.
      const body = this.#log.learned.decode(event);
      if (body.kind !== 'rows' || body.tableId === DUMMY_TABLE_ID) return;
      throw new FormatError(`rows of table ${body.tableId} come without its map`, {
        context: { file: this.#log.file, position: event.position },
        hint: 'The stream began in the middle of a statement: begin at the `resumeAt` of a change or transaction.',
      });
    }
    const choice = this.#choice.choose(table);
    if (choice === 'unwanted') return;
    this.#event = event;
    if (choice !== 'ask') this.#read(event, table, choice);
  }

  /** Asks the server for the names of the columns. @throws SchemaError */
  async name(): Promise<void> {
    const event = this.#event!;
    const table = this.#choice.tableOf(event)!;
    const shape = await this.#choice.ask(table);
    if (shape === undefined) this.#event = undefined;
    else this.#read(event, table, shape);
  }

  /** The next change of the event; undefined after the last. */
  next(): StreamChange | undefined {
    const rows = this.#rows;
    if (rows === undefined) return undefined;
    try {
      while (rows.next()) {
        this.#count += 1;
        if (this.#skip === 0) return new StreamChange(this.#origin!, rows.before, rows.after, this.#count);
        this.#skip -= 1;
      }
    } catch (error) {
      if (error instanceof RowlockError) error.at({ file: this.#file, position: this.#origin!.position });
      throw error;
    }
    this.#event = undefined;
    this.#rows = undefined;
    return undefined;
  }

  #read(event: RawEvent, table: TableMap, shape: RowShape): void {
    const body = this.#log.learned.decode(event);
    if (body.kind !== 'rows') return;
    this.#rows = walkRows(body, table, shape);
    this.#origin = {
      schema: shape.schema,
      table: shape.table,
      operation: this.#rows.operation,
      file: this.#file,
      position: event.position,
      gtid: this.#gtid,
      timestamp: event.timestamp,
      serverId: event.serverId,
      opening: this.#opening,
    };
  }

  #beginTransaction(): void {
    this.#transactions += 1;
    if (this.#transactions > 1) this.#skip = 0;
    this.#count = 0;
    this.#file = this.#log.file;
    this.#gtid = this.#log.gtid;
    this.#opening = this.#log.openingMark();
  }
}

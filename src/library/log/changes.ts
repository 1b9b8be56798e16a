import {
  DUMMY_TABLE_ID,
  type EventBody,
  type RawEvent,
  rowsShape,
  type TableMap,
} from '../../binlog/index.ts';
import { FormatError, RowlockError } from '../../errors/index.ts';
import type { ChangeOptions } from '../options.ts';
import type { RowChange } from '../rows/row-change.ts';
import { RowShape } from '../rows/row-shape.ts';
import { walkRows } from '../rows/row-walk.ts';

/** What a log that is read for its rows has to offer. */
export interface LogOfRows extends AsyncIterable<Iterable<RawEvent>> {
  readonly name: string;
  readonly gtid: string | undefined;
  next(): RawEvent | undefined;
  decode(event: RawEvent): EventBody;
  table(tableId: number): TableMap | undefined;
}

/** Every changed row of a log that can be read at once. */
export function* changesOf(log: LogOfRows, options: ChangeOptions): Generator<RowChange, void, undefined> {
  const changes = new Changes(log, options);
  for (let event = log.next(); event !== undefined; event = log.next()) {
    if (rowsShape(event.type) !== undefined) yield* changes.of(event);
  }
}

/** Every changed row of any log. */
export async function* awaitChangesOf(
  log: LogOfRows,
  options: ChangeOptions,
): AsyncGenerator<RowChange, void, undefined> {
  const changes = new Changes(log, options);
  for await (const batch of log) {
    for (const event of batch) if (rowsShape(event.type) !== undefined) yield* changes.of(event);
  }
}

class Changes {
  readonly #log: LogOfRows;
  readonly #options: ChangeOptions;
  readonly #shapes = new WeakMap<TableMap, RowShape>();

  constructor(log: LogOfRows, options: ChangeOptions) {
    this.#log = log;
    this.#options = options;
  }

  /** The rows of one rows event. */
  *of(event: RawEvent): Generator<RowChange, void, undefined> {
    const log = this.#log;
    const body = log.decode(event);
    if (body.kind !== 'rows' || body.tableId === DUMMY_TABLE_ID) return;
    const { position, timestamp, serverId } = event;
    const context = { file: log.name, position };
    const table = log.table(body.tableId);
    if (table === undefined) {
      throw new FormatError(`rows of table ${body.tableId} come without its map`, {
        context,
        hint: 'Begin to read at the start of the log or of a transaction.',
      });
    }
    const shape = this.#shapeOf(table);
    if (!shape.wanted) return;
    const { gtid } = log;
    const { operation } = body.shape;
    try {
      const rows = walkRows(body, table, shape);
      while (rows.next()) {
        const { before, after } = rows;
        yield {
          schema: shape.schema,
          table: shape.table,
          operation,
          before,
          after,
          position,
          gtid,
          timestamp,
          serverId,
        };
      }
    } catch (error) {
      if (error instanceof RowlockError) error.at(context);
      throw error;
    }
  }

  #shapeOf(table: TableMap): RowShape {
    let shape = this.#shapes.get(table);
    if (shape === undefined) {
      shape = new RowShape(table, this.#options);
      this.#shapes.set(table, shape);
    }
    return shape;
  }
}

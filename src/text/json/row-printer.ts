import { decodeNext, LogState, type RawEvent } from '../../binlog/index.ts';
import { FormatError } from '../../errors/index.ts';
import type { TextOutput } from '../output/text-output.ts';
import type { RowPrinter, RowTextOptions } from '../row-printer.ts';
import { eventOf, noPlace, placeOf, textOf } from './change-place.ts';
import { RowTables } from './row-tables.ts';

/** Rows as JSON lines. */
export class JsonRowPrinter implements RowPrinter {
  readonly #out: TextOutput;
  readonly #log = new LogState();
  readonly #tables = new RowTables();
  #place: Buffer = noPlace;

  constructor(_options: RowTextOptions, out: TextOutput) {
    this.#out = out;
  }

  place(bytes: Buffer, start: number, end: number): void {
    this.#place = bytes.subarray(start, end);
  }

  /** @throws FormatError with file and position where rows do not fit their table map; the changes before are written */
  event(event: RawEvent): void {
    if (this.#tables.knows(event)) return;
    const body = decodeNext(event, this.#log);
    if (body.kind === 'tableMap') this.#tables.add(event, body);
    else if (body.kind === 'rows') {
      try {
        this.#tables.get(body.tableId)!.lines.write(this.#out, event, body, textOf(this.#place));
      } catch (error) {
        if (error instanceof FormatError) error.at({ ...placeOf(this.#place), event: eventOf(this.#place) });
        throw error;
      }
    }
  }
}

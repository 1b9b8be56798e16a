import type { Flavor, RawEvent } from '../binlog/index.ts';
import type { EventMemory, HeldEvents } from './held-events.ts';
import { JsonRowPrinter } from './json/row-printer.ts';
import { MariadbRowPrinter } from './mariadb/row-printer.ts';
import { MysqlRowPrinter } from './mysql/rows/row-printer.ts';
import type { TextOutput } from './text-output.ts';

/** What decides how rows look, and can be handed to another thread. */
export interface RowTextOptions {
  readonly verbose: number;
  readonly compat: 'better' | 'exact';
}

/** Writes the rows of events and nothing else of them. Needs no log around them: what rows depend on is handed to it before them. */
export interface RowPrinter {
  /** A format description, a table map, or rows. */
  event(event: RawEvent): void;
  /** What the next rows say of where they stand, as it was given with them. */
  place?(bytes: Buffer, start: number, end: number): void;
}

/** What rows are written as: the text of a flavor, or JSON lines. */
export type RowForm = Flavor | 'json';

const printers: Readonly<Record<RowForm, new (options: RowTextOptions, out: TextOutput) => RowPrinter>> = {
  json: JsonRowPrinter,
  mysql: MysqlRowPrinter,
  mariadb: MariadbRowPrinter,
};

/** Makes a printer of rows alone. */
export function createRowPrinter(form: RowForm, options: RowTextOptions, out: TextOutput): RowPrinter {
  return new printers[form](options, out);
}

/**
 * Takes rows off a printer's hands: they are to be written behind all text so far, and may be written elsewhere, later, as long as the
 * order holds.
 */
export interface RowOutlet {
  /** A format description, or the map of this table, that holds from now on. */
  remember(event: RawEvent, tableId?: number): void;
  /**
   * Rows of this table; false where they are not taken, and the printer is to write them itself. Event and place are copied. Rows that
   * were taken before are then written: no two printers are ever in the middle of a row.
   *
   * @param place for {@link RowPrinter.place}
   */
  take(event: RawEvent, tableId: number, place?: Buffer): boolean;
  /** Where events wait whose base64 may be written elsewhere. */
  readonly memory: EventMemory;
  /** Takes the base64 of events as {@link take} takes rows. They are not copied: they are to stay what they are until they are released. */
  takeBase64(events: HeldEvents): boolean;
  /**
   * Writes all that was taken. Comes before rows that a printer writes without asking.
   *
   * @throws what writing it throws; then nothing that was printed after it goes out
   */
  settle(): void;
}

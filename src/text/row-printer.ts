import type { Flavor, RawEvent } from '../binlog/index.ts';
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
}

const printers: Readonly<Record<Flavor, new (options: RowTextOptions, out: TextOutput) => RowPrinter>> = {
  mysql: MysqlRowPrinter,
  mariadb: MariadbRowPrinter,
};

/** Makes a printer of rows alone, as they look in the text of `flavor`. */
export function createRowPrinter(flavor: Flavor, options: RowTextOptions, out: TextOutput): RowPrinter {
  return new printers[flavor](options, out);
}

/**
 * Takes rows off a printer's hands: they are to be written behind all text so far, and may be written elsewhere, later, as long as the
 * order holds.
 */
export interface RowOutlet {
  /** A format description, or the map of this table, that holds from now on. */
  remember(event: RawEvent, tableId?: number): void;
  /** Rows of this table; false where they are not taken, and the printer is to write them itself. The event is copied. */
  take(event: RawEvent, tableId: number): boolean;
}

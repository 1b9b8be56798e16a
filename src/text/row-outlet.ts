import type { RawEvent } from '../binlog/index.ts';

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
   * @param place for `RowPrinter.place`
   */
  take(event: RawEvent, tableId: number, place?: Buffer): boolean;
  /**
   * Writes all that was taken. Comes before rows that a printer writes without asking.
   *
   * @throws what writing it throws; then nothing that was printed after it goes out
   */
  settle(): void;
}

import { JsonRowPrinter } from './json/row-printer.ts';
import { MariadbRowPrinter } from './mariadb/rows/row-printer.ts';
import { MysqlRowPrinter } from './mysql/rows/row-printer.ts';
import type { TextOutput } from './output/text-output.ts';
import type { RowForm, RowPrinter, RowTextOptions } from './row-printer.ts';

const printers: Readonly<Record<RowForm, new (options: RowTextOptions, out: TextOutput) => RowPrinter>> = {
  json: JsonRowPrinter,
  mysql: MysqlRowPrinter,
  mariadb: MariadbRowPrinter,
};

/** Makes a printer of rows alone. */
export function createRowPrinter(form: RowForm, options: RowTextOptions, out: TextOutput): RowPrinter {
  return new printers[form](options, out);
}

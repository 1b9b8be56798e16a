import type { Flavor } from '../../binlog/index.ts';
import {
  createMariadbPrinter,
  createMysqlPrinter,
  type LogPrinter,
  type MysqlPrinterIo,
  type PrintOptions,
  type TextOutput,
} from '../../text/index.ts';

type CreatePrinter = (options: PrintOptions, out: TextOutput, io: MysqlPrinterIo) => LogPrinter;

/** Whose text a log gets. */
export const printers: Readonly<Record<Flavor, CreatePrinter>> = {
  mysql: createMysqlPrinter,
  mariadb: createMariadbPrinter,
};

import type { LogPrinter } from '../log-printer.ts';
import type { TextOutput } from '../output/text-output.ts';
import type { PrintOptions } from '../print-options.ts';
import type { MariadbPrinterIo } from './print-state.ts';
import { MariadbPrinter } from './printer.ts';

/**
 * A printer of MariaDB logs, byte for byte as mariadb-binlog 11.8.6: everything between an event being read and its text.
 * Events go to `out`, warnings and errors to `io.diagnose`.
 */
export function createMariadbPrinter(
  options: PrintOptions,
  out: TextOutput,
  io: MariadbPrinterIo,
): LogPrinter {
  return new MariadbPrinter(options, out, io);
}

import type { Diagnose, LoadFiles, LogPrinter } from '../log-printer.ts';
import type { PrintOptions } from '../print-options.ts';
import type { TextOutput } from '../text-output.ts';
import { MariadbPrinter } from './printer.ts';

/**
 * A printer of MariaDB logs, byte for byte as mariadb-binlog 11.8.6: everything between an event being read and its text.
 * Events go to `out`, warnings and errors to `io.diagnose`.
 */
export function createMariadbPrinter(
  options: PrintOptions,
  out: TextOutput,
  io: { readonly diagnose: Diagnose; readonly loadFiles: LoadFiles },
): LogPrinter {
  return new MariadbPrinter(options, out, io);
}

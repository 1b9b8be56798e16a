import type { Flavor } from '../../binlog/index.ts';
import type { Diagnose, LoadFiles, LogPrinter, PrintOptions, TextOutput } from '../../text/index.ts';

type CreatePrinter = (
  options: PrintOptions,
  out: TextOutput,
  io: { readonly diagnose: Diagnose; readonly loadFiles: LoadFiles },
) => LogPrinter;

const missing: CreatePrinter = () => {
  throw new Error('no printer');
};

/** Whose text a log gets. */
export const printers: Readonly<Record<Flavor, CreatePrinter>> = { mysql: missing, mariadb: missing };

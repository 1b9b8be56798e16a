import { EventType, loadZstd, RawEvent } from '../../binlog/index.ts';
import { FormatError, isSystemError, systemError, TruncatedError } from '../../errors/index.ts';
import { Inspector } from '../../inspect/index.ts';
import type { CompletedOption } from '../../options/index.ts';
import { fileSource, LogReader } from '../../store/index.ts';
import type { CommandIo } from '../command-io.ts';
import { inspectionReport } from './report.ts';

const usage = `rowlock inspect: what is in binary logs

Usage: rowlock inspect [--json] LOG…      (a LOG of - is standard input)

Reads each log once and reports its span in time and GTIDs, transactions and their sizes, rows by table, the mix
of events, gaps, checksums, and what a row-only channel would refuse.

  --json        the report as one JSON object
  -?, --help    this text

Exit status: 0; 1 when a log cannot be read to its end or a checksum is wrong.
`;

const HELP = ['--help', '-h', '-?'];

/** For completion. */
export const inspectOptions: readonly CompletedOption[] = [
  { long: 'json', help: 'The report as one JSON object' },
  { long: 'help', help: 'Print this and exit' },
].map((option) => ({ short: undefined, takesValue: false, values: [], isFile: false, ...option }));

/** Runs `rowlock inspect`. Returns the exit status. */
export async function runInspect(io: CommandIo): Promise<number> {
  const print = (text: string): void => io.stdout.write(Buffer.from(text));
  const complain = (text: string): void => io.stderr.write(Buffer.from(`${text}\n`));
  const logs = io.argv.filter((word) => word === '-' || !word.startsWith('-'));
  const options = io.argv.filter((word) => word !== '-' && word.startsWith('-'));
  const unknown = options.find((option) => !['--json', ...HELP].includes(option));
  if (options.some((option) => HELP.includes(option))) {
    print(usage);
    return 0;
  }
  if (unknown !== undefined || logs.length === 0) {
    complain(unknown === undefined ? usage.trimEnd() : `rowlock inspect: unknown option '${unknown}'`);
    return 2;
  }

  const inspector = new Inspector();
  let unreadable = false;
  for (const log of logs) {
    let reader: LogReader;
    try {
      reader = new LogReader(log === '-' ? io.stdin() : fileSource(log), { concatenated: log === '-' });
      reader.open();
    } catch (error) {
      const why = isSystemError(error) ? systemError(error).text : (error as Error).message;
      complain(`rowlock inspect: ${log}: ${why}`);
      return 1;
    }
    inspector.startFile(log);
    try {
      await inspectLog(reader, inspector);
      inspector.endFile();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      unreadable = true;
      inspector.endFile({ torn: error instanceof TruncatedError, description: error.describe() });
    } finally {
      reader.close();
    }
  }

  const inspection = inspector.inspection();
  if (options.includes('--json')) print(`${JSON.stringify(inspection, undefined, 2)}\n`);
  else print(`${inspectionReport(inspection).join('\n')}\n`);
  return unreadable || inspection.checksums.badCount > 0 ? 1 : 0;
}

async function inspectLog(reader: LogReader, inspector: Inspector): Promise<void> {
  const event = new RawEvent();
  let zstdLoaded = false;
  while (reader.next(event)) {
    if (event.type === EventType.TRANSACTION_PAYLOAD_EVENT && !zstdLoaded) {
      await loadZstd();
      zstdLoaded = true;
    }
    inspector.event(event);
  }
}

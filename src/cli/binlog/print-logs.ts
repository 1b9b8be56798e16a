import { resolve } from 'node:path';
import { type Flavor, loadZstd } from '../../binlog/index.ts';
import { isSystemError } from '../../errors/index.ts';
import { createJsonPrinter, guardRowFormat, type LogPrinter } from '../../text/index.ts';
import { BrokenPipe, type ByteSink, type CommandIo } from '../command-io.ts';
import { dumpLogs } from './dump.ts';
import { failureTexts } from './failure-text.ts';
import { LocalLoadFiles, temporaryFolders } from './load-files.ts';
import { openLog } from './log-input.ts';
import { logKeys } from './log-keys.ts';
import { LogOrigins } from './log-origins.ts';
import type { BinlogOptions } from './options/index.ts';
import { printOptions } from './print-options.ts';
import { printers } from './printers.ts';
import { ProgressLine } from './progress.ts';
import type { ResultFile } from './result-file.ts';
import { TemporaryFile } from './spill-file.ts';
import { RowTeam, startRowWorker, teamStart } from './team/index.ts';
import { localTime } from './time-zone.ts';

/** What reads logs, hands their events to printers and returns the exit status. */
export type DumpLogs = (surroundings: {
  readonly createPrinter: (flavor: Flavor) => LogPrinter;
  /** Writes everything out that printers have made. */
  readonly flush: () => void;
  /** Says something behind all that printers have made. */
  readonly diagnose: (line: string) => void;
}) => Promise<number>;

/**
 * Prints logs where the options say, as they say. Returns the exit status.
 *
 * @param file where the text goes instead of to standard output
 * @param dump reads the logs; without it they are the files that the options name
 */
export async function printLogs(
  options: BinlogOptions,
  io: CommandIo,
  diagnose: (line: string) => void,
  file: ResultFile | undefined,
  dump?: DumpLogs,
): Promise<number> {
  try {
    return await printTo(file ?? io.stdout, options, io, diagnose, dump);
  } catch (error) {
    if (error instanceof BrokenPipe || !isSystemError(error) || error.syscall !== 'write') throw error;
    const texts = failureTexts[options.dialect];
    for (const line of texts.cannotWrite(io.program, options.output.resultFile, error)) diagnose(line);
    return 1;
  }
}

async function printTo(
  sink: ByteSink,
  options: BinlogOptions,
  io: CommandIo,
  say: (line: string) => void,
  dump: DumpLogs | undefined,
): Promise<number> {
  const { verbose } = options.output;
  const spill = new TemporaryFile(io.env['TMPDIR']);
  const team = new RowTeam(sink, { verbose, compat: options.compat }, startRowWorker, teamStart());
  const { out } = team;
  // Where both go to one place, what is said stands behind what it is about.
  const diagnose = (line: string): void => {
    try {
      team.finish();
    } finally {
      say(line);
    }
  };
  const progress = new ProgressLine(io.stderr, () => !sink.isTerminal);
  const loadFiles = new LocalLoadFiles(options.output.localLoad ?? temporaryFolders(io.env)[0], io.cwd);
  const origins = new LogOrigins();
  const zone = localTime(io.env);
  const { json } = options.output;
  const keys = options.decryptKeyFile === undefined ? undefined : logKeys(options.decryptKeyFile, io.cwd);
  const createPrinter = (flavor: Flavor): LogPrinter => {
    const wanted = printOptions(options, flavor, zone);
    const printer =
      json === undefined
        ? printers[flavor](wanted, out, {
            diagnose,
            loadFiles,
            spill,
            origin: () => origins.current,
            rows: team.outlet(flavor),
            isRemote: dump !== undefined,
          })
        : createJsonPrinter(json, wanted, out, {
            diagnose,
            // What a server sends is written as it comes.
            rows: json === 'rows' && dump === undefined ? team.outlet('json') : undefined,
          });
    // mysqlbinlog's own, weaker rules are part of its text.
    const isOriginal = json === undefined && flavor === 'mysql' && wanted.requireRowFormat === 'on';
    return wanted.requireRowFormat === 'off' || isOriginal
      ? printer
      : guardRowFormat(printer, wanted, diagnose);
  };
  try {
    if (dump !== undefined) return await dump({ createPrinter, flush: () => team.finish(), diagnose });
    return await dumpLogs({
      program: io.program,
      logs: options.logs,
      open: (log) => {
        const reader = openLog(log, { ...io, keys });
        origins.startLog(reader.source.seekable ? resolve(io.cwd, log) : undefined);
        return reader;
      },
      fallbackFlavor: options.dialect,
      flavor: options.flavor,
      startPosition: options.selection.startPosition,
      createPrinter,
      diagnose,
      loadZstd,
      progress: (reader) => progress.show(reader),
    });
  } finally {
    progress.clear();
    origins.close();
    try {
      team.finish();
    } finally {
      team.close();
      spill.close();
    }
  }
}

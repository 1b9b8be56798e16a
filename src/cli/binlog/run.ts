import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { type Flavor, loadZstd } from '../../binlog/index.ts';
import { UsageError } from '../../errors/index.ts';
import { MysqlGtidSet } from '../../gtid/index.ts';
import { type Dialect, helpText, OptionError } from '../../options/index.ts';
import { createJsonPrinter, guardRowFormat, type LogPrinter } from '../../text/index.ts';
import { BrokenPipe, type ByteSink, type CommandIo } from '../command-io.ts';
import { version } from '../version.ts';
import { dumpLogs } from './dump.ts';
import { failureTexts } from './failure-text.ts';
import { LocalLoadFiles } from './load-files.ts';
import { openLog } from './log-input.ts';
import { logKeys } from './log-keys.ts';
import { LogOrigins } from './log-origins.ts';
import {
  type BinlogOptions,
  binlogOptionGroups,
  binlogOptionsFor,
  parseBinlogCommandLine,
} from './options/index.ts';
import { printOptions } from './print-options.ts';
import { printers } from './printers.ts';
import { ProgressLine } from './progress.ts';
import { createResultFile, type ResultFile } from './result-file.ts';
import { onSignal } from './signals.ts';
import { TemporaryFile } from './spill-file.ts';
import { isSystemError } from './system-error.ts';
import { RowTeam, rowsBeforeTeam, startRowWorker } from './team/index.ts';
import { localTime } from './time-zone.ts';

/** Why a GTID set cannot be read, in the original's words. */
function gtidSetProblem(text: string): string | undefined {
  try {
    MysqlGtidSet.parse(text);
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/**
 * `rowlock binlog`, `mysqlbinlog`, `mariadb-binlog`: prints binary logs. The name it was started by chooses whose options and
 * messages it has; each log chooses whose text it gets. Returns the exit status.
 */
export async function runBinlog(io: CommandIo): Promise<number> {
  const dialect: Dialect = io.program === 'mariadb-binlog' ? 'mariadb' : 'mysql';
  const diagnose = (line: string): void => io.stderr.write(Buffer.from(`${line}\n`));
  const print = (text: string): void => io.stdout.write(Buffer.from(text));
  try {
    const request = parseBinlogCommandLine({
      dialect,
      program: io.program,
      argv: io.argv,
      env: io.env,
      home: io.env['HOME'] ?? homedir(),
      workingDirectory: io.cwd,
      warn: diagnose,
      checkGtidSet: gtidSetProblem,
    });
    switch (request.action) {
      case 'help':
        print(usage(io.program, dialect));
        return request.exitStatus;
      case 'version':
        print(`${io.program}  Ver ${version} (rowlock), as mysqlbinlog 9.7 and mariadb-binlog 11.8\n`);
        return 0;
      case 'printDefaults':
        print(`${request.lines.join('\n')}\n`);
        return 0;
      case 'run':
        return await printLogs(request.options, io, diagnose);
    }
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    for (const line of error.lines) diagnose(line);
    return error.exitStatus;
  }
}

function usage(program: string, dialect: Dialect): string {
  const name = program === 'rowlock' ? 'rowlock binlog' : program;
  return helpText(binlogOptionsFor(dialect), {
    introduction: [
      `${name} ${version}: prints binary logs of MySQL and MariaDB as text`,
      '',
      `Usage: ${name} [OPTION…] LOG…      (a LOG of - is standard input)`,
    ].join('\n'),
    closing: [
      `Option file groups: ${binlogOptionGroups[dialect].join(' ')}`,
      'First on the line: --print-defaults --no-defaults --defaults-file=FILE --defaults-extra-file=FILE',
      '                   --defaults-group-suffix=TEXT --login-path=NAME --no-login-paths',
    ].join('\n'),
  });
}

async function printLogs(
  options: BinlogOptions,
  io: CommandIo,
  diagnose: (line: string) => void,
): Promise<number> {
  const { resultFile } = options.output;
  const texts = failureTexts[options.dialect];
  if (options.remote?.askPassword === true) {
    const { askSecret } = await import('./remote/index.ts');
    const password = (await askSecret('Enter password: ')) ?? '';
    return printLogs(
      { ...options, remote: { ...options.remote, password, askPassword: false } },
      io,
      diagnose,
    );
  }
  if (options.output.raw) {
    const { archiveRemoteLogs, copyRemoteLogs } = await import('./remote/index.ts');
    const { resume, reconnect, expireLogs } = options.remote!;
    const surroundings = { options, diagnose, program: io.program, cwd: io.cwd };
    return resume || reconnect !== undefined || expireLogs !== undefined
      ? archiveRemoteLogs({ ...surroundings, stderr: io.stderr, onSignal })
      : copyRemoteLogs(surroundings);
  }
  let file: ResultFile | undefined;
  if (resultFile !== undefined) {
    try {
      file = createResultFile(resultFile, io.cwd);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      for (const line of texts.cannotCreate(io.program, resultFile, error)) diagnose(line);
      return 1;
    }
  }
  const sink: ByteSink = file ?? io.stdout;
  try {
    return await printTo(sink, options, io, diagnose);
  } catch (error) {
    if (error instanceof BrokenPipe || !isSystemError(error) || error.syscall !== 'write') throw error;
    for (const line of texts.cannotWrite(io.program, resultFile ?? 'stdout', error)) diagnose(line);
    return 1;
  } finally {
    file?.close();
  }
}

async function printTo(
  sink: ByteSink,
  options: BinlogOptions,
  io: CommandIo,
  diagnose: (line: string) => void,
): Promise<number> {
  const { verbose } = options.output;
  const team = new RowTeam(sink, { verbose, compat: options.compat }, startRowWorker, rowsBeforeTeam());
  const { out } = team;
  const progress = new ProgressLine(io.stderr, () => !sink.isTerminal);
  const loadFiles = new LocalLoadFiles(options.output.localLoad, io.cwd);
  const spill = new TemporaryFile(io.env['TMPDIR']);
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
          })
        : createJsonPrinter(json, wanted, out, { diagnose });
    // mysqlbinlog's own, weaker rules are part of its text.
    const isOriginal = json === undefined && flavor === 'mysql' && wanted.requireRowFormat === 'on';
    return wanted.requireRowFormat === 'off' || isOriginal
      ? printer
      : guardRowFormat(printer, wanted, diagnose);
  };
  try {
    if (options.remote !== undefined) {
      const { dumpRemoteLogs } = await import('./remote/index.ts');
      return await dumpRemoteLogs({
        options,
        program: io.program,
        cwd: io.cwd,
        createPrinter,
        diagnose,
        loadZstd,
        flush: () => team.finish(),
      });
    }
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
    spill.close();
    origins.close();
    try {
      team.finish();
    } finally {
      team.close();
    }
  }
}

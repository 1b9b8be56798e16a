import { homedir } from 'node:os';
import { isSystemError, UsageError } from '../../errors/index.ts';
import { MysqlGtidSet } from '../../gtid/index.ts';
import { type Dialect, helpText, OptionError } from '../../options/index.ts';
import type { CommandIo } from '../command-io.ts';
import { version } from '../version.ts';
import { failureTexts } from './failure-text.ts';
import { missingFolder, temporaryFolders } from './load-files.ts';
import { binlogOptionGroups, binlogOptionsFor, parseBinlogCommandLine } from './options/index.ts';
import { printLogs } from './print-logs.ts';
import { reportOptionErrors } from './report-option-errors.ts';
import { createResultFile, type ResultFile } from './result-file.ts';

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
export function runBinlog(io: CommandIo): Promise<number> {
  const dialect: Dialect = io.program === 'mariadb-binlog' ? 'mariadb' : 'mysql';
  const diagnose = (line: string): void => io.stderr.write(Buffer.from(`${line}\n`));
  const print = (text: string): void => io.stdout.write(Buffer.from(text));
  const texts = failureTexts[dialect];
  let file: ResultFile | undefined;
  const openResult = (path: string): void => {
    try {
      file = createResultFile(path, io.cwd, dialect);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      throw new OptionError(texts.cannotCreate(io.program, path, error), 1);
    }
  };
  return reportOptionErrors(diagnose, async () => {
    const request = parseBinlogCommandLine({
      dialect,
      program: io.program,
      argv: io.argv,
      env: io.env,
      home: io.env['HOME'] ?? homedir(),
      workingDirectory: io.cwd,
      warn: diagnose,
      checkGtidSet: gtidSetProblem,
      openResult,
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
      case 'run': {
        const { options } = request;
        const missing =
          options.output.localLoad === undefined
            ? missingFolder(temporaryFolders(io.env), io.cwd)
            : undefined;
        if (missing !== undefined && texts.noTemporaryFolder !== undefined)
          throw new OptionError(texts.noTemporaryFolder(io.program, missing.folder, missing.error), 1);
        if (options.remote === undefined) return printLogs(options, io, diagnose, file);
        const { printRemoteLogs } = await import('./remote-logs.ts');
        return printRemoteLogs(options, io, diagnose, file);
      }
    }
  }).finally(() => file?.close());
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

import { loadZstd } from '../../binlog/index.ts';
import type { CommandIo } from '../command-io.ts';
import type { BinlogOptions } from './options/index.ts';
import { printLogs } from './print-logs.ts';
import { archiveRemoteLogs, askSecret, copyRemoteLogs, dumpRemoteLogs } from './remote/index.ts';
import { reportOptionErrors } from './report-option-errors.ts';
import type { ResultFile } from './result-file.ts';
import { onSignal } from './signals.ts';

/**
 * Prints, copies or archives the logs of a server. Returns the exit status.
 *
 * A bundle of its own, with a copy of everything that printing takes: errors that come from inside are told apart by their class, and
 * none leaves it but what `io` throws.
 */
export function printRemoteLogs(
  options: BinlogOptions,
  io: CommandIo,
  diagnose: (line: string) => void,
  file: ResultFile | undefined,
): Promise<number> {
  return reportOptionErrors(diagnose, async () => {
    const remote = options.remote!;
    const password = remote.askPassword ? ((await askSecret('Enter password: ')) ?? '') : remote.password;
    return read({ ...options, remote: { ...remote, password, askPassword: false } }, io, diagnose, file);
  });
}

async function read(
  options: BinlogOptions,
  io: CommandIo,
  diagnose: (line: string) => void,
  file: ResultFile | undefined,
): Promise<number> {
  const { program, cwd, stderr } = io;
  if (options.output.raw) {
    if (options.checks.requireRowFormat !== 'off') await loadZstd();
    const { resume, reconnect, expireLogs } = options.remote!;
    const surroundings = { options, diagnose, program, cwd };
    return resume || reconnect !== undefined || expireLogs !== undefined
      ? archiveRemoteLogs({ ...surroundings, stderr, onSignal })
      : copyRemoteLogs(surroundings);
  }
  return printLogs(options, io, diagnose, file, (printing) =>
    dumpRemoteLogs({ options, program, cwd, loadZstd, ...printing }),
  );
}

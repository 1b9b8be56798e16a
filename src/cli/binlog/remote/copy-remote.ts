import { EventType, RawEvent } from '../../../binlog/index.ts';
import { isSystemError, systemError } from '../../../errors/index.ts';
import { BELL } from '../failure-text.ts';
import type { BinlogOptions } from '../options/index.ts';
import { createCopyGuard, ForbiddenEvent } from './copy-guard.ts';
import { createCopyRename } from './copy-rename.ts';
import { failureLines } from './dump-remote.ts';
import { createMadeUpCheck } from './made-up-events.ts';
import { type DumpSurroundings, type OpenDump, openDump } from './open-dump.ts';
import { isPlainName, RawCopy, StrayName } from './raw-copy.ts';
import { isArtificial, nextFile } from './rotation.ts';

const LOG_START = 4;

/** `--raw`: copies logs of a server, byte for byte. Returns the exit status. */
export async function copyRemoteLogs(surroundings: DumpSurroundings): Promise<number> {
  const { options, diagnose } = surroundings;
  for (const [index, log] of options.logs.entries()) {
    const position = index === 0 ? options.selection.startPosition : LOG_START;
    let path = '';
    try {
      const dump = await openDump(surroundings, log, position);
      try {
        await copyLog(dump, log, surroundings, (wanted) => {
          path = wanted;
        });
      } finally {
        dump.events.close();
      }
    } catch (error) {
      const lines = isSystemError(error)
        ? fileLines(error, path, surroundings.program, surroundings.options)
        : copyFailureLines(error, path, surroundings);
      if (lines === undefined) throw error;
      for (const line of lines) diagnose(line);
      return 1;
    }
  }
  return 0;
}

/** Undefined: not a failure that a copy can meet. */
export function copyFailureLines(
  error: unknown,
  path: string,
  surroundings: DumpSurroundings,
): string[] | undefined {
  if (isSystemError(error))
    return fileLines(error, error.path ?? path, surroundings.program, surroundings.options);
  if (error instanceof ForbiddenEvent) return [...error.lines];
  if (error instanceof StrayName) return [`ERROR: ${error.message}`];
  return failureLines(error, surroundings);
}

async function copyLog(
  { events, flavor }: OpenDump,
  log: string,
  { options, cwd }: DumpSurroundings,
  opening: (path: string) => void,
): Promise<void> {
  const { toLastLog, stopNever } = options.remote!;
  const rename = createCopyRename(options.output.rewrites, flavor);
  const guard = createCopyGuard(options.checks.requireRowFormat, flavor);
  const checkMadeUp = createMadeUpCheck(options, flavor);
  const event = new RawEvent();
  let name = log;
  let copy: RawCopy | undefined;
  try {
    do {
      while (events.next(event, 0)) {
        const isRotate = event.type === EventType.ROTATE_EVENT && isArtificial(event);
        const refusal = isRotate && !toLastLog ? undefined : checkMadeUp?.(event);
        if (refusal !== undefined) throw new ForbiddenEvent([refusal]);
        if (isRotate) {
          const next = nextFile(event);
          if (next !== log && !toLastLog) return;
          name = next;
          continue;
        }
        guard?.check(event, name);
        if (event.type === EventType.FORMAT_DESCRIPTION_EVENT) {
          await copy?.close();
          copy = undefined;
          if (!isPlainName(name))
            throw new StrayName(`the server names a log '${name}', which is no name of a file`);
          const path = `${options.output.resultFile ?? ''}${name}`;
          opening(path);
          copy = new RawCopy(path, cwd);
        }
        const { bytes, start, end } = rename(event);
        const waiting = copy?.write(bytes, start, end);
        if (waiting !== undefined) await waiting;
      }
      // Somebody may be watching a copy that never ends.
      if (stopNever) await copy?.flush();
    } while (await events.wait());
  } finally {
    await copy?.close();
  }
}

function fileLines(
  error: NodeJS.ErrnoException,
  path: string,
  program: string,
  { dialect }: BinlogOptions,
): string[] {
  const { errno, text } = systemError(error);
  if (error.syscall !== 'open')
    return [`ERROR: Could not write into log file '${path}'`, `hint: ${text} (${errno})`];
  return dialect === 'mysql'
    ? [
        `${program}: Can't create/write to file '${path}' (OS errno ${errno} - ${text})`,
        `ERROR: Could not create log file '${path}'`,
      ]
    : [
        `${BELL}${program}: Can't create/write to file '${path}' (Errcode: ${errno} "${text}")`,
        `ERROR: Could not create output log file: ${path}`,
      ];
}

import { EventType, type Flavor, RawEvent } from '../../../binlog/index.ts';
import { RowlockError, ServerError, UsageError } from '../../../errors/index.ts';
import type { LogPrinter, PrintVerdict } from '../../../text/index.ts';
import { asFailure, RemoteFailure } from './failure.ts';
import { createMadeUpCheck } from './made-up-events.ts';
import { type DumpSurroundings, type OpenDump, openDump, UnknownVersion } from './open-dump.ts';
import { isArtificial, nextFile } from './rotation.ts';

export interface RemoteSurroundings extends DumpSurroundings {
  readonly createPrinter: (flavor: Flavor) => LogPrinter;
  /** Makes payloads decodable; called before the first one. */
  readonly loadZstd: () => Promise<void>;
  /** Hands on what was printed: called before waiting for a server that may take its time. */
  readonly flush: () => void;
}

/** The first byte behind a log's magic. */
const LOG_START = 4;

/** Prints logs of a server one after the other, over a connection each. Returns the exit status. */
export async function dumpRemoteLogs(surroundings: RemoteSurroundings): Promise<number> {
  const { options, diagnose } = surroundings;
  const { logs } = options;
  let flavor: Flavor | undefined;
  let printer: LogPrinter | undefined;
  let verdict: PrintVerdict = 'continue';
  const use = (answering: Flavor): LogPrinter => {
    const wanted = options.flavor === 'auto' ? answering : options.flavor;
    if (printer !== undefined && flavor === wanted) return printer;
    printer?.end(false);
    flavor = wanted;
    printer = surroundings.createPrinter(wanted);
    printer.begin();
    return printer;
  };
  for (const [index, log] of logs.entries()) {
    const file = { name: log, isFirst: index === 0, isLast: index === logs.length - 1 };
    const position = file.isFirst ? options.selection.startPosition : LOG_START;
    let dump: OpenDump;
    try {
      dump = await openDump(surroundings, log, position);
    } catch (error) {
      const lines = failureLines(error, surroundings);
      if (lines === undefined) throw error;
      use(flavor ?? options.dialect).startFile(file);
      for (const line of lines) diagnose(line);
      verdict = 'fail';
      break;
    }
    const current = use(dump.flavor);
    current.startFile(file);
    try {
      verdict = await dumpLog(dump, log, position, current, flavor!, surroundings);
    } finally {
      dump.events.close();
    }
    if (verdict !== 'continue') break;
  }
  printer?.end(verdict === 'fail');
  return verdict === 'fail' ? 1 : 0;
}

async function dumpLog(
  { events }: OpenDump,
  log: string,
  startPosition: number,
  printer: LogPrinter,
  flavor: Flavor,
  surroundings: RemoteSurroundings,
): Promise<PrintVerdict> {
  const { options, diagnose, loadZstd, flush } = surroundings;
  const { toLastLog, stopNever } = options.remote!;
  const checkMadeUp = createMadeUpCheck(options, flavor);
  const event = new RawEvent();
  let position = startPosition;
  let zstdLoaded = false;
  let verdict: PrintVerdict = 'continue';
  try {
    dump: do {
      while (verdict === 'continue' && events.next(event, position)) {
        const { type } = event;
        let counts = true;
        if (type === EventType.ROTATE_EVENT && isArtificial(event)) {
          if (!toLastLog) {
            // Ours comes first and is no part of the log; the next one says that the log is over.
            if (nextFile(event) === log) continue;
            break dump;
          }
          if (flavor === 'mysql') {
            position = startPosition;
            event.position = position;
          }
          counts = false;
        } else if (type === EventType.FORMAT_DESCRIPTION_EVENT) {
          // Only at the start of a log it stands where it says; elsewhere the source sends it ahead of the position asked for.
          counts = position === LOG_START;
        } else if (type === EventType.TRANSACTION_PAYLOAD_EVENT && !zstdLoaded) {
          await loadZstd();
          zstdLoaded = true;
        }
        const refusal = checkMadeUp?.(event);
        if (refusal !== undefined) {
          diagnose(refusal);
          verdict = 'fail';
          break;
        }
        verdict = printer.event(event);
        if (counts) position += event.length;
      }
      if (stopNever) flush();
    } while (verdict === 'continue' && (await events.wait()));
  } catch (error) {
    const lines = failureLines(error, surroundings);
    if (lines === undefined) throw error;
    for (const line of lines) diagnose(line);
    verdict = 'fail';
  }
  const ending = printer.endFile(verdict === 'fail');
  return ending === 'fail' || verdict === 'continue' || verdict === 'leave' ? ending : verdict;
}

/** Undefined: not a failure of the conversation. */
export function failureLines(
  error: unknown,
  { options, program }: Pick<DumpSurroundings, 'options' | 'program'>,
): string[] | undefined {
  if (error instanceof UnknownVersion) return error.lines(options);
  if (error instanceof UsageError) return [`ERROR: ${error.message}`];
  // What has a place in a file is told with it.
  if (error instanceof RowlockError && !(error instanceof ServerError) && error.context.file !== undefined) {
    const hints = error.hint?.split('\n') ?? [];
    return [`ERROR: ${error.describe()}`, ...hints.map((line) => `hint: ${line}`)];
  }
  const failure = asFailure('dump', error);
  return failure instanceof RemoteFailure ? failure.lines(options.dialect, program) : undefined;
}

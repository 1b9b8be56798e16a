import { EventType, type Flavor, HEADER_BYTES, RawEvent } from '../../binlog/index.ts';
import { FormatError, isSystemError, TruncatedError } from '../../errors/index.ts';
import type { LogReader } from '../../store/index.ts';
import type { LogPrinter, PrintVerdict } from '../../text/index.ts';
import { failureTexts } from './failure-text.ts';
import { flavorOf, InputFailure, isInUse, skipTo } from './log-input.ts';

export interface DumpSurroundings {
  readonly program: string;
  readonly logs: readonly string[];
  readonly open: (log: string) => LogReader;
  /** The flavor of frames and messages as long as no log has decided. */
  readonly fallbackFlavor: Flavor;
  /** `auto`: each log decides. */
  readonly flavor: 'auto' | Flavor;
  readonly startPosition: number;
  readonly createPrinter: (flavor: Flavor) => LogPrinter;
  readonly diagnose: (line: string) => void;
  /** Makes payloads decodable; called before the first one. */
  readonly loadZstd: () => Promise<void>;
  readonly progress: (reader: LogReader) => void;
}

/** How many events pass between looks at the clock for the progress line. */
const PROGRESS_EVERY = 1024;

/**
 * Prints logs one after the other, in the order and with the endings of the originals: the first log that fails ends the run, the
 * closing frame is printed all the same. Returns the exit status.
 */
export async function dumpLogs(surroundings: DumpSurroundings): Promise<number> {
  const { logs, open, diagnose, fallbackFlavor } = surroundings;
  let flavor: Flavor | undefined;
  let printer: LogPrinter | undefined;
  let verdict: PrintVerdict = 'continue';

  const use = (wanted: Flavor): LogPrinter => {
    if (printer !== undefined && flavor === wanted) return printer;
    printer?.end(false);
    flavor = wanted;
    printer = surroundings.createPrinter(wanted);
    printer.begin();
    return printer;
  };

  for (const [index, log] of logs.entries()) {
    let reader: LogReader;
    try {
      reader = open(log);
    } catch (error) {
      if (!(error instanceof InputFailure)) throw error;
      const current = use(flavor ?? (surroundings.flavor === 'auto' ? fallbackFlavor : surroundings.flavor));
      current.startFile({ name: log, isFirst: index === 0, isLast: index === logs.length - 1 });
      for (const line of error.lines(failureTexts[flavor!])) diagnose(line);
      verdict = 'fail';
      break;
    }
    try {
      const decided = surroundings.flavor === 'auto' ? flavorOf(reader) : surroundings.flavor;
      const current = use(decided ?? flavor ?? fallbackFlavor);
      const isFirst = index === 0;
      current.startFile({ name: log, isFirst, isLast: index === logs.length - 1 });
      verdict = await dumpLog(
        reader,
        log,
        current,
        flavor!,
        isFirst ? surroundings.startPosition : 0,
        surroundings,
      );
    } finally {
      reader.close();
    }
    if (verdict !== 'continue') break;
  }
  printer?.end(verdict === 'fail');
  return verdict === 'fail' ? 1 : 0;
}

async function dumpLog(
  reader: LogReader,
  log: string,
  printer: LogPrinter,
  flavor: Flavor,
  startPosition: number,
  surroundings: DumpSurroundings,
): Promise<PrintVerdict> {
  const { diagnose, loadZstd, program } = surroundings;
  const event = new RawEvent();
  let inUse = false;
  let zstdLoaded = false;
  let verdict: PrintVerdict = 'continue';
  let searching = startPosition > 4;
  /** Whether the printer reads on behind what is no event. */
  const passOver = (error: unknown): boolean => {
    if (!(error instanceof FormatError)) return false;
    const { framer } = reader;
    if (framer.pending < HEADER_BYTES) return false;
    const passed = printer.unframed?.(framer.position, error instanceof TruncatedError);
    if (passed === undefined) return false;
    verdict = passed;
    framer.skip(HEADER_BYTES);
    return true;
  };
  try {
    if (searching) {
      const { descriptions, isReached, failure } = skipTo(reader, startPosition, flavor);
      searching = failure !== undefined;
      for (const description of descriptions) {
        if (verdict !== 'continue') break;
        inUse = isInUse(description);
        verdict = printer.event(description);
      }
      if (failure !== undefined) throw failure;
      if (!isReached) {
        diagnose('ERROR: Failed reading from file.');
        verdict = 'fail';
      }
    }
    for (let reading = true; reading; ) {
      try {
        for (let count = 1; verdict === 'continue' && reader.next(event); count += 1) {
          if (event.type === EventType.FORMAT_DESCRIPTION_EVENT) inUse = isInUse(event);
          else if (event.type === EventType.TRANSACTION_PAYLOAD_EVENT && !zstdLoaded) {
            await loadZstd();
            zstdLoaded = true;
          }
          verdict = printer.event(event);
          if (count % PROGRESS_EVERY === 0) surroundings.progress(reader);
        }
        reading = false;
      } catch (error) {
        if (!passOver(error)) throw error;
      }
    }
  } catch (error) {
    const text = failureTexts[flavor];
    const isSettled = printer.settle?.() !== 'fail';
    const tail =
      inUse && error instanceof FormatError ? text.tornTail(error, reader.framer.rest()) : undefined;
    if (!isSettled) verdict = 'fail';
    else if (tail !== undefined) {
      for (const line of tail) diagnose(line);
    } else if (error instanceof FormatError) {
      const { position } = reader.framer;
      for (const line of text.badEvent(error, reader.framer.rest(), position, searching)) diagnose(line);
      verdict = 'fail';
    } else if (isSystemError(error) && error.syscall === 'read') {
      for (const line of text.cannotRead(program, log, error)) diagnose(line);
      verdict = 'fail';
    } else {
      throw error;
    }
  }
  const ending = printer.endFile(verdict === 'fail');
  return ending === 'fail' || verdict === 'continue' || verdict === 'leave' ? ending : verdict;
}

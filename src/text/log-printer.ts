import type { RawEvent } from '../binlog/index.ts';

/**
 * What the caller does after an event: read on, leave this log as if it ended here, end this run as finished, or end it as failed
 * (exit status 1).
 */
export type PrintVerdict = 'continue' | 'leave' | 'stop' | 'fail';

/** Files that LOAD DATA events are rebuilt into (`--local-load`). Names and I/O errors are the caller's. */
export interface LoadFiles {
  /** Creates a fresh file for a load and returns its path as the text shows it. Throws what the original would say. */
  create(fileId: number, name: string): string;
  append(fileId: number, data: Buffer): void;
}

/** Lines for standard error: `WARNING: …`, `ERROR: …`, exactly as the original prints them, without the newline. */
export type Diagnose = (line: string) => void;

/**
 * Turns framed events into the text of one of the original tools. Everything between "an event was read" and "bytes to
 * print" is here, filters and warnings included; opening and reading files is the caller's.
 *
 *     begin → (startFile → event* → endFile)* → end
 *
 * The order of calls is the order of the original: `begin` prints the opening frame, `end` the closing one, also after a failure.
 */
export interface LogPrinter {
  begin(): void;
  /** A new input file. `isFirst` and `isLast` decide where `--start-position` and `--stop-position` count. */
  startFile(file: { readonly name: string; readonly isFirst: boolean; readonly isLast: boolean }): void;
  /** One event. Payloads must be decodable synchronously: the caller has loaded zstd before it hands one over. */
  event(event: RawEvent): PrintVerdict;
  /**
   * The bytes at `position` are no event; `isCut`: they may be the beginning of one that the log does not hold whole. Printers that read
   * on all the same, behind what would be a header, say what to do next; undefined, or no such method: the log cannot be read on.
   */
  unframed?(position: number, isCut: boolean): PrintVerdict | undefined;
  /** Prints what waits for that, before the caller says why it cannot read on. `fail`: something was wrong with it, and the printer has said so. */
  settle?(): PrintVerdict;
  /** The file ended, whole or not; `failed`: the run ends here, and the caller or the printer has already said why. */
  endFile(failed: boolean): PrintVerdict;
  /** `failed`: the run ended with an error, whoever found it. MariaDB's tool then prints no closing frame. */
  end(failed: boolean): void;
}

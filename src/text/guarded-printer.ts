import type { EventBody, RawEvent } from '../binlog/index.ts';
import { RowlockError } from '../errors/index.ts';
import { LogCheck, mysqlbinlogErrorLine, type Refusal } from '../guard/index.ts';
import type { Diagnose, LogPrinter, PrintVerdict } from './log-printer.ts';
import { RangeFilter } from './mysql/range-filter.ts';
import type { PrintOptions } from './print-options.ts';

/**
 * `--require-row-format=strict`: the same guard that a channel has, in front of any printer. It looks at every event of the range that
 * is printed, events inside compressed transactions too, before the printer sees it; the first refusal ends the run, and the printer
 * closes its frame so that a client that reads the text rolls back.
 */
class GuardedPrinter implements LogPrinter {
  readonly #printer: LogPrinter;
  readonly #range: RangeFilter;
  readonly #diagnose: Diagnose;
  #check = new LogCheck();
  #file = '';

  constructor(printer: LogPrinter, options: PrintOptions, diagnose: Diagnose) {
    this.#printer = printer;
    this.#range = new RangeFilter(options);
    this.#diagnose = diagnose;
  }

  begin(): void {
    this.#printer.begin();
  }

  startFile(file: { readonly name: string; readonly isFirst: boolean; readonly isLast: boolean }): void {
    this.#check = new LogCheck();
    this.#file = file.name;
    this.#range.startFile(file.isLast);
    this.#printer.startFile(file);
  }

  event(event: RawEvent): PrintVerdict {
    const refusal = this.#look(event);
    if (refusal === undefined) return this.#printer.event(event);
    if (this.settle() === 'fail') return 'fail';
    this.#diagnose(mysqlbinlogErrorLine(refusal));
    this.#diagnose(`hint: ${this.#file}:${event.position} ${event.name}: ${refusal.sentence}`);
    return 'fail';
  }

  unframed(position: number, isCut: boolean): PrintVerdict | undefined {
    return this.#printer.unframed?.(position, isCut);
  }

  settle(): PrintVerdict {
    return this.#printer.settle?.() ?? 'continue';
  }

  endFile(failed: boolean): PrintVerdict {
    return this.#printer.endFile(failed);
  }

  end(failed: boolean): void {
    this.#printer.end(failed);
  }

  #look(event: RawEvent): Refusal | undefined {
    let body: EventBody;
    try {
      body = this.#check.decode(event);
    } catch (error) {
      // Not decodable: the printer says so in the original's words.
      if (error instanceof RowlockError) return undefined;
      throw error;
    }
    return this.#range.look(event, event.position, false) === 'print'
      ? this.#check.check(event, body)
      : undefined;
  }
}

/** Puts the strict guard in front of a printer. */
export function guardRowFormat(printer: LogPrinter, options: PrintOptions, diagnose: Diagnose): LogPrinter {
  return new GuardedPrinter(printer, options, diagnose);
}

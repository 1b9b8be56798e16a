import { decodeBody, LogState, type RawEvent, verifyChecksum } from '../../binlog/index.ts';
import { RowlockError } from '../../errors/index.ts';
import type { LogPrinter, PrintVerdict } from '../log-printer.ts';
import type { PrintOptions } from '../print-options.ts';
import type { TextOutput } from '../text-output.ts';
import { acceptsType } from './accepted-types.ts';
import { printBody } from './events/registry.ts';
import { warnOfUnfinishedStatement, writeClosingFrame, writeOpeningFrame } from './frame.ts';
import { GtidFilter } from './gtid-filter.ts';
import { type MysqlPrinterIo, PrintState } from './print-state.ts';
import { RangeFilter } from './range-filter.ts';
import { rewriteDatabase } from './rewrite.ts';
import { TableText } from './rows/table-text.ts';

/** Prints logs as `mysqlbinlog` 9.7 does. */
class MysqlPrinter implements LogPrinter {
  readonly #options: PrintOptions;
  readonly #state: PrintState;
  readonly #range: RangeFilter;
  readonly #gtids: GtidFilter;

  constructor(options: PrintOptions, out: TextOutput, io: MysqlPrinterIo) {
    this.#options = options;
    this.#state = new PrintState(options, out, io, new LogState());
    this.#state.printEvent = (event) => this.#print(event);
    this.#range = new RangeFilter(options);
    this.#gtids = new GtidFilter(options);
  }

  begin(): void {
    writeOpeningFrame(this.#state);
  }

  startFile(file: { readonly name: string; readonly isFirst: boolean; readonly isLast: boolean }): void {
    this.#state.fileName = file.name;
    this.#range.startFile(file.isLast);
  }

  event(event: RawEvent): PrintVerdict {
    const state = this.#state;
    try {
      if (this.#options.verifyChecksum && event.hasChecksum) verifyChecksum(event);
    } catch (error) {
      if (!(error instanceof RowlockError)) throw error;
      state.diagnoseBadEvent(event, 'Event crc check failed! Most likely there is event corruption.');
      return 'fail';
    }
    return this.#print(event);
  }

  endFile(): PrintVerdict {
    return 'continue';
  }

  end(): void {
    warnOfUnfinishedStatement(this.#state);
    writeClosingFrame(this.#state);
  }

  /** One event of the log, or of a compressed transaction. */
  #print(original: RawEvent): PrintVerdict {
    const state = this.#state;
    const { log, header, held } = state;
    const event =
      this.#options.rewriteDb.length > 0 ? rewriteDatabase(original, this.#options.rewriteDb, log) : original;
    if (!acceptsType(event.type, this.#options.compat)) {
      state.diagnoseBadEvent(event, 'Found invalid event in binary log');
      return 'fail';
    }
    let body: ReturnType<typeof decodeBody>;
    try {
      body = decodeBody(event, log);
    } catch (error) {
      if (!(error instanceof RowlockError)) throw error;
      state.diagnoseBadEvent(event, 'Found invalid event in binary log');
      return 'fail';
    }
    if (body.kind === 'formatDescription') log.setFormat(body);
    else if (body.kind === 'tableMap') {
      log.tables.set(body.tableId, body);
      if (this.#options.verbose > 0) state.tableTexts.set(body.tableId, new TableText(body, this.#options));
    }
    const position = state.payloadPosition ?? event.position;
    const range = this.#range.look(event, position, state.payloadPosition !== undefined);
    if (range !== 'print') return range === 'skip' ? 'continue' : 'stop';
    if (!this.#options.shortForm) {
      held.text('# at ');
      held.integer(position);
      held.text('\n');
    }
    header.hexdumpFrom = position;
    if (this.#gtids.skips(event, body)) return 'continue';
    return printBody(state, event, body);
  }
}

/** Makes a printer of `mysqlbinlog`'s text. */
export function createMysqlPrinter(options: PrintOptions, out: TextOutput, io: MysqlPrinterIo): LogPrinter {
  return new MysqlPrinter(options, out, io);
}

import {
  CHECKSUM_BYTES,
  decodeBody,
  type EventBody,
  LogState,
  type RawEvent,
  TableMemory,
  verifyChecksum,
} from '../../binlog/index.ts';
import { RowlockError } from '../../errors/index.ts';
import { MysqlbinlogGuard, mysqlbinlogErrorLine } from '../../guard/index.ts';
import type { LogPrinter, PrintVerdict } from '../log-printer.ts';
import type { TextOutput } from '../output/text-output.ts';
import type { PrintOptions } from '../print-options.ts';
import { acceptsType, isPassedOver } from './accepted-types.ts';
import { printBody } from './events/registry.ts';
import { Flashback } from './flashback/flashback.ts';
import { warnOfUnfinishedStatement, writeClosingFrame, writeOpeningFrame } from './frame.ts';
import { GtidFilter } from './gtid-filter.ts';
import { isLegalFormat, reasonOfRefusal } from './legal-format.ts';
import { type MysqlPrinterIo, PrintState } from './print-state.ts';
import { RangeFilter } from './range-filter.ts';
import { rewriteDatabase } from './rewrite.ts';
import { isLegalExtra } from './rows/extra-row-info.ts';

/** Prints logs as `mysqlbinlog` 9.7 does. */
class MysqlPrinter implements LogPrinter {
  readonly #options: PrintOptions;
  readonly #state: PrintState;
  /** Each statement maps its tables anew, mostly with the same bytes. */
  readonly #tables: TableMemory;
  readonly #range: RangeFilter;
  readonly #gtids: GtidFilter;
  readonly #guard: MysqlbinlogGuard | undefined;
  /** `--flashback`: takes events instead of printing them. */
  readonly #flashback: Flashback | undefined;

  constructor(options: PrintOptions, out: TextOutput, io: MysqlPrinterIo) {
    this.#options = options;
    const { spill, ...others } = io;
    // Flashback keeps more than a statement: the file is its.
    const log = new LogState();
    // What undoes rows must know what they were.
    log.tolerant = !options.flashback;
    this.#tables = new TableMemory(log);
    this.#state = new PrintState(options, out, options.flashback ? others : io, log);
    this.#state.printEvent = (event) => this.#print(event);
    this.#state.decodeEvent = (event) => this.#decode(event);
    this.#range = new RangeFilter(options);
    // Flashback sees the GTIDs that it does not print.
    this.#gtids = new GtidFilter(options.flashback ? { ...options, skipGtids: false } : options);
    this.#guard = options.requireRowFormat === 'on' ? new MysqlbinlogGuard() : undefined;
    this.#flashback = options.flashback ? new Flashback(this.#state, spill) : undefined;
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

  end(failed: boolean): void {
    if (this.#flashback === undefined) warnOfUnfinishedStatement(this.#state);
    else if (!failed) this.#flashback.writeTo();
    writeClosingFrame(this.#state);
  }

  /** One event of the log, or of a compressed transaction. */
  #print(original: RawEvent): PrintVerdict {
    const state = this.#state;
    const { log, header, places } = state;
    const event =
      this.#options.rewriteDb.length > 0 ? rewriteDatabase(original, this.#options.rewriteDb, log) : original;
    const body = this.#decode(event);
    if (body === undefined) return 'fail';
    if (body.kind === 'formatDescription') {
      if (!isLegalFormat(event, body)) {
        state.diagnoseBadEvent(event, reasonOfRefusal(event));
        return 'fail';
      }
      header.setChecksumAlgorithm(body.checksumAlgorithm);
      log.setFormat(body);
      state.rows?.remember(event);
    }
    if (state.payloadPosition === undefined && !this.#passesGuard(event, body)) return 'fail';
    const position = state.payloadPosition ?? event.position;
    const range = this.#range.look(event, position, state.payloadPosition !== undefined);
    if (range !== 'print') return range === 'skip' ? 'continue' : 'stop';
    if (!this.#options.shortForm) places.push(position);
    header.hexdumpFrom = position;
    header.knowsHeaders = log.format !== undefined;
    if (this.#gtids.skips(event, body)) return 'continue';
    return this.#flashback === undefined ? printBody(state, event, body) : this.#flashback.add(event, body);
  }

  /** Decodes, or says what is wrong. */
  #decode(event: RawEvent): EventBody | undefined {
    const { log } = this.#state;
    const { compat } = this.#options;
    const isDescribed = event.type <= (log.format?.postHeaderLengths.length ?? event.type);
    if (isDescribed && isPassedOver(event, compat)) return { kind: 'ignorable', bytes: event.view() };
    try {
      if (isDescribed && acceptsType(event.type, compat)) {
        const body = this.#tables.decode(event);
        if (body.kind !== 'rows' || isLegalExtra(body)) return body;
      }
    } catch (error) {
      if (!(error instanceof RowlockError)) throw error;
    }
    if (log.format === undefined && event.bodyEnd - event.bodyStart >= CHECKSUM_BYTES) {
      // Without a format description nobody knows of checksums: the original reads over them.
      event.bodyEnd -= CHECKSUM_BYTES;
      try {
        return decodeBody(event, log);
      } catch (error) {
        if (!(error instanceof RowlockError)) throw error;
      } finally {
        event.bodyEnd += CHECKSUM_BYTES;
      }
    }
    this.#state.diagnoseBadEvent(event, reasonOfRefusal(event));
    return undefined;
  }

  /** `--require-row-format`. */
  #passesGuard(event: RawEvent, body: EventBody): boolean {
    if (this.#guard === undefined) return true;
    const verdict = this.#guard.checkEvent(event, body);
    if (verdict.pass) return true;
    this.#state.io.diagnose(mysqlbinlogErrorLine(verdict));
    return false;
  }
}

/** Makes a printer of `mysqlbinlog`'s text. */
export function createMysqlPrinter(options: PrintOptions, out: TextOutput, io: MysqlPrinterIo): LogPrinter {
  // What undoes a transaction is a new one, whatever GTID the old one had.
  return new MysqlPrinter(options.flashback ? { ...options, skipGtids: true } : options, out, io);
}

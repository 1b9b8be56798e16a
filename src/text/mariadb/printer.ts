import {
  decodeBody,
  type EventBody,
  EventFlag,
  EventType,
  isKnownType,
  type RawEvent,
  type Unknown,
  verifyChecksum,
} from '../../binlog/index.ts';
import { ChecksumError, FormatError, RowlockError } from '../../errors/index.ts';
import type { LogPrinter, PrintVerdict } from '../log-printer.ts';
import type { PrintOptions } from '../print-options.ts';
import type { TextOutput } from '../text-output.ts';
import { EventText, undoneKinds } from './event-text.ts';
import { writeClosingFrame, writeOpeningFrame } from './frame.ts';
import { GtidValidator } from './gtid-validator.ts';
import { GtidWindows, gtidOf } from './gtid-window.ts';
import { type MariadbPrinterIo, PrintState } from './print-state.ts';
import { UndoneText } from './undone-text.ts';
import { warnOfUnreachedStops } from './unreached-stops.ts';

/** Events that the original keeps in as much memory as one it does not know. */
const sameSizeAsUnknown: ReadonlySet<number> = new Set([
  EventType.XID_EVENT,
  EventType.BINLOG_CHECKPOINT_EVENT,
]);

function unknownBody(event: RawEvent): Unknown {
  return { kind: 'unknown', bytes: event.bytes.subarray(event.bodyStart, event.bodyEnd) };
}

/** Prints logs as mariadb-binlog 11.8 does. */
export class MariadbPrinter implements LogPrinter {
  readonly #out: TextOutput;
  readonly #state: PrintState;
  readonly #text: EventText;
  readonly #windows: GtidWindows;
  readonly #validator: GtidValidator;
  readonly #undone: UndoneText | undefined;
  #file = { name: '', isFirst: true, isLast: true };
  /** The delimiter of the last file is still in force. */
  #isFileOpen = false;
  /** The transaction is printed; what comes before the first one is, too. */
  #isGroupActive = true;
  #isEncrypted = false;
  #verdict: PrintVerdict = 'continue';
  /** Where the last event of the file ended. */
  #fileEnd = 0;
  readonly #reached = { datetime: false, position: false };
  #hasWarned = false;
  /** A GTID that was asked for never came. */
  #isIncomplete = false;
  /** Events of the run that still have to pass before any is printed. */
  #offset: number;
  #startDatetime: number;

  constructor(options: PrintOptions, out: TextOutput, io: MariadbPrinterIo) {
    this.#out = out;
    this.#state = new PrintState(options, out, io);
    this.#text = new EventText(this.#state);
    this.#windows = new GtidWindows(options);
    this.#validator = new GtidValidator(options, this.#windows, io.diagnose);
    this.#undone = options.flashback ? new UndoneText() : undefined;
    this.#offset = options.offset;
    this.#startDatetime = options.startDatetime;
  }

  begin(): void {
    writeOpeningFrame(this.#out, this.#state.options);
  }

  startFile(file: { readonly name: string; readonly isFirst: boolean; readonly isLast: boolean }): void {
    if (this.#undone === undefined) this.#closeFile();
    this.#file = file;
    this.#isFileOpen = true;
    this.#isEncrypted = false;
    this.#isGroupActive = true;
    this.#state.startFile();
    this.#text.rows.startFile();
    this.#out.text('DELIMITER /*!*/;\n');
  }

  event(event: RawEvent): PrintVerdict {
    this.#verdict = this.#print(event);
    if (sameSizeAsUnknown.has(event.type))
      this.#state.staleChecksum = event.hasChecksum ? event.checksum : null;
    this.#fileEnd = event.position + event.length;
    return this.#verdict;
  }

  #print(event: RawEvent): PrintVerdict {
    const { options, io } = this.#state;
    if (this.#isEncrypted) return this.#encrypted(event);
    let body: EventBody;
    try {
      if (options.verifyChecksum) verifyChecksum(event);
      body = this.#decode(event);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      if (options.forceRead) return this.#damaged(event, error);
      const reason =
        error instanceof ChecksumError
          ? 'Event crc check failed! Most likely there is event corruption.'
          : 'Found invalid event in binary log';
      return this.#unreadable(event, reason, event.length, event.type);
    }
    const verdict = this.#process(event, body);
    if (verdict !== 'continue') return verdict;
    if (body.kind === 'formatDescription' && event.hasFlag(EventFlag.BINLOG_IN_USE) && !options.forceIfOpen) {
      io.diagnose(
        `ERROR: Attempting to dump binlog '${this.#file.name}', which was not closed properly. Most probably, mariadbd is still ` +
          'writing it, or it crashed. Rerun with --force-if-open to ignore this problem.',
      );
      return 'fail';
    }
    return 'continue';
  }

  endFile(failed: boolean): PrintVerdict {
    if (!failed && !this.#file.isLast && this.#verdict === 'continue') return 'continue';
    if (this.#fileEnd >= this.#state.options.stopPosition) this.#reached.position = true;
    this.#warn();
    if (failed || this.#validator.finish()) return 'continue';
    // All that was asked for and is there has been printed: the closing frame belongs to it.
    this.#isIncomplete = true;
    return 'fail';
  }

  end(failed: boolean): void {
    const { options } = this.#state;
    this.#warn();
    if (failed && !this.#isIncomplete) return;
    this.#undone?.writeTo(this.#out);
    this.#closeFile();
    const restoresIds =
      this.#windows.isInUse || options.doServerIds.length > 0 || options.ignoreServerIds.length > 0;
    writeClosingFrame(this.#out, options, restoresIds);
  }

  /** Once, however the run ends. */
  #warn(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const { options, io } = this.#state;
    warnOfUnreachedStops(options, this.#reached, this.#windows, io.diagnose);
  }

  #closeFile(): void {
    if (this.#isFileOpen) this.#out.text('DELIMITER ;\n');
    this.#isFileOpen = false;
  }

  #decode(event: RawEvent): EventBody {
    const { log, options } = this.#state;
    if (!isKnownType(event.type)) {
      if (!options.forceRead && !event.hasFlag(EventFlag.IGNORABLE)) throw new FormatError('unknown event');
      return unknownBody(event);
    }
    const body = decodeBody(event, log);
    if (body.kind === 'formatDescription') log.setFormat(body);
    return body;
  }

  #unreadable(event: RawEvent, reason: string, length: number, type: number): PrintVerdict {
    const { diagnose } = this.#state.io;
    diagnose(
      `ERROR: Error in Log_event::read_log_event(): '${reason}', data_len: ${length}, event_type: ${type}`,
    );
    diagnose(`ERROR: Could not read entry at offset ${event.position}: Error in log format or read error.`);
    return 'fail';
  }

  /** `--force-read`: what cannot be read is passed over. Of damage that a checksum shows not even the header is believed. */
  #damaged(event: RawEvent, error: FormatError): PrintVerdict {
    if (!(error instanceof ChecksumError)) return this.#process(event, unknownBody(event));
    this.#writePosition(event);
    if (!this.#state.options.shortForm) this.#out.text('# Encrypted event\n');
    return 'continue';
  }

  /** Without the server's key there is nothing to see of an event but its length. */
  #encrypted(event: RawEvent): PrintVerdict {
    const { options, out } = this.#state;
    if (!options.forceRead) {
      // The original shows a header that is half decrypted: its length is the timestamp of the encrypted one.
      return this.#unreadable(event, 'Event decryption failure', event.timestamp, event.type);
    }
    this.#writePosition(event);
    if (!options.shortForm) out.text('# Encrypted event\n');
    return 'continue';
  }

  #process(event: RawEvent, body: EventBody): PrintVerdict {
    const state = this.#state;
    const { options, selection } = state;
    const isDescription = body.kind === 'formatDescription';
    if (isDescription && this.#isPassedOver(event)) return 'continue';
    if (!this.#track(event, body)) return 'fail';
    if (this.#windows.isFinished && body.kind === 'mariadbGtid' && !this.#isGroupActive) return 'stop';
    if (!this.#isGroupActive && !isDescription) {
      if (event.timestamp >= options.stopDatetime) this.#reached.datetime = true;
      return 'continue';
    }
    if (isDescription) {
      if (this.#offset > 0) this.#offset -= 1;
    } else {
      if (this.#offset > 0 || event.timestamp < this.#startDatetime) {
        this.#offset -= 1;
        return 'continue';
      }
      // From the first event that is printed on, all are: times may go back and forth.
      this.#startDatetime = 0;
      this.#offset = 0;
      if (event.type !== EventType.ROTATE_EVENT && selection.skipsServer(event.serverId)) return 'continue';
    }
    const isPastStop = this.#file.isLast && event.position >= options.stopPosition;
    if (event.timestamp >= options.stopDatetime) this.#reached.datetime = true;
    else if (isPastStop) this.#reached.position = true;
    if (this.#reached.datetime || isPastStop) return 'stop';
    this.#writePosition(event);
    // Only one that is printed is obeyed.
    if (body.kind === 'startEncryption')
      this.#isEncrypted = !options.decrypted && !event.hasFlag(EventFlag.IGNORABLE);
    return this.#write(event, body);
  }

  /** A format description before `--start-position` is only printed where row events will need it. */
  #isPassedOver(event: RawEvent): boolean {
    const { base64Output, startPosition } = this.#state.options;
    const isNeeded = base64Output === 'auto' || base64Output === 'unspec';
    return !isNeeded && this.#file.isFirst && event.position < startPosition;
  }

  /** Follows the GTIDs. False ends the run as failed. */
  #track(event: RawEvent, body: EventBody): boolean {
    if (body.kind === 'gtidList') return this.#validator.acceptList(body);
    if (body.kind !== 'mariadbGtid') return true;
    const gtid = gtidOf(body, event.serverId);
    const isServerSkipped = this.#windows.choosesDomains && this.#state.selection.skipsServer(event.serverId);
    this.#isGroupActive = this.#windows.includes(gtid) && !isServerSkipped;
    return !this.#isGroupActive || this.#validator.acceptGtid(gtid);
  }

  #writePosition(event: RawEvent): void {
    const { options, out } = this.#state;
    this.#state.position = event.position;
    if (options.shortForm || options.flashback || !options.printRowEventPositions) return;
    out.text('# at ');
    out.integer(event.position);
    out.byte(0x0a);
  }

  #write(event: RawEvent, body: EventBody): PrintVerdict {
    const state = this.#state;
    try {
      if (this.#undone === undefined || !undoneKinds.has(body.kind)) {
        this.#text.write(event, body);
      } else {
        state.out = this.#undone.begin();
        this.#text.write(event, body);
        this.#undone.finish();
      }
      return 'continue';
    } catch (error) {
      if (!(error instanceof RowlockError)) throw error;
      if (state.options.compat === 'better')
        state.io.diagnose(`ERROR: ${error.at({ position: event.position }).describe()}`);
      return 'fail';
    } finally {
      state.out = this.#out;
    }
  }
}

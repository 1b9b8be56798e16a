import { type EventBody, EventFlag, EventType, type RawEvent } from '../../binlog/index.ts';
import { RowlockError } from '../../errors/index.ts';
import type { LogPrinter, PrintVerdict } from '../log-printer.ts';
import { Literal } from '../output/literal.ts';
import type { TextOutput } from '../output/text-output.ts';
import type { PrintOptions } from '../print-options.ts';
import { BodyReader, encryptedBody, placeholder, type Unreadable, unknownBody } from './body-reader.ts';
import { EventText, undoneKinds } from './event-text.ts';
import { writeClosingFrame, writeOpeningFrame } from './frame.ts';
import { GtidValidator } from './gtids/gtid-validator.ts';
import { GtidWindows, gtidOf } from './gtids/gtid-window.ts';
import { type InputEnd, warnOfUnreachedStops } from './gtids/unreached-stops.ts';
import { missingFormat } from './missing-format.ts';
import { type MariadbPrinterIo, PrintState } from './print-state.ts';
import { UndoneText } from './rows/undone-text.ts';

const AT = new Literal('# at ');

/** Events that the original keeps in as much memory as one it does not know. */
const sameSizeAsUnknown: ReadonlySet<number> = new Set([
  EventType.XID_EVENT,
  EventType.BINLOG_CHECKPOINT_EVENT,
]);

/** Prints logs as mariadb-binlog 11.8 does. */
export class MariadbPrinter implements LogPrinter {
  readonly #out: TextOutput;
  readonly #state: PrintState;
  readonly #reader: BodyReader;
  readonly #text: EventText;
  readonly #windows: GtidWindows;
  readonly #validator: GtidValidator;
  readonly #undone: UndoneText | undefined;
  #file = { name: '', isFirst: true, isLast: true };
  /** The delimiter of the last file is still in force. */
  #isFileOpen = false;
  /** A server had the file open when it was copied: what cannot be read is its end, and no failure. */
  #isFileInUse = false;
  /** The transaction is printed; what comes before the first one is, too. */
  #isGroupActive = true;
  #isEncrypted = false;
  #verdict: PrintVerdict = 'continue';
  /** Of an input without events nobody says that it ended too early, but that it is too short. */
  readonly #end: InputEnd = { position: 0, timestamp: Number.POSITIVE_INFINITY };
  #hasWarned = false;
  /** A GTID that was asked for never came. */
  #isIncomplete = false;
  /** Events of the run that still have to pass before any is printed. */
  #offset: number;
  #startDatetime: number;

  constructor(options: PrintOptions, out: TextOutput, io: MariadbPrinterIo) {
    this.#out = out;
    this.#state = new PrintState(options, out, io);
    this.#reader = new BodyReader(options, this.#state.log);
    this.#text = new EventText(this.#state);
    this.#windows = new GtidWindows(options);
    this.#validator = new GtidValidator(options, this.#windows, io.diagnose);
    this.#undone = options.flashback ? new UndoneText(options.compat) : undefined;
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
    this.#isFileInUse = false;
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
    return this.#verdict;
  }

  #print(event: RawEvent): PrintVerdict {
    if (this.#isEncrypted) return this.#encrypted(event);
    const body = this.#reader.read(event);
    if (body.kind === 'unreadable') return this.#unreadable(event, body);
    const isDescription = body.kind === 'formatDescription';
    if (isDescription) {
      this.#state.header.setChecksumAlgorithm(body.checksumAlgorithm);
      this.#isFileInUse = event.hasFlag(EventFlag.BINLOG_IN_USE);
      this.#state.io.rows?.remember(event);
    }
    if (isDescription && this.#isPassedOver(event)) return 'continue';
    const verdict = this.#process(event, body);
    // A format description that is printed, and a Rotate that a server made up, do not count.
    if (isDescription ? verdict === 'stop' : event.type !== EventType.ROTATE_EVENT || event.timestamp !== 0) {
      this.#end.position = event.position + event.length;
      this.#end.timestamp = event.timestamp;
    }
    return verdict;
  }

  endFile(failed: boolean): PrintVerdict {
    const isLeft = this.#verdict === 'continue' || this.#verdict === 'leave';
    if (!failed && !this.#file.isLast && isLeft) return 'continue';
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
    if (this.#hasWarned || this.#state.hasExited) return;
    this.#hasWarned = true;
    const { options, io } = this.#state;
    warnOfUnreachedStops(options, this.#end, this.#file.isLast, this.#windows, io.diagnose);
  }

  #closeFile(): void {
    if (this.#isFileOpen) this.#out.text('DELIMITER ;\n');
    this.#isFileOpen = false;
  }

  #unreadable(event: RawEvent, { reason, isUntrusted }: Unreadable): PrintVerdict {
    if (!this.#state.options.forceRead) return this.#giveUp(event, reason, event.length);
    // Of damage that a checksum shows not even the header is believed, nor of what cannot be passed over.
    if (isUntrusted) return this.#process(placeholder(event.position), encryptedBody);
    return this.#process(event, unknownBody(event));
  }

  /** Through a log that is cut off the original goes on for ever, unless it comes upon the start of an event. */
  unframed(position: number, isCut: boolean): PrintVerdict | undefined {
    const { forceRead, compat } = this.#state.options;
    if (!forceRead || (isCut && compat === 'better')) return undefined;
    this.#verdict = this.#process(placeholder(position), encryptedBody);
    return this.#verdict;
  }

  #giveUp(event: RawEvent, reason: string, length: number): PrintVerdict {
    const { diagnose, isRemote } = this.#state.io;
    if (isRemote === true) {
      diagnose(`ERROR: Could not construct log event object: ${reason}`);
      return 'fail';
    }
    diagnose(
      `ERROR: Error in Log_event::read_log_event(): '${reason}', data_len: ${length}, event_type: ${event.type}`,
    );
    if (this.#isFileInUse) return 'leave';
    diagnose(`ERROR: Could not read entry at offset ${event.position}: Error in log format or read error.`);
    return 'fail';
  }

  /** Without the server's key there is nothing to see of an event but its length. */
  #encrypted(event: RawEvent): PrintVerdict {
    // The original shows a header that is half decrypted: its length is the timestamp of the encrypted one.
    if (!this.#state.options.forceRead)
      return this.#giveUp(event, 'Event decryption failure', event.timestamp);
    return this.#process(placeholder(event.position), encryptedBody);
  }

  #process(event: RawEvent, body: EventBody): PrintVerdict {
    const state = this.#state;
    const { options, selection, io } = state;
    const isDescription = body.kind === 'formatDescription';
    if (body.kind === 'mariadbGtid' && this.#windows.isFinished) return 'stop';
    if (!this.#track(event, body)) return 'fail';
    if (!this.#isGroupActive && !isDescription) return 'continue';
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
      if (body.kind !== 'rotate' && selection.skipsServer(event.serverId)) return 'continue';
    }
    const isPastStop = this.#file.isLast && event.position >= options.stopPosition;
    if (isPastStop || event.timestamp >= options.stopDatetime) return 'stop';
    this.#writePosition(event);
    // Only one that is printed is obeyed.
    if (body.kind === 'startEncryption') this.#isEncrypted = !options.decrypted;
    const verdict = this.#write(event, body);
    if (!isDescription || !this.#isFileInUse || options.forceIfOpen) return verdict;
    io.diagnose(
      `ERROR: Attempting to dump binlog '${this.#file.name}', which was not closed properly. Most probably, mariadbd is still ` +
        'writing it, or it crashed. Rerun with --force-if-open to ignore this problem.',
    );
    return 'fail';
  }

  /** A format description before `--start-position` is only printed where row events will need it. */
  #isPassedOver(event: RawEvent): boolean {
    const { base64Output, startPosition } = this.#state.options;
    const isNeeded = base64Output === 'auto' || base64Output === 'unspec';
    return !isNeeded && this.#file.isFirst && event.position < startPosition;
  }

  /** Follows the GTIDs. False ends the run as failed. */
  #track(event: RawEvent, body: EventBody): boolean {
    // A server that is asked for the middle of a log makes up a list of no time.
    if (body.kind === 'gtidList') return event.timestamp === 0 || this.#validator.acceptList(body);
    if (body.kind !== 'mariadbGtid') return true;
    const gtid = gtidOf(body, event.serverId);
    const isServerSkipped = this.#windows.isInUse && this.#state.selection.skipsServer(event.serverId);
    this.#isGroupActive = this.#windows.includes(gtid) && !isServerSkipped;
    return !this.#isGroupActive || this.#validator.acceptGtid(gtid);
  }

  #writePosition(event: RawEvent): void {
    const { options, out } = this.#state;
    this.#state.position = event.position;
    if (!options.printRowEventPositions) return;
    out.literal(AT);
    out.integer(event.position);
    out.byte(0x0a);
  }

  #write(event: RawEvent, body: EventBody): PrintVerdict {
    const state = this.#state;
    const malformed = missingFormat(state, event, body);
    if (malformed !== undefined) {
      state.io.diagnose(`ERROR: ${malformed}`);
      return 'fail';
    }
    try {
      if (this.#undone === undefined || !undoneKinds.has(body.kind)) {
        this.#text.write(event, body);
      } else {
        state.out = this.#undone.begin();
        this.#text.write(event, body);
        this.#undone.finish(body.kind === 'stop');
      }
      return 'continue';
    } catch (error) {
      if (!(error instanceof RowlockError)) throw error;
      if (error.code === 'LOAD_FILE') state.io.diagnose(`ERROR: ${error.message}`);
      else if (state.options.compat === 'better')
        state.io.diagnose(`ERROR: ${error.at({ position: event.position }).describe()}`);
      return 'fail';
    } finally {
      state.out = this.#out;
    }
  }
}

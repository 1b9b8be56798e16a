import {
  type EventBody,
  type LogState,
  type RawEvent,
  UNDEFINED_SERVER_VERSION,
} from '../../binlog/index.ts';
import { EventHold, type LogOrigin } from '../event-hold.ts';
import type { Diagnose, LoadFiles, PrintVerdict } from '../log-printer.ts';
import { Literal } from '../output/literal.ts';
import type { TextOutput } from '../output/text-output.ts';
import type { PrintOptions } from '../print-options.ts';
import type { RowOutlet } from '../row-outlet.ts';
import type { SpillFile } from '../spill-file.ts';
import { EventHeaderPrinter } from './event-header.ts';
import { CommitTimes } from './events/commit-time.ts';
import type { HeldValue } from './held-value.ts';
import { ChecksumMemory } from './payload-events.ts';
import { TableTexts } from './rows/table-texts.ts';
import { SessionMemory } from './session-memory.ts';

/** What the printer needs done outside of this room. */
export interface MysqlPrinterIo {
  readonly diagnose: Diagnose;
  readonly loadFiles: LoadFiles;
  /** Where large statements wait for their end; without it they stay in memory. */
  readonly spill?: SpillFile;
  /** The log that is being read, where it can be read again: then nothing of it needs to be spilled. */
  readonly origin?: (() => LogOrigin | undefined) | undefined;
  /** Writes rows elsewhere. */
  readonly rows?: RowOutlet | undefined;
  /** A server sends the log: the originals name no place in it then. */
  readonly isRemote?: boolean;
}

export { DELIMITER } from '../delimiter.ts';

const AT = new Literal('# at ');
const NEWLINE = 0x0a;

/**
 * Everything one run of the printer remembers between events.
 *
 * A statement in row format prints in three parts: what each event says of itself goes out at once, base64 and rows of all
 * of them when the statement ends.
 */
export class PrintState {
  readonly options: PrintOptions;
  readonly out: TextOutput;
  readonly io: MysqlPrinterIo;
  /** What decoding needs to know: format description and table maps. */
  readonly log: LogState;
  readonly header: EventHeaderPrinter;
  readonly session: SessionMemory = new SessionMemory();
  readonly commitTimes: CommitTimes;
  /** Where events begin that have printed nothing: their lines `# at N` come out before the next event that prints something. */
  readonly places: number[] = [];
  /** Events of a statement in row format whose end has not come. */
  readonly statement: EventHold;
  /** Rows or a table map came and no end of their statement. */
  hasUnfinishedStatement = false;
  printedFormatDescription = false;
  /** A format description came that is not a relay log's own. */
  sawFormatDescription = false;
  /** A BEGIN without its end was printed. */
  inTransaction = false;
  /** A GTID was printed and nothing of its transaction yet. */
  seenGtid = false;
  /** Part of the current transaction was filtered out, its end perhaps too. */
  skippedInTransaction = false;
  /** Of the last GTID event; {@link UNDEFINED_SERVER_VERSION} without one. */
  immediateServerVersion: number = UNDEFINED_SERVER_VERSION;
  /** Where a compressed transaction ends, while its events are printed. */
  payloadPosition: number | undefined = undefined;
  /** Where its events get checksums. */
  readonly payloadMemory: ChecksumMemory = new ChecksumMemory();
  /** An event of it could not be read. */
  isPayloadBroken = false;
  /** The log as the user named it. */
  fileName = '';
  /** Values for the next statement. */
  readonly heldValues: HeldValue[] = [];
  /** Tables of the current statement that `--database` filters out. */
  readonly ignoredTables: Set<number> = new Set();
  /** Files of LOAD DATA whose statement has not come yet. */
  readonly loadPaths: Map<number, string> = new Map();
  /** How rows of the tables mapped so far print. */
  readonly tables: TableTexts;
  /** Prints one event from inside another; the printer sets it. */
  printEvent: (event: RawEvent) => PrintVerdict = () => 'continue';
  /** Where rows go, once a format description says how to read them. */
  get rows(): RowOutlet | undefined {
    return this.log.format === undefined ? undefined : this.io.rows;
  }

  /** Decodes an event, or says what is wrong with it; the printer sets it. */
  decodeEvent: (event: RawEvent) => EventBody | undefined = () => undefined;

  constructor(options: PrintOptions, out: TextOutput, io: MysqlPrinterIo, log: LogState) {
    this.options = options;
    this.out = out;
    this.io = io;
    this.log = log;
    this.header = new EventHeaderPrinter(options);
    this.commitTimes = new CommitTimes(options.localTime);
    this.statement = new EventHold(io.spill, io.origin);
    this.tables = new TableTexts(options);
  }

  /** Whether `--database` asks for another one. */
  skipsDatabase(schema: Buffer): boolean {
    const { database } = this.options;
    return database !== undefined && schema.toString('latin1') !== database;
  }

  /** What the original says of an event that it cannot make sense of. */
  diagnoseBadEvent(event: RawEvent, reason: string): void {
    const { diagnose, isRemote } = this.io;
    if (this.payloadPosition !== undefined) {
      this.isPayloadBroken = true;
      return diagnose(`ERROR: Error decoding Payload_log_event: ${reason}.`);
    }
    if (isRemote === true) return diagnose(`ERROR: Could not construct log event object: ${reason}`);
    diagnose(`ERROR: Could not read entry at offset ${event.position}: Error in log format or read error 1.`);
    diagnose(`ERROR: ${reason}`);
  }

  /** Lets the lines about events before this one out. */
  flushHeld(): void {
    const { out, places } = this;
    for (let i = 0; i < places.length; i += 1) {
      out.literal(AT);
      out.integer(places[i]!);
      out.byte(NEWLINE);
    }
    // An array that is emptied at once gives its memory back, which the next event wants again.
    if (places.length === 1) places.pop();
    else places.length = 0;
  }
}

import {
  CHECKSUM_BYTES,
  ChecksumAlgorithm,
  HEADER_BYTES,
  LogState,
  type RawEvent,
} from '../../binlog/index.ts';
import type { LogOrigin } from '../event-hold.ts';
import type { Diagnose, LoadFiles } from '../log-printer.ts';
import { TextOutput } from '../output/text-output.ts';
import type { PrintOptions } from '../print-options.ts';
import type { RowOutlet } from '../row-outlet.ts';
import type { SpillFile } from '../spill-file.ts';
import { EventHeader } from './event-header.ts';
import { Selection } from './selection.ts';
import { SessionMemory } from './session-memory.ts';

/** What the printer needs done outside of this room. */
export interface MariadbPrinterIo {
  readonly diagnose: Diagnose;
  readonly loadFiles: LoadFiles;
  /** Takes what a long statement would fill memory with; without it everything stays in memory. */
  readonly spill?: SpillFile | undefined;
  /** The log that is being read, where it can be read again: then nothing of it needs to be spilled. */
  readonly origin?: (() => LogOrigin | undefined) | undefined;
  /** Writes rows elsewhere. */
  readonly rows?: RowOutlet | undefined;
  /** A server sends the log: the originals name no place in it then. */
  readonly isRemote?: boolean;
}

/** What printing one kind of event knows and remembers. One per run; a file starts its session anew. */
export class PrintState {
  readonly options: PrintOptions;
  readonly io: MariadbPrinterIo;
  readonly selection: Selection;
  readonly header: EventHeader;
  /** Where text goes now: flashback collects most of it to print it backwards. */
  out: TextOutput;
  /** Where text goes that no flashback holds back. */
  readonly direct: TextOutput;
  readonly log: LogState = new LogState();
  session: SessionMemory = new SessionMemory();
  /** Position of the event being printed: what hexdumps count from, also those of events kept from before. */
  position = 0;
  /** Text that comes out with the next table map or the end of rows: `--short-form` leaves annotations there. */
  readonly head: TextOutput = new TextOutput(undefined, 256);
  /** Writes, or forgets, the lines of rows events whose statement goes on: they share the fate of {@link head}. */
  writeRowLines: (isPrinted: boolean) => void = () => {};
  /** An annotation that waits for a table map that is printed. */
  annotation: RawEvent | undefined = undefined;
  /** Rows of the statement so far. */
  rowCount = 0;

  /**
   * What the original shows as the checksum of an event it does not know: it leaves the field unset, in memory that the last event of
   * the same size has left, a transaction's end or a checkpoint.
   */
  staleChecksum: number | null = null;

  /** The original ends its process in the middle of things: it has no last words. */
  hasExited = false;

  constructor(options: PrintOptions, out: TextOutput, io: MariadbPrinterIo) {
    this.log.tolerant = true;
    this.options = options;
    this.out = out;
    this.direct = out;
    this.io = io;
    this.selection = new Selection(options);
    this.header = new EventHeader(options);
  }

  startFile(): void {
    this.session = new SessionMemory();
    this.head.length = 0;
    this.header.headerBytes = 0;
    this.annotation = undefined;
    this.rowCount = 0;
  }

  /** The line an event begins with, not with `--short-form`. */
  writeHeader(event: RawEvent): void {
    this.header.write(this.out, event, this.position, this.#checksumOf(event));
  }

  /** Of an event too short for one the original shows the last bytes of its header. */
  #checksumOf(event: RawEvent): number | null {
    if (event.hasChecksum) return event.checksum;
    const isCut = event.length < HEADER_BYTES + CHECKSUM_BYTES;
    const algorithm = this.log.format?.checksumAlgorithm ?? ChecksumAlgorithm.OFF;
    return isCut && algorithm !== ChecksumAlgorithm.OFF ? event.checksum : null;
  }

  /** Prints what waits. */
  flushHead(): void {
    const { head, out } = this;
    this.writeRowLines(true);
    if (head.length === 0) return;
    out.bytes(head.buffer, 0, head.length);
    head.length = 0;
  }

  /** Text of any other event takes the place of what waits: a statement without an end loses it. */
  dropHead(): void {
    this.writeRowLines(false);
    this.head.length = 0;
  }

  /** `--short-form` shows no rows, however often -v was given. */
  get verbose(): number {
    return this.options.shortForm ? 0 : this.options.verbose;
  }

  /** Whether table maps and rows are looked at: to be shown, or at least counted. */
  get showsRows(): boolean {
    return !this.options.shortForm || this.options.printRowCount;
  }

  /** Whether BINLOG statements are printed. */
  get printsBase64(): boolean {
    const { base64Output, shortForm } = this.options;
    return !shortForm && base64Output !== 'never' && base64Output !== 'decode-rows';
  }
}

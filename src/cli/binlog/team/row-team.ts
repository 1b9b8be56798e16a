import { ByTableId, type RawEvent, TABLES_REMEMBERED } from '../../../binlog/index.ts';
import { type RowForm, type RowOutlet, type RowTextOptions, TextOutput } from '../../../text/index.ts';
import type { ByteSink } from '../../command-io.ts';
import { BatchPrinter } from './batch-printer.ts';
import { OrderedOutput } from './ordered-output.ts';
import { BLOCK_BYTES, createTeamMemory, ITEMS, ItemKind, Team, type TeamMemory } from './team-memory.ts';

/** Larger events are written here. */
const LARGEST_EVENT = BLOCK_BYTES >> 1;

/** When a second thread is worth it. */
export interface TeamStart {
  /** Bytes of rows that this thread writes before it starts another. */
  readonly rowBytes: number;
  /** Only events of so many bytes count. */
  readonly leastEvent: number;
}

/** Starts the second thread on this memory. */
export type StartHelper = (memory: TeamMemory, options: RowTextOptions) => void;

interface Remembered {
  readonly bytes: Buffer;
  readonly hasChecksum: boolean;
  /** The batch it was last put into. */
  batch: number;
}

/**
 * Where the text of a log goes that has many rows: they are written by two threads.
 *
 * Everything that is printed goes into batches, in its order: text as it is, rows as the events they come in, each batch with the
 * format description and table maps that its rows need. Whoever is free writes the next batch; this thread does so when it has no place
 * for another. Without a second thread, or when it is lost, this one writes them all.
 */
export class RowTeam {
  /** Takes all text. */
  readonly out: TextOutput;
  readonly #sink: ByteSink;
  readonly #options: RowTextOptions;
  readonly #startHelper: StartHelper;
  readonly #teamStart: TeamStart;
  readonly #tables = new ByTableId<Remembered>();
  #format: Remembered | undefined;
  #rowBytes = 0;
  #team: Team | undefined;
  #output: OrderedOutput | undefined;
  /** The batch being filled. */
  #batch = 0;
  #form: RowForm = 'mysql';
  #items: Int32Array = new Int32Array(0);
  #itemCount = 0;
  #eventCount = 0;
  /** Table maps of the batch: whoever writes it must not forget one before its end. */
  #mapCount = 0;
  /** Where the text begins that has not become an item. */
  #textAt = 0;

  constructor(sink: ByteSink, options: RowTextOptions, startHelper: StartHelper, teamStart: TeamStart) {
    this.#sink = sink;
    this.#options = options;
    this.#startHelper = startHelper;
    this.#teamStart = teamStart;
    this.out = new TextOutput((bytes) => this.#accept(bytes));
  }

  /** For a printer that writes rows in this form. */
  outlet(form: RowForm): RowOutlet {
    return {
      remember: (event, tableId) => this.#remember(event, tableId),
      take: (event, tableId, place) => this.#take(form, event, tableId, place),
      settle: () => this.#settle(),
    };
  }

  /** Writes everything out. */
  finish(): void {
    this.out.flush();
    this.#output?.finish();
  }

  /** Lets the other thread go. */
  close(): void {
    this.#team?.quit();
  }

  #remember(event: RawEvent, tableId: number | undefined): void {
    const made = { bytes: Buffer.from(event.view()), hasChecksum: event.hasChecksum, batch: -1 };
    if (tableId === undefined) this.#format = made;
    else this.#tables.set(tableId, made);
  }

  #take(form: RowForm, event: RawEvent, tableId: number, place: Buffer | undefined): boolean {
    const size = event.end - event.start;
    this.#count(size);
    if (this.#team === undefined) return false;
    const format = this.#format;
    const map = this.#tables.get(tableId);
    if (size > LARGEST_EVENT || format === undefined || map === undefined) return this.#decline();
    const placeBytes = place?.length ?? 0;
    const needed = size + format.bytes.length + map.bytes.length + placeBytes;
    if (
      (form !== this.#form && this.#eventCount > 0) ||
      this.out.buffer.length - this.out.length < needed ||
      this.#itemCount + 6 > ITEMS ||
      this.#mapCount >= TABLES_REMEMBERED
    ) {
      this.out.flush();
      if (needed > this.out.buffer.length) return this.#decline();
    }
    this.#form = form;
    this.#endText();
    this.#putOnce(format);
    if (this.#putOnce(map)) this.#mapCount += 1;
    if (place !== undefined) {
      this.out.bytes(place);
      this.#item(ItemKind.PLACE);
    }
    this.#put(event.bytes, event.start, event.end, event.hasChecksum);
    return true;
  }

  /** The team starts when there has been enough that is worth it. */
  #count(bytes: number): void {
    const { rowBytes, leastEvent } = this.#teamStart;
    if (this.#team !== undefined || bytes < leastEvent) return;
    this.#rowBytes += bytes;
    if (this.#rowBytes >= rowBytes) this.#start();
  }

  /** While a printer writes rows of its own, this thread must not write others in between, when the output makes room. */
  #decline(): false {
    this.#settle();
    return false;
  }

  /** Writes what was taken, and waits for none where nothing was. */
  #settle(): void {
    if (this.#output?.isBusy === true || this.#eventCount > 0) this.finish();
  }

  /** Whether it was not there yet. */
  #putOnce(remembered: Remembered): boolean {
    if (remembered.batch === this.#batch) return false;
    remembered.batch = this.#batch;
    this.#put(remembered.bytes, 0, remembered.bytes.length, remembered.hasChecksum);
    return true;
  }

  #put(bytes: Buffer, start: number, end: number, hasChecksum: boolean): void {
    this.out.bytes(bytes, start, end);
    this.#item(hasChecksum ? ItemKind.EVENT_WITH_CHECKSUM : ItemKind.EVENT);
    this.#eventCount += 1;
  }

  #item(kind: number): void {
    this.#items[this.#itemCount] = this.out.length * 4 + kind;
    this.#itemCount += 1;
    this.#textAt = this.out.length;
  }

  #endText(): void {
    if (this.out.length > this.#textAt) this.#item(ItemKind.TEXT);
  }

  #start(): void {
    this.out.flush();
    const memory = createTeamMemory();
    const team = new Team(memory);
    this.#team = team;
    this.#output = new OrderedOutput(team, this.#sink, (out) => new BatchPrinter(team, this.#options, out));
    this.#beginBatch();
    this.#startHelper(memory, this.#options);
  }

  #beginBatch(): void {
    this.out.replaceBuffer(this.#team!.block(this.#batch));
    this.#items = this.#team!.items(this.#batch);
    this.#itemCount = 0;
    this.#eventCount = 0;
    this.#mapCount = 0;
    this.#textAt = 0;
  }

  /** Takes what the output has collected: a batch, or more text at once than fits into one. */
  #accept(bytes: Buffer): void {
    const team = this.#team;
    const output = this.#output;
    if (team === undefined || output === undefined) {
      this.#sink.write(bytes);
      return;
    }
    if (bytes.buffer !== team.block(this.#batch).buffer) {
      output.finish();
      this.#sink.write(bytes);
    } else {
      if (this.#eventCount > 0 && bytes.length > this.#textAt) {
        this.#items[this.#itemCount] = bytes.length * 4 + ItemKind.TEXT;
        this.#itemCount += 1;
      }
      if (this.#eventCount > 0) output.addItems(this.#batch, this.#form, this.#itemCount);
      else output.addText(this.#batch, bytes);
      this.#batch += 1;
    }
    this.#beginBatch();
  }
}

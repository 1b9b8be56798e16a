import { type RowForm, TextOutput } from '../../../text/index.ts';
import type { ByteSink } from '../../command-io.ts';
import type { BatchPrinter } from './batch-printer.ts';
import { SLOTS, SlotState, type Team } from './team-memory.ts';

/** A batch takes some milliseconds: after so long the other thread counts as lost. */
const HELPER_TIMEOUT_MS = 10_000;

/** Text of so many batches waits in memory of this thread at most, while the other one writes a batch before them. */
const MOST_KEPT = 8;

/** What a batch in a slot needs before it is out: nothing, for it is text; somebody's writing; or what this thread has written of it. */
type Content = Buffer | undefined | TextOutput;

/** Writes batches to the sink in their order, whoever makes their text. */
export class OrderedOutput {
  readonly #team: Team;
  readonly #sink: ByteSink;
  readonly #direct: BatchPrinter;
  /** Printers whose text waits for its turn. */
  readonly #spare: BatchPrinter[] = [];
  readonly #makePrinter: (out: TextOutput) => BatchPrinter;
  readonly #contents: Content[] = Array.from({ length: SLOTS }, () => undefined);
  readonly #printers = new Map<number, BatchPrinter>();
  /** Batches that came, and those of them that are out. */
  #added = 0;
  #written = 0;
  /** Pieces of the other thread that are out, and how many bytes they are of the batch whose turn it is. */
  #pieces = 0;
  #begun = 0;
  /** Bytes that the direct printer leaves out: they are out already. */
  #skip = 0;
  #isHelperLost = false;
  /** Of batches that this thread has written before their turn. */
  readonly #failures = new Map<number, unknown>();
  /** Rows could not be written: the text ends there. */
  #isBroken = false;

  constructor(team: Team, sink: ByteSink, makePrinter: (out: TextOutput) => BatchPrinter) {
    this.#team = team;
    this.#sink = sink;
    this.#makePrinter = makePrinter;
    this.#direct = makePrinter(new TextOutput((bytes) => this.#writeUnskipped(bytes)));
  }

  /** A batch of nothing but text, these bytes of its block. Returns when there is a slot for the next batch. */
  addText(batch: number, text: Buffer): void {
    this.#add(batch, text, 'mysql', 0, SlotState.MAIN);
  }

  /** A batch that somebody has to write. Returns when there is a slot for the next batch. @throws what printing throws, in its turn */
  addItems(batch: number, form: RowForm, itemCount: number): void {
    this.#add(batch, undefined, form, itemCount, SlotState.READY);
  }

  #add(batch: number, content: Content, form: RowForm, itemCount: number, state: number): void {
    this.#contents[batch % SLOTS] = content;
    this.#team.produce(batch, form, itemCount, state);
    this.#added = batch + 1;
    this.#advance(SLOTS - 1);
  }

  /** Whether batches wait. */
  get isBusy(): boolean {
    return this.#added > this.#written;
  }

  /** Writes all that came. @throws what printing rows throws */
  finish(): void {
    this.#advance(0);
  }

  /** Goes on until at most so many batches are left. */
  #advance(left: number): void {
    if (this.#isBroken) return;
    this.#writeFinished();
    while (this.#added - this.#written > left) {
      if (!this.#printOne()) this.#awaitHelper();
      this.#writeFinished();
    }
  }

  #writeFinished(): void {
    while (this.#written < this.#added) {
      const batch = this.#written;
      const content = this.#contents[batch % SLOTS];
      if (Buffer.isBuffer(content)) this.#sink.write(content);
      else if (content !== undefined) this.#writeKept(batch, content);
      else if (this.#team.isReady(batch) || !this.#writePieces(batch)) return;
      this.#begun = 0;
      this.#endBatch();
    }
  }

  #endBatch(): void {
    this.#contents[this.#written % SLOTS] = undefined;
    this.#written += 1;
  }

  #writeKept(batch: number, text: TextOutput): void {
    this.#sink.write(text.buffer.subarray(0, text.length));
    text.length = 0;
    this.#spare.push(this.#printers.get(batch)!);
    this.#printers.delete(batch);
    if (this.#failures.has(batch)) this.#break(this.#failures.get(batch));
  }

  #break(failure: unknown): never {
    this.#isBroken = true;
    throw failure;
  }

  /** What the other thread has of its batch; false while there is more to come. */
  #writePieces(batch: number): boolean {
    if (this.#isHelperLost) {
      this.#skip = this.#begun;
      this.#printDirect(batch);
      return true;
    }
    while (this.#team.hasPublished(this.#pieces)) {
      const { text, isLast } = this.#team.piece(this.#pieces);
      this.#sink.write(text);
      this.#begun += text.length;
      this.#team.consume(this.#pieces);
      this.#pieces += 1;
      if (isLast) return true;
    }
    return false;
  }

  /** Writes the first batch that nobody has begun; false where there is none. */
  #printOne(): boolean {
    const stop = this.#printers.size < MOST_KEPT ? this.#added : this.#written + 1;
    for (let batch = this.#written; batch < stop; batch += 1) {
      if (!this.#team.claim(batch, SlotState.MAIN)) continue;
      if (batch === this.#written) {
        this.#printDirect(batch);
        this.#endBatch();
      } else {
        const printer = this.#spare.pop() ?? this.#makePrinter(new TextOutput());
        try {
          printer.print(batch);
        } catch (failure) {
          this.#failures.set(batch, failure);
        }
        this.#printers.set(batch, printer);
        this.#contents[batch % SLOTS] = printer.out;
      }
      return true;
    }
    return false;
  }

  #printDirect(batch: number): void {
    try {
      this.#direct.print(batch);
    } catch (failure) {
      this.#direct.out.flush();
      this.#break(failure);
    }
    this.#direct.out.flush();
  }

  #writeUnskipped(bytes: Buffer): void {
    const skipped = Math.min(this.#skip, bytes.length);
    this.#skip -= skipped;
    if (skipped < bytes.length) this.#sink.write(bytes.subarray(skipped));
  }

  #awaitHelper(): void {
    if (!this.#team.awaitPiece(this.#pieces, HELPER_TIMEOUT_MS)) this.#isHelperLost = true;
  }
}

import type { RowForm } from '../../../text/index.ts';

/**
 * Memory that two threads share, so that each can write text: batches of text and events go to it, text comes out of it in pieces.
 *
 * A batch has a number, counted from 0, and stands in slot number % {@link SLOTS}. The state of a slot is `number · 4 + state`, so
 * that nobody takes a later batch for the one it looked for. Each slot has a block of memory for the bytes of its batch.
 */
export interface TeamMemory {
  readonly control: SharedArrayBuffer;
  readonly blocks: SharedArrayBuffer;
  readonly pieces: SharedArrayBuffer;
}

/** Batches that wait or are being written: as many as both threads need to be busy. */
export const SLOTS = 8;
/** Bytes of a block, and of a batch at most: about a MiB as text of rows, which pipes take best. */
export const BLOCK_BYTES = 1 << 18;
/** Texts and events of a batch. */
export const ITEMS = 1 << 12;
/** Two batches of text: the other thread goes on while this one writes a batch itself. */
export const PIECES = 4;
export const PIECE_BYTES = 1 << 20;

export const SlotState = {
  /** Whoever comes first takes it. */
  READY: 1,
  /** Being written by the other thread. */
  HELPER: 2,
  /** Being written by the main thread. */
  MAIN: 3,
} as const;

/** What an item of a batch is. A place is that of the event behind it. */
export const ItemKind = { TEXT: 0, EVENT: 1, EVENT_WITH_CHECKSUM: 2, PLACE: 3 } as const;

/** Fields of the control memory, 32 bits each. */
const Field = {
  /** Batches handed out. */
  PRODUCED: 0,
  /** Pieces of text that the other thread has finished, and those that have been written since. */
  PUBLISHED: 1,
  CONSUMED: 2,
  /** Set to end the other thread. */
  QUIT: 3,
  /** Set by the other thread when it could not go on. */
  FAILED: 4,
  STATES: 8,
} as const;
const PIECES_AT = Field.STATES + SLOTS;
const PIECE_FIELDS = 3;
const BATCHES_AT = PIECES_AT + PIECES * PIECE_FIELDS;
/** Of a batch: form, number of items, items. */
const BatchField = { FORM: 0, COUNT: 1, ITEMS: 2 } as const;
const BATCH_FIELDS = BatchField.ITEMS + ITEMS;
const FIELDS = BATCHES_AT + SLOTS * BATCH_FIELDS;

const forms: readonly RowForm[] = ['mysql', 'mariadb', 'json'];

export function createTeamMemory(): TeamMemory {
  return {
    control: new SharedArrayBuffer(FIELDS * 4),
    blocks: new SharedArrayBuffer(SLOTS * BLOCK_BYTES),
    pieces: new SharedArrayBuffer(PIECES * PIECE_BYTES),
  };
}

/** Both threads' view of the memory. */
export class Team {
  readonly #blocks: readonly Buffer[];
  readonly pieces: readonly Buffer[];
  readonly #fields: Int32Array;

  constructor({ control, blocks, pieces }: TeamMemory) {
    this.#fields = new Int32Array(control);
    this.#blocks = Array.from({ length: SLOTS }, (_, slot) =>
      Buffer.from(blocks, slot * BLOCK_BYTES, BLOCK_BYTES),
    );
    this.pieces = Array.from({ length: PIECES }, (_, piece) =>
      Buffer.from(pieces, piece * PIECE_BYTES, PIECE_BYTES),
    );
  }

  get produced(): number {
    return Atomics.load(this.#fields, Field.PRODUCED);
  }

  /** Items of a batch: each is `end · 4 + kind`, and begins where the one before it ends. */
  items(batch: number): Int32Array {
    const at = fieldsOf(batch) + BatchField.ITEMS;
    return this.#fields.subarray(at, at + ITEMS);
  }

  itemCount(batch: number): number {
    return this.#fields[fieldsOf(batch) + BatchField.COUNT]!;
  }

  form(batch: number): RowForm {
    return forms[this.#fields[fieldsOf(batch) + BatchField.FORM]!]!;
  }

  /** The memory of its bytes. */
  block(batch: number): Buffer {
    return this.#blocks[batch % SLOTS]!;
  }

  /** Hands the next batch out. */
  produce(batch: number, form: RowForm, itemCount: number, state: number): void {
    const at = fieldsOf(batch);
    const fields = this.#fields;
    fields[at + BatchField.FORM] = forms.indexOf(form);
    fields[at + BatchField.COUNT] = itemCount;
    Atomics.store(fields, Field.STATES + (batch % SLOTS), batch * 4 + state);
    Atomics.store(fields, Field.PRODUCED, batch + 1);
    Atomics.notify(fields, Field.PRODUCED);
  }

  /** Waits for this batch; false when there will be none. */
  awaitBatch(batch: number): boolean {
    while (this.produced <= batch) {
      if (Atomics.load(this.#fields, Field.QUIT) !== 0) return false;
      Atomics.wait(this.#fields, Field.PRODUCED, batch);
    }
    return Atomics.load(this.#fields, Field.QUIT) === 0;
  }

  isReady(batch: number): boolean {
    return Atomics.load(this.#fields, Field.STATES + (batch % SLOTS)) === batch * 4 + SlotState.READY;
  }

  /** Takes a batch that is ready; false where the other one was quicker. */
  claim(batch: number, state: number): boolean {
    const ready = batch * 4 + SlotState.READY;
    return (
      Atomics.compareExchange(this.#fields, Field.STATES + (batch % SLOTS), ready, batch * 4 + state) ===
      ready
    );
  }

  /** Hands over a piece of text; `isLast` ends its batch. */
  publish(piece: number, batch: number, length: number, isLast: boolean): void {
    const at = PIECES_AT + (piece % PIECES) * PIECE_FIELDS;
    this.#fields[at] = batch;
    this.#fields[at + 1] = length;
    this.#fields[at + 2] = isLast ? 1 : 0;
    Atomics.store(this.#fields, Field.PUBLISHED, piece + 1);
    Atomics.notify(this.#fields, Field.PUBLISHED);
  }

  /** The text of a piece that has been published, and whether it ends its batch. */
  piece(piece: number): { readonly text: Buffer; readonly isLast: boolean } {
    const at = PIECES_AT + (piece % PIECES) * PIECE_FIELDS;
    return {
      text: this.pieces[piece % PIECES]!.subarray(0, this.#fields[at + 1]),
      isLast: this.#fields[at + 2] === 1,
    };
  }

  hasPublished(piece: number): boolean {
    return Atomics.load(this.#fields, Field.PUBLISHED) > piece;
  }

  /** Waits for a piece; false where it does not come within that time, or cannot. */
  awaitPiece(piece: number, timeoutMs: number): boolean {
    if (this.hasFailed) return false;
    if (this.hasPublished(piece)) return true;
    return Atomics.wait(this.#fields, Field.PUBLISHED, piece, timeoutMs) !== 'timed-out' && !this.hasFailed;
  }

  consume(piece: number): void {
    Atomics.store(this.#fields, Field.CONSUMED, piece + 1);
    Atomics.notify(this.#fields, Field.CONSUMED);
  }

  /** Waits until a piece's memory may be written to; false when nobody wants it any more. */
  awaitSpace(piece: number): boolean {
    for (;;) {
      if (Atomics.load(this.#fields, Field.QUIT) !== 0) return false;
      const consumed = Atomics.load(this.#fields, Field.CONSUMED);
      if (piece - consumed < PIECES) return true;
      Atomics.wait(this.#fields, Field.CONSUMED, consumed);
    }
  }

  get hasFailed(): boolean {
    return Atomics.load(this.#fields, Field.FAILED) !== 0;
  }

  fail(): void {
    Atomics.store(this.#fields, Field.FAILED, 1);
    Atomics.notify(this.#fields, Field.PUBLISHED);
  }

  quit(): void {
    Atomics.store(this.#fields, Field.QUIT, 1);
    Atomics.notify(this.#fields, Field.PRODUCED);
    Atomics.notify(this.#fields, Field.CONSUMED);
  }
}

function fieldsOf(batch: number): number {
  return BATCHES_AT + (batch % SLOTS) * BATCH_FIELDS;
}

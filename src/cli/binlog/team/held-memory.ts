import type { EventMemory, SpillFile } from '../../../text/index.ts';
import type { OrderedOutput } from './ordered-output.ts';
import { BLOCK_BYTES, ITEMS, OWN_BLOCKS, SLOTS, type Team } from './team-memory.ts';

/** Behind what batches still refer to, the spill file grows to this before they are waited for. */
const MOST_SPILLED = 1 << 27;
const NONE = -1;

/** A spill file that every thread of the process can read. */
export interface SharedFile extends SpillFile {
  /** Undefined until something was put into it. */
  readonly fd: number | undefined;
}

/** Blocks and a file for events of statements. Batches refer to them until they are out. */
export class HeldMemory implements EventMemory {
  readonly mostEvents: number = ITEMS;
  /** The file, which keeps what batches refer to. */
  readonly spill: SpillFile;
  readonly #file: SharedFile | undefined;
  readonly #onWanted: () => void;
  #output: OrderedOutput | undefined;
  /** Numbers of blocks, by their memory. */
  readonly #blocks = new Map<Buffer, number>();
  readonly #free: Buffer[] = [];
  #memories: readonly Buffer[] = [];
  readonly #isHeld: boolean[] = [];
  /** The last batch that refers to each block, and that to the file. */
  readonly #lastOfBlock: number[] = [];
  #lastOfFile = NONE;
  /** By slot: the block that a batch refers to. */
  readonly #blockOf: Int32Array = new Int32Array(SLOTS).fill(NONE);
  #written = NONE;
  #spilled = 0;
  /** A statement is in the file, or its beginning. */
  #isInUse = false;

  /** @param onWanted told when memory is wanted and there is none yet */
  constructor(file: SharedFile | undefined, onWanted: () => void) {
    this.#file = file;
    this.#onWanted = onWanted;
    this.spill = {
      append: (bytes) => this.#append(bytes),
      read: (into, offset) => this.#file!.read(into, offset),
      clear: () => {
        this.#isInUse = false;
        if (this.#lastOfFile <= this.#written) this.#emptyFile();
      },
    };
  }

  /** From here on there are blocks. */
  open(team: Team, output: OrderedOutput): void {
    this.#output = output;
    this.#memories = team.blocks;
    for (const [block, memory] of team.blocks.entries()) {
      this.#isHeld.push(false);
      this.#lastOfBlock.push(NONE);
      if (block < OWN_BLOCKS) continue;
      this.#blocks.set(memory, block);
      this.#free.push(memory);
    }
  }

  take(size: number, waits: boolean): Buffer | undefined {
    if (this.#output === undefined) this.#onWanted();
    const output = this.#output;
    if (output === undefined || size > BLOCK_BYTES) return undefined;
    output.writeReady();
    if (this.#free.length === 0 && waits) {
      const inUse = this.#lastOfBlock.filter((last, block) => last > this.#written && !this.#isHeld[block]);
      if (inUse.length > 0) output.finishBatch(Math.min(...inUse));
    }
    const memory = this.#free.pop();
    if (memory !== undefined) this.#isHeld[this.#blocks.get(memory)!] = true;
    return memory;
  }

  release(memory: Buffer): void {
    const block = this.#blocks.get(memory)!;
    this.#isHeld[block] = false;
    if (this.#lastOfBlock[block]! <= this.#written) this.#free.push(memory);
  }

  /** The block of this memory; undefined: it is none. */
  blockOf(memory: Buffer): number | undefined {
    return this.#blocks.get(memory);
  }

  get fd(): number | undefined {
    return this.#file?.fd;
  }

  /** A batch refers to this block, or to the file. */
  refer(batch: number, block: number | undefined): void {
    if (block === undefined) this.#lastOfFile = batch;
    else {
      this.#lastOfBlock[block] = batch;
      this.#blockOf[batch % SLOTS] = block;
    }
  }

  /** A batch is out. */
  written(batch: number): void {
    this.#written = batch;
    const block = this.#blockOf[batch % SLOTS]!;
    if (block === NONE) return;
    this.#blockOf[batch % SLOTS] = NONE;
    if (!this.#isHeld[block] && this.#lastOfBlock[block] === batch) {
      this.#free.push(this.#memories[block]!);
    }
  }

  #append(bytes: Uint8Array): number {
    if (!this.#isInUse) {
      this.#isInUse = true;
      if (this.#spilled > MOST_SPILLED) this.#output!.finishBatch(this.#lastOfFile);
      if (this.#spilled > 0 && this.#lastOfFile <= this.#written) this.#emptyFile();
    }
    this.#spilled += bytes.length;
    return this.#file!.append(bytes);
  }

  #emptyFile(): void {
    this.#spilled = 0;
    this.#file!.clear();
  }
}

import { readSync } from 'node:fs';
import { RawEvent } from '../../../binlog/index.ts';
import {
  createRowPrinter,
  type RowForm,
  type RowPrinter,
  type RowTextOptions,
  type TextOutput,
  writeBase64Lines,
} from '../../../text/index.ts';
import { BLOCK_BYTES, ItemKind, type Team } from './team-memory.ts';

/** Files are read to this far behind the place in a page that the bytes have in theirs: see the framer, which does it for speed too. */
const SKEW_BYTES = 64;
const PAGE_BYTES = 1 << 12;

/** Writes batches, one at a time: text as it is, events as their rows or in base64. What printing throws comes out. */
export class BatchPrinter {
  readonly out: TextOutput;
  readonly #team: Team;
  readonly #options: RowTextOptions;
  readonly #printers: Partial<Record<RowForm, RowPrinter>> = {};
  readonly #event: RawEvent = new RawEvent();
  /** What is read of files. */
  #scratch: Buffer | undefined;

  constructor(team: Team, options: RowTextOptions, out: TextOutput) {
    this.#team = team;
    this.#options = options;
    this.out = out;
  }

  print(batch: number): void {
    const team = this.#team;
    const place = team.place(batch);
    const items = team.items(batch);
    const count = team.itemCount(batch);
    let memory: Buffer;
    let start = 0;
    if ('block' in place) memory = team.blocks[place.block]!;
    else {
      this.#scratch ??= Buffer.allocUnsafeSlow(BLOCK_BYTES + 2 * PAGE_BYTES);
      memory = this.#scratch;
      start = (place.offset % PAGE_BYTES) + SKEW_BYTES;
      readWhole(place.fd, memory.subarray(start, start + (items[count - 1]! >>> 2)), place.offset);
    }
    const form = team.form(batch);
    if (form === 'base64') this.#printBase64(memory, start, items, count);
    else this.#printRows(form, memory, start, items, count);
  }

  #printBase64(memory: Buffer, base: number, items: Int32Array, count: number): void {
    let start = base;
    for (let i = 0; i < count; i += 1) {
      const end = base + (items[i]! >>> 2);
      writeBase64Lines(this.out, memory, start, end);
      start = end;
    }
  }

  #printRows(form: RowForm, memory: Buffer, base: number, items: Int32Array, count: number): void {
    const { out } = this;
    const event = this.#event;
    const printer = (this.#printers[form] ??= createRowPrinter(form, this.#options, out));
    let start = base;
    for (let i = 0; i < count; i += 1) {
      const end = base + (items[i]! >>> 2);
      const kind = items[i]! & 3;
      if (kind === ItemKind.TEXT) out.bytes(memory, start, end);
      else if (kind === ItemKind.PLACE) printer.place?.(memory, start, end);
      else {
        event.aim(memory, start, end, 0, kind === ItemKind.EVENT_WITH_CHECKSUM);
        printer.event(event);
      }
      start = end;
    }
  }
}

function readWhole(fd: number, into: Buffer, offset: number): void {
  for (let filled = 0; filled < into.length; ) {
    const count = readSync(fd, into, filled, into.length - filled, offset + filled);
    if (count === 0) throw new Error(`a temporary file ends at ${offset + filled}`);
    filled += count;
  }
}

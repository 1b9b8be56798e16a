import { RawEvent } from '../../../binlog/index.ts';
import {
  createRowPrinter,
  type RowForm,
  type RowPrinter,
  type RowTextOptions,
  type TextOutput,
} from '../../../text/index.ts';
import { ItemKind, type Team } from './team-memory.ts';

/** Writes batches, one at a time: text as it is, events as their rows. What printing throws comes out. */
export class BatchPrinter {
  readonly out: TextOutput;
  readonly #team: Team;
  readonly #options: RowTextOptions;
  readonly #printers: Partial<Record<RowForm, RowPrinter>> = {};
  readonly #event: RawEvent = new RawEvent();

  constructor(team: Team, options: RowTextOptions, out: TextOutput) {
    this.#team = team;
    this.#options = options;
    this.out = out;
  }

  print(batch: number): void {
    const team = this.#team;
    const memory = team.block(batch);
    const items = team.items(batch);
    const form = team.form(batch);
    const { out } = this;
    const event = this.#event;
    const printer = (this.#printers[form] ??= createRowPrinter(form, this.#options, out));
    const count = team.itemCount(batch);
    let start = 0;
    for (let i = 0; i < count; i += 1) {
      const end = items[i]! >>> 2;
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

import { decodeNext, LogState, type RawEvent } from '../../../binlog/index.ts';
import type { TextOutput } from '../../output/text-output.ts';
import type { RowPrinter, RowTextOptions } from '../../row-printer.ts';
import { TableTexts } from './table-texts.ts';

/** Rows as `mariadb-binlog -v` shows them. */
export class MariadbRowPrinter implements RowPrinter {
  readonly #out: TextOutput;
  readonly #log = new LogState();
  readonly #tables: TableTexts;

  constructor(options: RowTextOptions, out: TextOutput) {
    this.#out = out;
    this.#log.tolerant = true;
    this.#tables = new TableTexts(options);
  }

  event(event: RawEvent): void {
    const body = decodeNext(event, this.#log);
    if (body.kind === 'tableMap') this.#tables.add(event, body);
    else if (body.kind === 'rows') this.#tables.textOf(body)?.write(this.#out, body);
  }
}

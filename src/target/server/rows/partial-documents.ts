import type { JsonDiff, RowImage } from '../../../binlog/index.ts';
import { partialColumns, updatedDocument, wholeImage } from '../../applier/whole-image.ts';
import { jsonUpdate } from './json-update.ts';
import type { RowText } from './row-text.ts';

/** What the target answers to a question: texts in HEX, by column. Undefined: there is no such row, or no such value. */
export type StoredTexts = readonly (string | undefined)[] | undefined;

/** Partial updates of documents that are not in the log, but in a table of the target. */
export class PartialDocuments {
  /** Of the table, and of its columns, quoted. */
  readonly #table: string;
  readonly #names: readonly string[];
  readonly #text: RowText;

  constructor(table: string, names: readonly string[], text: RowText) {
    this.#table = table;
    this.#names = names;
    this.#text = text;
  }

  /**
   * Asks for the documents that a partial update changes, as HEX of their texts, where neither the log nor the target's own functions do:
   * MariaDB would put new members in another order than MySQL. Undefined: nothing needs to be asked.
   */
  question(before: RowImage, logged: RowImage): string | undefined {
    const columns = this.#asked(wholeImage(before, logged));
    if (columns.length === 0) return undefined;
    const values = columns.map((index) => hexOfText(this.#names[index]!)).join(',');
    return `SELECT ${values} FROM ${this.#table} WHERE ${this.#text.where(before)}`;
  }

  /** Puts documents that were asked for into an image, and says what must hold of the row: that each has the places its update names. */
  take(after: RowImage, partial: readonly number[], answer: StoredTexts): string[] {
    const asked = this.#asked(after);
    return partial.map((index) => {
      const diffs = after[index] as readonly JsonDiff[];
      const at = asked.indexOf(index);
      if (at < 0) return jsonUpdate(this.#place(index), diffs).fits;
      const hex = answer?.[at];
      const text = hex === undefined ? undefined : Buffer.from(hex, 'hex').toString();
      const updated = text === undefined ? undefined : updatedDocument(text, diffs);
      if (updated !== undefined) after[index] = updated;
      // Somebody may change it before this is done. Of a condition that no row can meet, MariaDB would not say how many rows met it.
      return `${hexOfText(this.#names[index]!)}='${updated === undefined ? NO_HEX : hex}'`;
    });
  }

  /** What a column is set to. Of what was asked for and did not fit, nothing comes. */
  made(index: number, diffs: readonly JsonDiff[]): string {
    const place = this.#place(index);
    return this.#text.hasDocuments(index) ? jsonUpdate(place, diffs).made : place;
  }

  /** Columns of documents that are only in the target, and there as texts. */
  #asked(after: RowImage): readonly number[] {
    return partialColumns(after).filter((index) => !this.#text.hasDocuments(index));
  }

  /** A column, and its table. */
  #place(index: number): string {
    return `${this.#table}.${this.#names[index]}`;
  }
}

/** What no text is in HEX. */
const NO_HEX = '-';

/** A text as the digits of its bytes in UTF-8. */
const hexOfText = (column: string): string => `HEX(CONVERT(${column} USING utf8mb4))`;

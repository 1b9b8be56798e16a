import { isPlainColumn } from './exact-column.ts';
import { impliedName } from './implied-name.ts';

interface Item {
  readonly start: number;
  end: number;
  readonly tokens: { readonly token: number; readonly text: string }[];
}

/** The items of the first column list of a query: what each is made of, and how it is called. */
export class ColumnItems {
  #item: Item | undefined;
  #all = false;
  /** Of each item: whether it is a column and nothing else. */
  readonly plain: boolean[] = [];

  /** An item is being read. */
  get isOpen(): boolean {
    return this.#item !== undefined;
  }

  /** The list has been read. */
  get isDone(): boolean {
    return this.#all;
  }

  begin(start: number): void {
    this.#item = { start, end: start, tokens: [] };
  }

  note(token: number, text: string, end: number): void {
    if (this.#item === undefined) return;
    this.#item.tokens.push({ token, text });
    this.#item.end = end;
  }

  /** Ends an item. What has no name gets its own text, as the servers name it: undefined where it has one. */
  end(last: boolean, bytes: Buffer): string | undefined {
    const item = this.#item;
    if (item === undefined) return undefined;
    this.plain.push(isPlainColumn(item.tokens));
    if (last) {
      this.#item = undefined;
      this.#all = true;
    }
    return impliedName(item.tokens, () => bytes.toString('utf8', item.start, item.end).trim());
  }
}

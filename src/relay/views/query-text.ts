import { SqlLexer } from '../../sql/index.ts';
import { ColumnItems } from './column-items.ts';
import { quoteName } from './sqlite-text.ts';

/** A query as it is read, and the text for SQLite as it is written. */
export class QueryText {
  readonly lexer: SqlLexer;
  readonly items: ColumnItems = new ColumnItems();
  sql = '';
  #lastEnd = -1;

  constructor(text: string) {
    this.lexer = new SqlLexer(Buffer.from(text));
  }

  /** Writes what stands for the token at hand. `counts`: it is a part of the item that is being read. */
  emit(sql: string, counts = true): void {
    const { token, text, start, end } = this.lexer;
    if (counts) this.items.note(token, text, end);
    this.append(sql, start, end);
  }

  /** Operators of several characters and decimals come as several tokens: what touched, touches. */
  append(sql: string, start: number, end: number): void {
    this.sql += this.#lastEnd === start ? sql : ` ${sql}`;
    this.#lastEnd = end;
  }

  endItem(last: boolean): void {
    const name = this.items.end(last, this.lexer.bytes);
    if (name !== undefined) this.sql += ` AS ${quoteName(name)} `;
  }
}

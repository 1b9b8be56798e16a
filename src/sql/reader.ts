import { SqlLexer, Token } from './lexer.ts';
import type { TableName } from './statement.ts';

/** A lexer one token ahead, with the steps that classification is made of. */
export class StatementReader {
  readonly lexer: SqlLexer;
  /** Upper-case text of the token at hand if it is an unquoted word, else `''`. */
  word = '';
  /** How many statements stand within one another. */
  nesting = 0;

  constructor(lexer: SqlLexer) {
    this.lexer = lexer;
    this.advance();
  }

  get atEnd(): boolean {
    return this.lexer.token === Token.END;
  }

  /** Whether the statement ends here: at the end of the text or a semicolon. */
  get atStatementEnd(): boolean {
    return this.atEnd || this.isSymbol(';');
  }

  advance(): void {
    this.lexer.next();
    this.word = this.lexer.word;
  }

  isSymbol(symbol: string): boolean {
    return this.lexer.isSymbol(symbol);
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.advance();
    return true;
  }

  /** Takes the word if it is next. */
  accept(...words: readonly string[]): boolean {
    if (this.word === '' || !words.includes(this.word)) return false;
    this.advance();
    return true;
  }

  /** Takes any of the words, as often as they come. */
  skipWords(...words: readonly string[]): void {
    while (this.accept(...words));
  }

  skipIfExists(): void {
    if (this.accept('IF')) this.skipWords('NOT', 'EXISTS');
  }

  /** With `(` at hand, goes behind its `)`. */
  skipParentheses(): void {
    let depth = 0;
    while (!this.atEnd) {
      if (this.isSymbol('(')) depth += 1;
      else if (this.isSymbol(')')) depth -= 1;
      this.advance();
      if (depth === 0) return;
    }
  }

  /** Goes behind the parenthesis that is open. */
  closeParenthesis(): void {
    while (!this.atEnd && !this.isSymbol(')')) {
      if (this.isSymbol('(')) this.skipParentheses();
      else this.advance();
    }
    this.acceptSymbol(')');
  }

  /** Goes on to the first of the words outside parentheses, or to the end of the statement. Returns which. */
  seek(words: ReadonlySet<string>): string {
    while (!this.atStatementEnd) {
      if (this.word !== '' && words.has(this.word)) return this.word;
      if (this.isSymbol('(')) this.skipParentheses();
      else this.advance();
    }
    return '';
  }

  /** Takes `table` or `schema.table`; undefined if no name is at hand. */
  tableName(): TableName | undefined {
    // ODBC-like `.table` names a table of the current schema.
    this.acceptSymbol('.');
    const first = this.#identifier();
    if (first === undefined) return undefined;
    if (!this.acceptSymbol('.')) return { schema: undefined, table: first };
    return { schema: first, table: this.#identifier() ?? '' };
  }

  /** Takes `name, name, …`. */
  tableNames(): TableName[] {
    const names: TableName[] = [];
    do {
      const name = this.tableName();
      if (name !== undefined) names.push(name);
    } while (this.acceptSymbol(','));
    return names;
  }

  #identifier(): string | undefined {
    const { lexer } = this;
    const { token, text } = lexer;
    if (token !== Token.WORD && token !== Token.QUOTED && token !== Token.NUMBER) return undefined;
    this.advance();
    if (token !== Token.QUOTED) return text;
    const quote = text[0]!;
    return text.slice(1, -1).replaceAll(quote + quote, quote);
  }
}

import { ServerError } from '../../errors/index.ts';
import { type LexerOptions, SqlLexer, Token } from '../lexer.ts';
import { nameValue, stringValue } from './literal.ts';
import { syntaxError } from './syntax-error.ts';

/** An account as it is written: `user@host`; host `%` where none is. */
export interface AccountName {
  readonly user: string;
  readonly host: string;
  /** CURRENT_USER was written: whoever asks is meant. */
  readonly current?: boolean;
}

/** A walk over the tokens of administrative statements, one token ahead. Whatever does not fit is ER_PARSE_ERROR at that token. */
export class StatementCursor {
  readonly lexer: SqlLexer;
  /** Upper-case text of the word at hand; `''` for any other token. */
  word = '';

  /** Where the last token that was taken ends: what follows may be the end of a comment that is code. */
  #end = 0;

  constructor(sql: Uint8Array, options: LexerOptions = {}) {
    this.lexer = new SqlLexer(sql, options);
    this.advance();
  }

  /** End of the text. */
  get atEnd(): boolean {
    return this.lexer.token === Token.END;
  }

  /** End of the statement: of the text, or a semicolon. */
  get atStatementEnd(): boolean {
    return this.atEnd || this.lexer.isSymbol(';');
  }

  /** Where the token at hand begins. */
  get start(): number {
    return this.lexer.start;
  }

  advance(): void {
    this.#end = this.lexer.end;
    this.lexer.next();
    this.word = this.lexer.word;
  }

  /** The text between two offsets, as UTF-8. */
  slice(from: number, to: number = this.lexer.start): string {
    return this.lexer.bytes.toString('utf8', from, to);
  }

  fail(at: number = this.lexer.start): ServerError {
    const { bytes } = this.lexer;
    let line = 1;
    for (let i = bytes.indexOf(0x0a); i >= 0 && i < at; i = bytes.indexOf(0x0a, i + 1)) line += 1;
    return syntaxError(bytes.toString('utf8', at), line);
  }

  is(...words: readonly string[]): boolean {
    return this.word !== '' && words.includes(this.word);
  }

  /** Takes the words if all of them follow one another; otherwise nothing moves unless the first one fitted and the next did not. */
  accept(first: string, ...rest: readonly string[]): boolean {
    if (this.word !== first) return false;
    this.advance();
    for (const word of rest) this.expect(word);
    return true;
  }

  /** Takes one of the words. */
  acceptOne<W extends string>(...words: readonly W[]): W | undefined {
    const found = words.find((word) => word === this.word);
    if (found !== undefined) this.advance();
    return found;
  }

  expect(...words: readonly string[]): void {
    for (const word of words) {
      if (this.word !== word) throw this.fail();
      this.advance();
    }
  }

  expectOne<W extends string>(...words: readonly W[]): W {
    const found = this.acceptOne(...words);
    if (found === undefined) throw this.fail();
    return found;
  }

  isSymbol(symbol: string): boolean {
    return this.lexer.isSymbol(symbol);
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.lexer.isSymbol(symbol)) return false;
    this.advance();
    return true;
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) throw this.fail();
  }

  get atString(): boolean {
    return this.lexer.token === Token.STRING && !this.lexer.malformed;
  }

  get atNumber(): boolean {
    return this.lexer.token === Token.NUMBER;
  }

  /** `@name` or `@@scope.name`. */
  get atVariable(): boolean {
    return this.lexer.token === Token.VARIABLE;
  }

  get atName(): boolean {
    return this.lexer.token === Token.WORD || this.lexer.token === Token.QUOTED;
  }

  /** A string literal; neighbours are joined, as everywhere in SQL. */
  string(): string {
    if (!this.atString) throw this.fail();
    let value = '';
    while (this.atString) {
      value += stringValue(this.lexer.text);
      this.advance();
    }
    return value;
  }

  /** A word or a quoted name. */
  name(): string {
    if (!this.atName) throw this.fail();
    const value = nameValue(this.lexer.text);
    this.advance();
    return value;
  }

  nameOrString(): string {
    return this.atString ? this.string() : this.name();
  }

  /** A whole number, decimal or hexadecimal. Larger ones than a double holds exactly lose their last digits. */
  integer(): number {
    const { text } = this.lexer;
    if (!this.atNumber || !/^(\d+|0x[\da-f]+)$/i.test(text)) throw this.fail();
    this.advance();
    return Number(text);
  }

  /** A number with a fraction, without sign. */
  decimal(): number {
    const start = this.start;
    let text = '';
    if (this.atNumber) {
      text += this.lexer.text;
      this.advance();
    }
    if (this.acceptSymbol('.') && this.atNumber) {
      text += `.${this.lexer.text}`;
      this.advance();
    }
    const value = Number(text);
    if (text === '' || Number.isNaN(value)) throw this.fail(start);
    return value;
  }

  /** `name` or `schema.name`. */
  path(): { readonly schema: string | undefined; readonly name: string } {
    const first = this.name();
    if (!this.acceptSymbol('.')) return { schema: undefined, name: first };
    return { schema: first, name: this.name() };
  }

  /** `'user'@'host'`, `user`, CURRENT_USER, USER(). */
  account(): AccountName {
    if (this.is('CURRENT_USER')) {
      this.advance();
      if (this.acceptSymbol('(')) this.expectSymbol(')');
      return { user: '', host: '', current: true };
    }
    const isUser = this.is('USER');
    const user = this.nameOrString();
    if (isUser && this.acceptSymbol('(')) {
      this.expectSymbol(')');
      return { user: '', host: '', current: true };
    }
    if (this.lexer.token !== Token.VARIABLE) return { user, host: '%' };
    const { text } = this.lexer;
    // `@host` comes as one token: the lexer takes it for a user variable.
    const bare = text.slice(1);
    if (bare.startsWith('@')) throw this.fail();
    this.advance();
    const host = /^['"]/.test(bare) ? stringValue(bare) : nameValue(bare);
    return { user, host: host === '' && this.lexer.flavor === 'mariadb' ? '%' : host.toLowerCase() };
  }

  /** `item, item, …` */
  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.acceptSymbol(',')) items.push(item());
    return items;
  }

  /** A string of one line: what MySQL keeps of sources it once kept in lines of a file. */
  line(): string {
    const value = this.string();
    if (this.lexer.flavor !== 'mariadb' && value.includes('\n'))
      throw new ServerError(1525, 'HY000', `Incorrect argument contains not-allowed LF value: '${value}'`);
    return value;
  }

  /** FOR CHANNEL 'c', where it stands; else the name that MariaDB's connections have in front. */
  channel(name?: string): string | undefined {
    if (!this.is('FOR')) return name;
    this.expect('FOR', 'CHANNEL');
    const channel = this.atString ? this.line() : this.name();
    if (name === undefined) return channel;
    const both = 'CONNECTION_NAME AND FOR CHANNEL CAN NOT BE SPECIFIED AT THE SAME TIME)';
    throw new ServerError(1210, 'HY000', `Incorrect arguments to ${both}`);
  }

  /** Goes to the end of the statement and gives its text from `from` on. */
  rest(from: number = this.start): string {
    while (!this.atStatementEnd) this.advance();
    return this.slice(from, this.#end).trimEnd();
  }

  /** An expression, unread: its text up to a comma, the end, or one of the words, outside parentheses. */
  expression(...stops: readonly string[]): string {
    const from = this.start;
    let depth = 0;
    while (!this.atStatementEnd) {
      if (depth === 0 && (this.isSymbol(',') || this.is(...stops))) break;
      if (this.isSymbol('(')) depth += 1;
      if (this.isSymbol(')') && (depth -= 1) < 0) throw this.fail();
      this.advance();
    }
    const text = this.slice(from, this.#end).trim();
    if (text === '') throw this.fail();
    return text;
  }
}

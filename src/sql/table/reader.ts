import { decodeText, type Flavor } from '../../charset/index.ts';
import { type LexerOptions, SqlLexer, Token } from '../lexer.ts';
import { StatementReader } from '../reader.ts';
import type { QualifiedName } from './definition.ts';
import { type TypeDialect, typeDialect } from './type-dialect.ts';

/** Thrown inside this room when a statement goes on in a way that is not known; nothing is guessed. */
export class NotUnderstood extends Error {}

const ESCAPES: Readonly<Record<string, string>> = {
  0: '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\x1A',
  // These keep the backslash, which LIKE needs.
  '%': '\\%',
  _: '\\_',
};

/** Reads the pieces that definitions are made of, decoded from the statement's character set. */
export class DefinitionReader extends StatementReader {
  readonly #decode: (bytes: Uint8Array) => string;
  readonly #escapes: boolean;
  readonly flavor: Flavor;
  /** What types are taken for that do not say whose they are. */
  readonly types: TypeDialect;

  constructor(sql: Uint8Array, options: LexerOptions, escapes: boolean) {
    super(new SqlLexer(sql, options));
    const charset = options.charset ?? 'utf8mb4';
    this.#decode = (bytes) => decodeText(bytes, charset);
    this.#escapes = escapes;
    this.flavor = options.flavor ?? 'mysql';
    this.types = typeDialect(options);
  }

  /** Says where it stopped: the words at hand, not the literals. */
  fail(expected: string): never {
    const { token } = this.lexer;
    const here =
      token === Token.END
        ? 'the end'
        : token === Token.STRING
          ? 'a text'
          : `«${this.lexer.text.slice(0, 40)}»`;
    throw new NotUnderstood(`${expected} expected, found ${here}`);
  }

  /** Takes the words, which must come in this order. */
  expect(...words: readonly string[]): void {
    for (const word of words) if (!this.accept(word)) this.fail(word);
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) this.fail(`«${symbol}»`);
  }

  /** Takes all of the words or none; they must be unquoted. Looks one token ahead only, so the first word decides. */
  acceptPhrase(first: string, ...rest: readonly string[]): boolean {
    if (!this.accept(first)) return false;
    this.expect(...rest);
    return true;
  }

  ifExists(): boolean {
    if (!this.accept('IF')) return false;
    this.expect('EXISTS');
    return true;
  }

  ifNotExists(): boolean {
    if (!this.accept('IF')) return false;
    this.expect('NOT', 'EXISTS');
    return true;
  }

  get isName(): boolean {
    const { token } = this.lexer;
    return token === Token.WORD || token === Token.QUOTED || token === Token.NUMBER;
  }

  get isQuotedName(): boolean {
    return this.lexer.token === Token.QUOTED;
  }

  name(): string {
    if (!this.isName) this.fail('a name');
    const { lexer } = this;
    const raw = this.#decode(lexer.bytes.subarray(lexer.start, lexer.end));
    const quoted = lexer.token === Token.QUOTED;
    this.advance();
    if (!quoted) return raw;
    const quote = raw[0]!;
    return raw.slice(1, -1).replaceAll(quote + quote, quote);
  }

  qualifiedName(): QualifiedName {
    this.acceptSymbol('.');
    const first = this.name();
    return this.acceptSymbol('.') ? { schema: first, name: this.name() } : { schema: undefined, name: first };
  }

  qualifiedNames(): QualifiedName[] {
    const names = [this.qualifiedName()];
    while (this.acceptSymbol(',')) names.push(this.qualifiedName());
    return names;
  }

  /** The last part of a name like `table.column`, as old statements may write columns. */
  columnName(): string {
    let name = this.name();
    while (this.acceptSymbol('.')) name = this.name();
    return name;
  }

  number(): number {
    const text = this.lexer.text;
    if (this.lexer.token !== Token.NUMBER || !/^\d{1,15}$/.test(text)) this.fail('a number');
    this.advance();
    return Number(text);
  }

  get isString(): boolean {
    return this.lexer.token === Token.STRING;
  }

  /** Takes a text and its continuations (`'a' 'b'`). `charset`: of its bytes, where that is not the statement's. */
  string(charset?: string): string {
    if (!this.isString) this.fail('a text');
    let text = '';
    while (this.isString) {
      const { lexer } = this;
      const bytes = lexer.bytes.subarray(lexer.start, lexer.end);
      text += this.#unquote(charset === undefined ? this.#decode(bytes) : decodeQuoted(bytes, charset));
      this.advance();
    }
    return text;
  }

  #unquote(raw: string): string {
    const quote = raw[0]!;
    const inner = raw.slice(1, -1);
    const pattern = this.#escapes ? /\\.|''|""/gs : /''|""/g;
    return inner.replace(pattern, (found) => {
      const [first, second = ''] = found;
      if (first === '\\') return ESCAPES[second] ?? second;
      return first === quote ? quote : found;
    });
  }

  /** A name or a text, as character sets, engines and collations may be written. */
  nameOrString(): string {
    return this.isString ? this.string() : this.name();
  }

  /** Takes `( … )` and gives what is between, as written. */
  parenthesized(): string {
    if (!this.isSymbol('(')) this.fail('«(»');
    const { lexer } = this;
    const from = lexer.end;
    let depth = 0;
    while (!this.atEnd) {
      if (this.isSymbol('(')) depth += 1;
      else if (this.isSymbol(')')) depth -= 1;
      if (depth === 0) {
        const text = this.#decode(lexer.bytes.subarray(from, lexer.start)).trim();
        this.advance();
        return text;
      }
      this.advance();
    }
    return this.fail('«)»');
  }

  /** Takes one value of an option, whatever it is: a word, a number, a text, or a list in parentheses. */
  skipValue(): void {
    if (this.isSymbol('(')) this.skipParentheses();
    else if (this.isSymbol('-') || this.isSymbol('+')) {
      this.advance();
      this.advance();
    } else if (this.isString) this.string();
    else this.advance();
  }
}

/** Bytes of a character set between quotes of the statement's. */
const decodeQuoted = (bytes: Uint8Array, charset: string): string => {
  const quote = String.fromCharCode(bytes[0]!);
  return quote + decodeText(bytes.subarray(1, -1), charset) + quote;
};

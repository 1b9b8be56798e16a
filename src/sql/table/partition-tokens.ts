import { Token } from '../lexer.ts';
import { type DefinitionReader, NotUnderstood } from './reader.ts';

interface ClauseToken {
  readonly kind: 'word' | 'name' | 'number' | 'text' | 'symbol';
  /** Decoded; a word as it is written. */
  readonly text: string;
}

/** A clause about partitions, taken from its statement whole: what is not understood of it must not stop the reading of the statement. */
export class PartitionTokens {
  readonly #tokens: ClauseToken[] = [];
  #at = 0;

  /** Takes the statement up to its end, or to one of these words outside parentheses. */
  constructor(reader: DefinitionReader, ends: ReadonlySet<string> = new Set()) {
    let depth = 0;
    while (!reader.atStatementEnd && !(depth === 0 && ends.has(reader.word))) {
      if (reader.isSymbol('(')) depth += 1;
      if (reader.isSymbol(')')) depth -= 1;
      this.#tokens.push(taken(reader));
    }
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** The word at hand in capitals; empty: it is none. */
  get word(): string {
    const token = this.#tokens[this.#at];
    return token?.kind === 'word' ? token.text.toUpperCase() : '';
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token?.kind === 'symbol' && token.text === symbol;
  }

  accept(...words: readonly string[]): boolean {
    if (this.word === '' || !words.includes(this.word)) return false;
    this.#at += 1;
    return true;
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#at += 1;
    return true;
  }

  expect(...words: readonly string[]): void {
    for (const word of words) if (!this.accept(word)) this.fail(word);
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) this.fail(`«${symbol}»`);
  }

  /** Takes a name, quoted or not. */
  name(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.kind === 'text' || token.kind === 'symbol') return this.fail('a name');
    this.#at += 1;
    return token.text;
  }

  /** Takes `name, name, …`. */
  names(): string[] {
    const names = [this.name()];
    while (this.acceptSymbol(',')) names.push(this.name());
    return names;
  }

  /** Takes a token of this kind; undefined: it is another. */
  take(kind: 'number' | 'text' | 'name'): string | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind) return undefined;
    this.#at += 1;
    return token.text;
  }

  count(): number {
    const digits = this.take('number') ?? '';
    return /^\d{1,5}$/.test(digits) ? Number(digits) : this.fail('a number');
  }

  /** Takes one token, or all between parentheses. */
  skip(): void {
    let depth = 0;
    do {
      if (this.isSymbol('(')) depth += 1;
      if (this.isSymbol(')')) depth -= 1;
      this.#at += 1;
    } while (depth > 0 && !this.atEnd);
  }

  /** Says what would have been understood, and repeats no values. */
  fail(expected: string): never {
    const token = this.#tokens[this.#at];
    const isShown = token?.kind === 'word' || token?.kind === 'symbol';
    const found =
      token === undefined ? 'the end' : isShown ? `«${token.text.slice(0, 40)}»` : `a ${token.kind}`;
    throw new NotUnderstood(`${expected} expected, found ${found}`);
  }
}

function taken(reader: DefinitionReader): ClauseToken {
  if (reader.isString) return { kind: 'text', text: reader.string() };
  const { token, text } = reader.lexer;
  if (reader.isName) {
    const kind = token === Token.NUMBER ? 'number' : token === Token.QUOTED ? 'name' : 'word';
    return { kind, text: reader.name() };
  }
  reader.advance();
  return { kind: 'symbol', text };
}

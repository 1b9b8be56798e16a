import type { Flavor } from '../../charset/index.ts';
import type { ServerError } from '../../errors/index.ts';
import { nameValue, stringValue } from '../administration/index.ts';
import { Token } from '../lexer.ts';
import { isReserved } from './reserved-words.ts';
import { closings, errorAt, type QueryToken, tokensOf } from './tokens.ts';
import type { Expression, Query } from './tree.ts';

/** A walk over the tokens of a query. Whatever does not fit is ER_PARSE_ERROR at that token. */
export class QueryCursor {
  readonly flavor: Flavor;
  /** PIPES_AS_CONCAT: `||` makes one text of two. */
  readonly joinsTexts: boolean;
  readonly #bytes: Buffer;
  readonly #tokens: readonly QueryToken[];
  readonly #closings: ReadonlyMap<number, number>;
  readonly #end: QueryToken;
  #at = 0;

  constructor(text: string, flavor: Flavor, joinsTexts = false) {
    this.joinsTexts = joinsTexts;
    this.flavor = flavor;
    this.#bytes = Buffer.from(text);
    this.#tokens = tokensOf(this.#bytes, flavor);
    this.#closings = closings(this.#tokens);
    const { length } = this.#bytes;
    this.#end = { kind: Token.END, text: '', word: '', start: length, end: length };
  }

  /** The token so many places on. */
  ahead(places: number): QueryToken {
    return this.#tokens[this.#at + places] ?? this.#end;
  }

  get token(): QueryToken {
    return this.ahead(0);
  }

  get word(): string {
    return this.token.word;
  }

  get atEnd(): boolean {
    return this.token.kind === Token.END;
  }

  /** Where the token that was taken last ends. */
  get end(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0;
  }

  advance(): QueryToken {
    const { token } = this;
    this.#at += 1;
    return token;
  }

  fail(token: QueryToken = this.token): ServerError {
    return errorAt(this.#bytes, token.start);
  }

  /** The text between two places, as UTF-8. */
  slice(from: number, to: number = this.end): string {
    return this.#bytes.toString('utf8', from, to);
  }

  isSymbol(text: string): boolean {
    return this.token.kind === Token.SYMBOL && this.token.text === text;
  }

  acceptSymbol(text: string): boolean {
    if (!this.isSymbol(text)) return false;
    this.#at += 1;
    return true;
  }

  expectSymbol(text: string): void {
    if (!this.acceptSymbol(text)) throw this.fail();
  }

  /** Takes the words if all of them follow one another. */
  accept(...words: readonly string[]): boolean {
    if (!words.every((word, i) => this.ahead(i).word === word)) return false;
    this.#at += words.length;
    return true;
  }

  expect(word: string): void {
    if (!this.accept(word)) throw this.fail();
  }

  acceptOne<W extends string>(...words: readonly W[]): W | undefined {
    const found = words.find((word) => word === this.word);
    if (found !== undefined) this.#at += 1;
    return found;
  }

  /** Whether a name stands so many places on: a word that is not reserved, or anything in its quotes. */
  isName(places = 0): boolean {
    const { kind, word } = this.ahead(places);
    return kind === Token.QUOTED || (kind === Token.WORD && !isReserved(word, this.flavor));
  }

  name(): string {
    if (!this.isName()) throw this.fail();
    return this.anyName();
  }

  /** Behind a point, and behind @, every word is a name. */
  anyName(): string {
    const { kind, text } = this.token;
    if (kind !== Token.WORD && kind !== Token.QUOTED) throw this.fail();
    this.#at += 1;
    return nameValue(text);
  }

  get atString(): boolean {
    return this.token.kind === Token.STRING;
  }

  /** A string; neighbours are one. */
  string(): string {
    if (!this.atString) throw this.fail();
    let value = '';
    while (this.atString) value += stringValue(this.advance().text);
    return value;
  }

  /** `item, item, …` */
  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.acceptSymbol(',')) items.push(item());
    return items;
  }

  /** `(item, item, …)` */
  parenthesised<T>(item: () => T): T[] {
    this.expectSymbol('(');
    const items = this.list(item);
    this.expectSymbol(')');
    return items;
  }

  /** Whether the parenthesis at hand holds a query, and not a value or tables that are joined. */
  get atQuery(): boolean {
    let depth = 0;
    const isOpen = ({ kind, text }: QueryToken): boolean => kind === Token.SYMBOL && text === '(';
    while (isOpen(this.ahead(depth))) depth += 1;
    if (depth === 0 || !['SELECT', 'WITH', 'VALUES', 'TABLE'].includes(this.ahead(depth).word)) return false;
    // ((SELECT 1) + 1) is a value, ((SELECT 1) LIMIT 1) a query.
    for (let i = depth - 1; i > 0; i -= 1) {
      const close = this.#closings.get(this.#at + i);
      const behind = close === undefined ? undefined : this.#tokens[close + 1];
      if (behind?.text !== ')' && !BEHIND_QUERY.has(behind?.word ?? '')) return false;
    }
    return true;
  }
}

/** What follows a query in parentheses that is a part of another one. */
const BEHIND_QUERY: ReadonlySet<string> = new Set([
  'UNION',
  'EXCEPT',
  'INTERSECT',
  'ORDER',
  'LIMIT',
  'FOR',
  'LOCK',
]);

/** The grammar, as its parts need one another. */
export interface Grammar {
  readonly cursor: QueryCursor;
  /** The loosest operators included. */
  readonly expression: () => Expression;
  /** Operators of numbers and bits: what stands on either side of a comparison. */
  readonly operand: () => Expression;
  readonly query: () => Query;
  /** Reads what stands within something else. @throws ServerError 1235 too many within one another */
  nested<T>(read: () => T): T;
}

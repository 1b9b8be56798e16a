import type { Flavor } from '../../charset/index.ts';
import type { ServerError } from '../../errors/index.ts';
import { syntaxError } from '../administration/index.ts';
import { SqlLexer, Token } from '../lexer.ts';
import { notSupported } from './refusals.ts';

/** A token of a query. Operators of several characters are one. */
export interface QueryToken {
  readonly kind: Token;
  /** As it is written, one character a byte. */
  readonly text: string;
  /** In capitals, of a word without quotes; else `''`. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** Longest first. */
const OPERATORS = ['<=>', '->>', '<=', '>=', '<>', '!=', ':=', '||', '&&', '<<', '>>', '->'] as const;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy;
const NAME_CHARACTER = /[\w$\x80-\xff]/;

/** Parentheses within one another, calls and queries included. Reading a query takes a few calls for each. */
const MAX_NESTING = 200;

export const tooDeep = (): ServerError =>
  notSupported(
    `expressions within more than ${MAX_NESTING} others`,
    'Write it with fewer parentheses, or in several queries',
  );

/** Cuts a query into its tokens, up to a semicolon that ends it. @throws ServerError 1064 */
export function tokensOf(bytes: Buffer, flavor: Flavor): QueryToken[] {
  const latin1 = bytes.toString('latin1');
  const lexer = new SqlLexer(bytes, { flavor });
  const tokens: QueryToken[] = [];
  for (;;) {
    lexer.next();
    // `$$ … $$` would be a text, where routines have bodies in other languages.
    if ((lexer.malformed && lexer.token !== Token.END) || lexer.text.startsWith('$$'))
      throw errorAt(bytes, lexer.start);
    if (lexer.token === Token.END) break;
    const previous = tokens.at(-1);
    let kind: Token = lexer.token;
    if (kind === Token.NUMBER || (lexer.isSymbol('.') && !endsName(previous, lexer.start))) {
      const end = numberEnd(latin1, lexer.start);
      // What goes on with letters is a name, but for 0x41 and 0b1.
      if (end >= lexer.end) {
        lexer.end = end;
        kind = Token.NUMBER;
      } else if (kind === Token.NUMBER && !/^0[xb][\da-f]+$/i.test(lexer.text)) kind = Token.WORD;
      // Behind a point stands a name: t.1
      if (previous?.text === '.' && previous.end === lexer.start) kind = Token.WORD;
    } else if (kind === Token.SYMBOL) {
      const operator = OPERATORS.find((text) => latin1.startsWith(text, lexer.start));
      if (operator !== undefined) lexer.end = lexer.start + operator.length;
    }
    const { text, start, end } = lexer;
    tokens.push({ kind, text, word: kind === Token.WORD ? text.toUpperCase() : '', start, end });
  }
  return tokens;
}

function numberEnd(latin1: string, start: number): number {
  NUMBER.lastIndex = start;
  return NUMBER.test(latin1) ? NUMBER.lastIndex : -1;
}

/** Whether a point at `start` stands between the names of a path. */
const endsName = (token: QueryToken | undefined, start: number): boolean =>
  token !== undefined &&
  token.end === start &&
  (token.kind === Token.WORD || token.kind === Token.QUOTED) &&
  NAME_CHARACTER.test(token.text.at(1) ?? token.text);

/** For each `(` the number of its `)`. @throws ServerError 1235 too many within one another */
export function closings(tokens: readonly QueryToken[]): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const open: number[] = [];
  for (const [i, { kind, text }] of tokens.entries()) {
    if (kind !== Token.SYMBOL) continue;
    if (text === '(') {
      open.push(i);
      if (open.length > MAX_NESTING) throw tooDeep();
    } else if (text === ')' && open.length > 0) found.set(open.pop()!, i);
  }
  return found;
}

/** ER_PARSE_ERROR at a place of the text. */
export function errorAt(bytes: Buffer, at: number): ServerError {
  let line = 1;
  for (let i = bytes.indexOf(0x0a); i >= 0 && i < at; i = bytes.indexOf(0x0a, i + 1)) line += 1;
  return syntaxError(bytes.toString('utf8', at), line);
}

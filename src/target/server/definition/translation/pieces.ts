import { type LexerOptions, SqlLexer, Token } from '../../../../sql/index.ts';
import { DefinitionSize } from './definition-size.ts';

/** A token of a definition, and what is to stand in its place. */
export interface Piece {
  text: string;
  readonly word: string;
  token: Token;
  /** Whether something stood between it and the piece before it. */
  readonly gap: boolean;
  /** Parentheses around it. */
  readonly depth: number;
  /** Whether it is, or was, what parts definitions: where one begins does not change with what is left out. */
  readonly isComma: boolean;
}

/** Leaves it out. */
export const gone = (piece: Piece | undefined): void => {
  if (piece !== undefined) piece.text = '';
};

/** A definition, taken apart. @throws CatalogError it is too long or too deep */
export function piecesOf(sql: string, options: LexerOptions): Piece[] {
  const bytes = Buffer.from(sql);
  const lexer = new SqlLexer(bytes, { ...options, charset: 'utf8mb4' });
  const pieces: Piece[] = [];
  let depth = 0;
  let last = 0;
  const size = new DefinitionSize();
  while (lexer.next() !== Token.END) {
    if (lexer.isSymbol(')')) depth -= 1;
    const { token, word, start, end } = lexer;
    const text = bytes.toString('utf8', start, end);
    const piece = { text, word, token, gap: start > last, depth, isComma: text === ',' };
    size.add(piece);
    pieces.push(piece);
    last = end;
    if (lexer.isSymbol('(')) depth += 1;
  }
  return pieces;
}

/** The definition again, with what became of its pieces. */
export function joined(pieces: readonly Piece[]): string {
  let text = '';
  let gap = false;
  for (const piece of pieces) {
    // What was left out leaves its space, except before what needs none.
    gap = piece.gap || (gap && piece.text !== ',' && piece.text !== ')');
    if (piece.text === '') continue;
    text += (gap && text !== '' ? ' ' : '') + piece.text;
    gap = false;
  }
  return text;
}

export const isName = ({ token }: Piece): boolean => token === Token.WORD || token === Token.QUOTED;

/** First words of what is no column in a table's definition. */
export const NO_COLUMN: ReadonlySet<string> = new Set([
  'PRIMARY',
  'UNIQUE',
  'KEY',
  'INDEX',
  'CONSTRAINT',
  'CHECK',
  'FOREIGN',
  'FULLTEXT',
  'SPATIAL',
  'VECTOR',
  'PERIOD',
  'LIKE',
]);

/** A name without its quotes, in small letters. */
export function plainName({ text, token }: Piece): string {
  const [quote = ''] = text;
  return (token === Token.QUOTED ? text.slice(1, -1).replaceAll(quote + quote, quote) : text).toLowerCase();
}

/** The last piece before one that stands no deeper than this. */
export function lastAtDepth(pieces: readonly Piece[], from: number, depth: number): number {
  let at = from;
  while (at > 0 && pieces[at]!.depth > depth) at -= 1;
  return at;
}

/** The pieces between the commas around a piece. */
export function definitionAround(pieces: readonly Piece[], at: number): readonly Piece[] {
  const { depth } = pieces[at]!;
  const isEdge = (piece: Piece): boolean => (piece.depth === depth && piece.isComma) || piece.depth < depth;
  let [start, end] = [at, at];
  while (start > 0 && !isEdge(pieces[start - 1]!)) start -= 1;
  while (end < pieces.length && !isEdge(pieces[end]!)) end += 1;
  return pieces.slice(start, end);
}

import { Token } from '../../../../sql/index.ts';
import { NO_COLUMN, type Piece } from './pieces.ts';

/** `ADD [COLUMN] [IF NOT EXISTS] (a INT, KEY (a))` of ALTER TABLE as `ADD … a INT, ADD KEY (a)`: every change stands by itself. */
export function spreadAdded(pieces: readonly Piece[]): Piece[] {
  const spread: Piece[] = [];
  for (let at = 0; at < pieces.length; at += 1) {
    const words = wordsBefore(pieces, at);
    const close = pieces.findIndex(({ text, depth }, index) => index > at && text === ')' && depth === 0);
    if (words === undefined || close < 0) {
      spread.push(pieces[at]!);
      continue;
    }
    const isIndex = ({ token, word }: Piece): boolean => token === Token.WORD && NO_COLUMN.has(word);
    spread.length -= words.length;
    for (let inner = at + 1; inner < close; inner += 1) {
      const piece = pieces[inner]!;
      const isFirst = inner === at + 1 || (pieces[inner - 1]!.isComma && piece.depth === 1);
      const given = isIndex(piece) ? words.slice(0, 1) : words;
      if (isFirst) spread.push(...given.map((word) => ({ ...word })));
      spread.push({ ...piece, depth: piece.depth - 1, gap: piece.gap || isFirst });
    }
    at = close;
  }
  return spread;
}

/** The words before the parenthesis of such a list, from ADD on; undefined: none begins here. */
function wordsBefore(pieces: readonly Piece[], at: number): readonly Piece[] | undefined {
  if (pieces[at]!.text !== '(' || pieces[at]!.depth > 0) return undefined;
  let start = at - 1;
  while (['COLUMN', 'IF', 'NOT', 'EXISTS'].includes(pieces[start]?.word ?? '')) start -= 1;
  // A name before it would be an index's: ADD UNIQUE name (a).
  return pieces[start]?.word === 'ADD' ? pieces.slice(start, at) : undefined;
}

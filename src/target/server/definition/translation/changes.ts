import { Token } from '../../../../sql/index.ts';
import { definitionAround, gone, type Piece } from './pieces.ts';

/** Words behind which a change of ALTER TABLE names what it is about. */
export const CHANGES: ReadonlySet<string> = new Set(['ADD', 'ALTER', 'CHANGE', 'DROP', 'MODIFY', 'RENAME']);

/** The definition or change around a piece, without the words before the first change of ALTER TABLE. */
export function changeAround(pieces: readonly Piece[], at: number, depth: number): readonly Piece[] {
  let outer = at;
  while (outer > 0 && pieces[outer]!.depth > depth) outer -= 1;
  const around = definitionAround(pieces, outer);
  if (depth > 0 || around[0] !== pieces[0]) return around;
  return around.slice(around.findIndex(({ word }, index) => index > 0 && CHANGES.has(word)));
}

/** Leaves out a definition or a change, and the comma that parts it from others. */
export function leaveOut(pieces: readonly Piece[], at: number, depth: number): void {
  if (pieces[at]!.text === '') return;
  const left = changeAround(pieces, at, depth);
  const start = pieces.indexOf(left[0]!);
  const end = start + left.length;
  const comma = [pieces[start - 1], pieces[end]].find((piece) => piece?.text === ',');
  [...left, comma].forEach(gone);
}

/** Puts a change behind all others of ALTER TABLE. */
export function addChange(pieces: Piece[], text: string): void {
  const piece = { word: '', depth: 0 };
  pieces.push(
    { ...piece, text: ',', token: Token.SYMBOL, gap: false, isComma: true },
    { ...piece, text, token: Token.WORD, gap: true, isComma: false },
  );
}

/** ALTER TABLE without the commas of changes that were left out. */
export function tidyChanges(pieces: readonly Piece[]): void {
  let at = pieces.findIndex(({ word }) => word === 'TABLE') + 1;
  while (['IF', 'EXISTS'].includes(pieces[at]?.word ?? '')) at += 1;
  tidyList(pieces.slice(at + (pieces[at + 1]?.text === '.' ? 3 : 1)));
}

/** Leaves out the commas of what was left out at the outermost level. */
export function tidyList(pieces: readonly Piece[]): void {
  let comma: Piece | undefined;
  let isEmpty = true;
  for (const piece of pieces) {
    if (piece.text === '') continue;
    if (piece.text !== ',' || piece.depth > 0) {
      isEmpty = false;
      continue;
    }
    // Of two commas with nothing between them one goes; so does one before the first change.
    if (isEmpty) gone(piece);
    else comma = piece;
    isEmpty = true;
  }
  if (isEmpty) gone(comma);
}

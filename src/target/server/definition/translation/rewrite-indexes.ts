import type { Flavor } from '../../../../binlog/index.ts';
import { Token } from '../../../../sql/index.ts';
import { changeAround, leaveOut } from './changes.ts';
import { gone, NO_COLUMN, type Piece } from './pieces.ts';

/** Indexes and constraints that the other family has not are left out; what hides an index has another name there. */
export function rewriteIndexes(pieces: readonly Piece[], to: Flavor): void {
  pieces.forEach((piece, at) => {
    const next = pieces[at + 1];
    // ALTER INDEX name VISIBLE
    if (to === 'mariadb' && piece.word === 'VISIBLE' && pieces[at - 2]?.word === 'INDEX')
      piece.text = 'NOT IGNORED';
    if (piece.text === '') return;
    if (to === 'mysql') {
      if (piece.word === 'WITHOUT' && next?.word === 'OVERLAPS') leaveOut(pieces, at, piece.depth - 1);
      else if (piece.word === 'VECTOR' && next?.token === Token.WORD && isIndex(pieces, at))
        leaveOut(pieces, at, piece.depth);
      else if (piece.word === 'KEY' && pieces[at - 1]?.word === 'ALTER') piece.text = 'INDEX';
      else if (piece.word === 'IGNORED' && isIndex(pieces, at)) hideInMysql(pieces, at);
      return;
    }
    // One that was left out is not there.
    const isAlter = pieces[0]?.word === 'ALTER';
    if (isAlter && piece.depth === 0 && isChangedIndex(pieces, at) && next?.word !== 'IF')
      piece.text += ' IF EXISTS';
    const ofParts = 1 + Number(pieces[0]?.word === 'CREATE');
    if (isExpressionPart(pieces, at, ofParts) && isIndex(pieces, at)) leaveOut(pieces, at, piece.depth - 1);
    if (piece.word === 'SET' && (next?.word === 'VISIBLE' || next?.word === 'INVISIBLE'))
      leaveOut(pieces, at, 0);
    if (piece.word === 'WITH' && next?.word === 'PARSER') [piece, next, pieces[at + 2]].forEach(gone);
    if (piece.word === 'INVISIBLE' && isIndex(pieces, at)) piece.text = 'IGNORED';
  });
}

/** Whether DROP, RENAME or ALTER stands before this INDEX. */
export const isChangedIndex = (pieces: readonly Piece[], at: number): boolean =>
  ['INDEX', 'KEY'].includes(pieces[at]!.word) &&
  ['DROP', 'RENAME', 'ALTER'].includes(pieces[at - 1]?.word ?? '');

/** Whether a part of an index that is an expression begins here: ((a + 1)). `depth`: of parts. */
export const isExpressionPart = (pieces: readonly Piece[], at: number, depth: number): boolean =>
  pieces[at]!.depth === depth && pieces[at]!.text === '(' && ['(', ','].includes(pieces[at - 1]?.text ?? '');

/** [NOT] IGNORED in MySQL's word. */
export function hideInMysql(pieces: readonly Piece[], at: number): void {
  const isShown = pieces[at - 1]?.word === 'NOT';
  pieces[at]!.text = isShown ? 'VISIBLE' : 'INVISIBLE';
  if (isShown) gone(pieces[at - 1]);
}

/** Whether a piece belongs to an index. */
function isIndex(pieces: readonly Piece[], at: number): boolean {
  const isAlter = pieces[0]?.word === 'ALTER';
  const [first, second] = changeAround(pieces, at, isAlter ? 0 : 1);
  const named = isAlter ? second : first;
  return named?.token === Token.WORD && NO_COLUMN.has(named.word);
}

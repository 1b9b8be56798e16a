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
      else if (piece.word === 'IGNORED' && isIndex(pieces, at)) {
        piece.text = pieces[at - 1]?.word === 'NOT' ? 'VISIBLE' : 'INVISIBLE';
        if (piece.text === 'VISIBLE') gone(pieces[at - 1]);
      }
      return;
    }
    // One that was left out is not there.
    if (isChange(pieces, at) && next?.word !== 'IF') piece.text += ' IF EXISTS';
    // The parts of an index that are expressions: ((a + 1)).
    const isPart = piece.text === '(' && piece.depth === 1 + Number(pieces[0]?.word === 'CREATE');
    const before = pieces[at - 1]?.text;
    if (isPart && (before === '(' || before === ',') && isIndex(pieces, at))
      leaveOut(pieces, at, piece.depth - 1);
    if (piece.word === 'SET' && (next?.word === 'VISIBLE' || next?.word === 'INVISIBLE'))
      leaveOut(pieces, at, 0);
    if (piece.word === 'WITH' && next?.word === 'PARSER') [piece, next, pieces[at + 2]].forEach(gone);
    if (piece.word === 'INVISIBLE' && isIndex(pieces, at)) piece.text = 'IGNORED';
  });
}

/** DROP, RENAME and ALTER INDEX of ALTER TABLE. */
const isChange = (pieces: readonly Piece[], at: number): boolean =>
  pieces[0]?.word === 'ALTER' &&
  pieces[at]!.depth === 0 &&
  ['INDEX', 'KEY'].includes(pieces[at]!.word) &&
  ['DROP', 'RENAME', 'ALTER'].includes(pieces[at - 1]?.word ?? '');

/** Whether a piece belongs to an index. */
function isIndex(pieces: readonly Piece[], at: number): boolean {
  const isAlter = pieces[0]?.word === 'ALTER';
  const [first, second] = changeAround(pieces, at, isAlter ? 0 : 1);
  const named = isAlter ? second : first;
  return named?.token === Token.WORD && NO_COLUMN.has(named.word);
}

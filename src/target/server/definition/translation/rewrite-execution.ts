import type { Flavor } from '../../../../binlog/index.ts';
import { gone, type Piece } from './pieces.ts';

/** How a statement is carried out, and for how long it waits, is the target's own matter. */
export function rewriteExecution(pieces: readonly Piece[], to: Flavor): void {
  const isDroppedIndex = pieces[0]?.word === 'DROP' && pieces[1]?.word === 'INDEX';
  pieces.forEach((piece, at) => {
    if (piece.depth > 0) return;
    const next = pieces[at + 1];
    const before = pieces[at - 1];
    if (to === 'mysql') {
      if (
        at < 3 &&
        next?.word !== 'TO' &&
        (piece.word === 'ONLINE' || (piece.word === 'IGNORE' && pieces[0]!.word === 'ALTER'))
      )
        gone(piece);
      // Not what renames a table or adds a column of that name.
      const isName = before?.word === 'TABLE' || before?.word === 'TO' || before?.word === 'COLUMN';
      if (piece.word === 'WAIT' && /^\d+$/.test(next?.text ?? '') && !isName) [piece, next].forEach(gone);
      if (piece.word === 'NOWAIT' && !isName) gone(piece);
    } else if (next?.word === 'VALIDATION' && piece.word.startsWith('WITH')) [piece, next].forEach(gone);
    else if (isDroppedIndex && (piece.word === 'ALGORITHM' || piece.word === 'LOCK') && at > 3)
      (next?.text === '=' ? [piece, next, pieces[at + 2]] : [piece, next]).forEach(gone);
  });
}

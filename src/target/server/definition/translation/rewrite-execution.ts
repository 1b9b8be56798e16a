import type { Flavor } from '../../../../binlog/index.ts';
import { gone, type Piece } from './pieces.ts';

/** What each family does in its own ways, and refuses where it cannot. */
const WAYS: Readonly<Record<string, ReadonlySet<string>>> = {
  ALGORITHM: new Set(['COPY', 'DEFAULT', 'INPLACE', 'INSTANT', 'NOCOPY']),
  LOCK: new Set(['DEFAULT', 'EXCLUSIVE', 'NONE', 'SHARED']),
};

/** How a statement is carried out, and for how long it waits, is the target's own matter. */
export function rewriteExecution(pieces: readonly Piece[], to: Flavor): void {
  pieces.forEach((piece, at) => {
    if (piece.depth > 0) return;
    const next = pieces[at + 1];
    const before = pieces[at - 1];
    const value = next?.text === '=' ? pieces[at + 2] : next;
    if (WAYS[piece.word]?.has(value?.word ?? '') === true)
      (value === next ? [piece, next] : [piece, next, value]).forEach(gone);
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
  });
}

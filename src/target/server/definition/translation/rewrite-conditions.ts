import { changeAround, leaveOut } from './changes.ts';
import type { ExistingTable } from './existing-table.ts';
import { gone, type Piece, plainName } from './pieces.ts';
import { isIndexStatement } from './rewrite-index-statement.ts';
import { isChangedIndex } from './rewrite-indexes.ts';

/** Whether MySQL must be asked what the table has: MariaDB's IF [NOT] EXISTS, and indexes, checks and types that MySQL has not. */
export function isConditional(pieces: readonly Piece[]): boolean {
  const [first, second] = pieces;
  if (first?.word === 'RENAME') return pieces.some((_, at) => isIf(pieces, at));
  return (
    isIndexStatement(pieces) ||
    (first?.word === 'ALTER' && ['TABLE', 'ONLINE', 'IGNORE'].includes(second?.word ?? ''))
  );
}

/**
 * Leaves out what its condition does not hold for, and the conditions; and changes of what was left out.
 *
 * @param existing undefined: there is no such table
 * @returns false: nothing is left to be done
 */
export function rewriteConditions(pieces: readonly Piece[], existing: ExistingTable = NOTHING): boolean {
  // Of several, one may be there because of the one before: whether all are is told by the server.
  const isSeveral = pieces[0]?.word === 'RENAME' && pieces.some(({ text }) => text === ',');
  for (let at = 0; at < pieces.length; at += 1) {
    const piece = pieces[at]!;
    if (piece.depth > 0 || piece.text === '') continue;
    if (isIf(pieces, at)) {
      const words = pieces.slice(at, at + (pieces[at + 1]!.word === 'NOT' ? 3 : 2));
      const isTable = ['TABLE', 'TABLES'].includes(pieces[at - 1]?.word ?? '');
      if (isTable && existing === NOTHING && !isSeveral) return false;
      if (isTable || holds(pieces, at, existing)) words.forEach(gone);
      else if (isIndexStatement(pieces)) return false;
      else leaveOut(pieces, at, 0);
    } else if (existing !== NOTHING && !isIndexStatement(pieces)) {
      const name = pieces[at + 1];
      if (name === undefined || isIf(pieces, at + 1)) continue;
      const known = isDroppedConstraint(pieces, at)
        ? existing.constraints
        : isChangedIndex(pieces, at)
          ? existing.indexes
          : undefined;
      if (known?.has(plainName(name)) === false) leaveOut(pieces, at, 0);
    }
  }
  return true;
}

const NOTHING: ExistingTable = {
  types: new Map(),
  indexes: new Map(),
  constraints: new Set(),
  partitions: new Set(),
  hasPeriod: false,
};

const isIf = (pieces: readonly Piece[], at: number): boolean =>
  pieces[at]!.word === 'IF' && ['NOT', 'EXISTS'].includes(pieces[at + 1]?.word ?? '');

const isDroppedConstraint = (pieces: readonly Piece[], at: number): boolean =>
  pieces[at]!.word === 'CONSTRAINT' && pieces[at - 1]?.word === 'DROP' && !isIf(pieces, at + 1);

function holds(pieces: readonly Piece[], at: number, existing: ExistingTable): boolean {
  const isNot = pieces[at + 1]!.word === 'NOT';
  const named = pieces[at + (isNot ? 3 : 2)];
  if (named === undefined) return false;
  const words = new Set(
    changeAround(pieces, at, 0)
      .slice(0, 4)
      .map(({ word }) => word),
  );
  const isConstraint = words.has('CONSTRAINT') || words.has('FOREIGN');
  const isIndex =
    isIndexStatement(pieces) ||
    ['INDEX', 'KEY', 'UNIQUE', 'FULLTEXT', 'SPATIAL'].some((word) => words.has(word));
  const known = isConstraint ? existing.constraints : isIndex ? existing.indexes : existing.types;
  // ADD CONSTRAINT name FOREIGN KEY IF NOT EXISTS (…); ADD PRIMARY KEY IF NOT EXISTS (…)
  const name = named.text === '(' ? (words.has('CONSTRAINT') ? pieces[at - 3] : pieces[at - 2]) : named;
  if (name === undefined) return false;
  return known.has(plainName(name)) !== isNot;
}

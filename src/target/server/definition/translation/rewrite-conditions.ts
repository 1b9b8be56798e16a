import { changeAround, leaveOut } from './changes.ts';
import { gone, type Piece, plainName } from './pieces.ts';

/** What a table has by now: names in small letters. */
export interface ExistingTable {
  readonly columns: ReadonlySet<string>;
  readonly indexes: ReadonlySet<string>;
  readonly constraints: ReadonlySet<string>;
}

/** Whether MySQL must be asked what the table has: MariaDB's IF [NOT] EXISTS, and a constraint that may have been a check. */
export function isConditional(pieces: readonly Piece[]): boolean {
  if (!['ALTER', 'RENAME'].includes(pieces[0]?.word ?? '') && !isIndexStatement(pieces)) return false;
  return pieces.some(
    (piece, at) => piece.depth === 0 && (isIf(pieces, at) || isDroppedConstraint(pieces, at)),
  );
}

/**
 * Leaves out what its condition does not hold for, and the conditions.
 *
 * @param existing undefined: there is no such table
 * @returns false: nothing is left to be done
 */
export function rewriteConditions(pieces: readonly Piece[], existing: ExistingTable | undefined): boolean {
  if (existing === undefined) return false;
  for (let at = 0; at < pieces.length; at += 1) {
    const piece = pieces[at]!;
    if (piece.depth > 0 || piece.text === '') continue;
    if (isDroppedConstraint(pieces, at)) {
      if (!existing.constraints.has(plainName(pieces[at + 1]!))) leaveOut(pieces, at, 0);
    } else if (isIf(pieces, at)) {
      const words = pieces.slice(at, at + (pieces[at + 1]!.word === 'NOT' ? 3 : 2));
      if (holds(pieces, at, existing)) words.forEach(gone);
      else if (isIndexStatement(pieces)) return false;
      else leaveOut(pieces, at, 0);
    }
  }
  return true;
}

const isIf = (pieces: readonly Piece[], at: number): boolean =>
  pieces[at]!.word === 'IF' && ['NOT', 'EXISTS'].includes(pieces[at + 1]?.word ?? '');

const isDroppedConstraint = (pieces: readonly Piece[], at: number): boolean =>
  pieces[at]!.word === 'CONSTRAINT' && pieces[at - 1]?.word === 'DROP' && !isIf(pieces, at + 1);

const isIndexStatement = (pieces: readonly Piece[]): boolean =>
  ['CREATE', 'DROP'].includes(pieces[0]!.word) && pieces.slice(1, 3).some(({ word }) => word === 'INDEX');

function holds(pieces: readonly Piece[], at: number, existing: ExistingTable): boolean {
  const isNot = pieces[at + 1]!.word === 'NOT';
  const before = pieces[at - 1]!;
  if (before.word === 'TABLE') return true;
  const named = pieces[at + (isNot ? 3 : 2)]!;
  const words = new Set(
    changeAround(pieces, at, 0)
      .slice(0, 4)
      .map(({ word }) => word),
  );
  const isConstraint = words.has('CONSTRAINT') || words.has('FOREIGN');
  const isIndex =
    isIndexStatement(pieces) ||
    ['INDEX', 'KEY', 'UNIQUE', 'FULLTEXT', 'SPATIAL'].some((word) => words.has(word));
  const known = isConstraint ? existing.constraints : isIndex ? existing.indexes : existing.columns;
  // ADD CONSTRAINT name FOREIGN KEY IF NOT EXISTS (…); ADD PRIMARY KEY IF NOT EXISTS (…)
  const name = named.text === '(' ? (words.has('CONSTRAINT') ? pieces[at - 3]! : pieces[at - 2]!) : named;
  return known.has(plainName(name)) !== isNot;
}

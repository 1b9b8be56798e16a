import type { Flavor } from '../../../../binlog/index.ts';
import { leaveOut } from './changes.ts';
import { gone, type Piece } from './pieces.ts';

/**
 * Checks are left out: the source has held its rows against them. Each family evaluates and names them in its own way, and what changes one
 * of a column at the one changes none, or adds one, at the other.
 */
export function rewriteChecks(pieces: readonly Piece[], to: Flavor): void {
  pieces.forEach((piece, at) => {
    const next = pieces[at + 1];
    if (piece.word === 'CHECK' && next?.text === '(') leaveOutCheck(pieces, at);
    if (to === 'mysql') return;
    const before = pieces[at - 1]?.word;
    if (piece.word === 'ENFORCED' && piece.text !== '') leaveOut(pieces, at, 0);
    // One that is there was there before this channel.
    if (before === 'DROP' && (piece.word === 'CHECK' || piece.word === 'CONSTRAINT'))
      piece.text = 'CONSTRAINT IF EXISTS';
  });
}

/** `[CONSTRAINT [name]] CHECK (…) [[NOT] ENFORCED]`, of a column or by itself. */
function leaveOutCheck(pieces: readonly Piece[], at: number): void {
  const { depth } = pieces[at]!;
  const first = firstOf(pieces, at);
  const before = pieces[first - 1];
  const isAlone = before?.word === 'ADD' || (depth > 0 && (before?.isComma === true || before?.text === '('));
  if (isAlone) {
    leaveOut(pieces, at, depth);
    return;
  }
  let end = pieces.findIndex((piece, index) => index > at + 1 && piece.text === ')' && piece.depth === depth);
  while (['NOT', 'ENFORCED'].includes(pieces[end + 1]?.word ?? '') && isEnforcement(pieces, end + 1))
    end += 1;
  pieces.slice(first, end + 1).forEach(gone);
}

/** Where its words begin. */
function firstOf(pieces: readonly Piece[], at: number): number {
  for (const back of [1, 2, 5]) if (pieces[at - back]?.word === 'CONSTRAINT') return at - back;
  return at;
}

/** `NOT NULL` behind a check is the column's. */
function isEnforcement(pieces: readonly Piece[], at: number): boolean {
  return pieces[at]!.word === 'ENFORCED' || pieces[at + 1]?.word === 'ENFORCED';
}

import type { Flavor } from '../../../../binlog/index.ts';
import { Token } from '../../../../sql/index.ts';
import { definitionAround, gone, NO_COLUMN, type Piece } from './pieces.ts';

/** Words behind which a change of ALTER TABLE names what it is about. */
const CHANGES: ReadonlySet<string> = new Set(['ADD', 'ALTER', 'DROP']);

/** Indexes and constraints that the other family has not are left out; what hides an index has another name there. */
export function rewriteIndexes(pieces: readonly Piece[], to: Flavor): void {
  pieces.forEach((piece, at) => {
    const next = pieces[at + 1];
    // ALTER INDEX name VISIBLE
    if (to === 'mariadb' && piece.word === 'VISIBLE' && pieces[at - 2]?.word === 'INDEX')
      piece.text = 'NOT IGNORED';
    if (piece.text === '') return;
    if (to === 'mysql') {
      if (piece.word === 'WITHOUT' && next?.word === 'OVERLAPS') leaveOut(pieces, at, 1);
      return;
    }
    // The parts of an index that are expressions: ((a + 1)).
    const isPart = piece.text === '(' && piece.depth === 1 + Number(pieces[0]?.word === 'CREATE');
    const before = pieces[at - 1]?.text;
    if (isPart && (before === '(' || before === ',') && isIndex(pieces, at))
      leaveOut(pieces, at, piece.depth - 1);
    if (piece.word === 'SET' && (next?.word === 'VISIBLE' || next?.word === 'INVISIBLE'))
      leaveOut(pieces, at, 0);
    // MariaDB would hold rows against it.
    if (piece.word === 'NOT' && next?.word === 'ENFORCED' && isIndex(pieces, at))
      leaveOut(pieces, at, piece.depth);
    if (piece.word === 'CHECK' && pieces[at - 1]?.word === 'ALTER') leaveOut(pieces, at, 0);
    if (piece.word === 'CHECK' && pieces[at - 1]?.word === 'DROP') piece.text = 'CONSTRAINT IF EXISTS';
    if (piece.word === 'INVISIBLE' && isIndex(pieces, at)) piece.text = 'IGNORED';
  });
}

/** The definition or change around a piece, without the words before the first change of ALTER TABLE. */
function changeAround(pieces: readonly Piece[], at: number, depth: number): readonly Piece[] {
  let outer = at;
  while (pieces[outer]!.depth > depth) outer -= 1;
  const around = definitionAround(pieces, outer);
  if (depth > 0 || around[0] !== pieces[0]) return around;
  return around.slice(around.findIndex(({ word }, index) => index > 0 && CHANGES.has(word)));
}

/** Whether a piece belongs to an index. */
function isIndex(pieces: readonly Piece[], at: number): boolean {
  const isAlter = pieces[0]?.word === 'ALTER';
  const [first, second] = changeAround(pieces, at, isAlter ? 0 : 1);
  const named = isAlter ? second : first;
  return named?.token === Token.WORD && NO_COLUMN.has(named.word);
}

/** Leaves out a definition or a change, and the comma that parts it from others. */
function leaveOut(pieces: readonly Piece[], at: number, depth: number): void {
  const left = changeAround(pieces, at, depth);
  const start = pieces.indexOf(left[0]!);
  const end = start + left.length;
  const comma = [pieces[start - 1], pieces[end]].find((piece) => piece?.text === ',');
  [...left, comma].forEach(gone);
}

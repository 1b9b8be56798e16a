import type { Flavor } from '../../../../binlog/index.ts';
import type { ExistingTable } from './existing-table.ts';
import { gone, joined, type Piece, plainName } from './pieces.ts';
import { hideInMysql, isExpressionPart } from './rewrite-indexes.ts';
import { isTooLong, lengthsOf } from './rewrite-unique.ts';

export const isIndexStatement = (pieces: readonly Piece[]): boolean =>
  ['CREATE', 'DROP'].includes(pieces[0]?.word ?? '') &&
  pieces.slice(1, 5).some(({ word, depth }) => word === 'INDEX' && depth === 0);

const KINDS: ReadonlySet<string> = new Set(['FULLTEXT', 'SPATIAL', 'UNIQUE']);

/** CREATE INDEX and DROP INDEX in the words of the other family: statements, in order; none for an index that it has not. */
export function indexStatements(
  pieces: readonly Piece[],
  to: Flavor,
  existing: ExistingTable | undefined,
): string[] {
  const at = pieces.findIndex(({ word }) => word === 'INDEX');
  const conditions = pieces
    .slice(at + 1, at + 4)
    .filter(({ word }) => ['IF', 'NOT', 'EXISTS'].includes(word));
  const name = pieces[at + 1 + conditions.length];
  // Cut off: the target says so.
  if (name === undefined) return [joined(pieces)];
  if (pieces[0]!.word === 'DROP') {
    // One that was left out is not there.
    if (to === 'mysql')
      return existing !== undefined && !existing.indexes.has(plainName(name)) ? [] : [joined(pieces)];
    if (conditions.length === 0) pieces[at]!.text = 'INDEX IF EXISTS';
    return [joined(pieces)];
  }
  const open = pieces.findIndex(({ text }) => text === '(');
  if (to === 'mariadb') {
    if (pieces.some((_, index) => isExpressionPart(pieces, index, 1))) return [];
    pieces.forEach((piece, index) => {
      if (index < open || piece.depth > 0) return;
      if (piece.word === 'INVISIBLE') piece.text = 'IGNORED';
      if (piece.word === 'VISIBLE') gone(piece);
      if (piece.word === 'WITH') [piece, pieces[index + 1], pieces[index + 2]].forEach(gone);
    });
    return [joined(pieces)];
  }
  const isUnheld = pieces.some(
    ({ word, depth }, index) =>
      (word === 'VECTOR' && index < at) ||
      (depth === 1 && word === 'OVERLAPS' && pieces[index - 1]!.word === 'WITHOUT'),
  );
  const kind = pieces.slice(0, at).findLast(({ word }) => KINDS.has(word))?.word;
  const isLong =
    (kind === undefined || kind === 'UNIQUE') &&
    isTooLong(pieces, open, lengthsOf(existing?.types ?? []), kind === 'UNIQUE');
  const before: string[] = [];
  if (pieces[1]!.word === 'OR') {
    const on = pieces.findIndex(({ word }, index) => word === 'ON' && index > at);
    if (existing?.indexes.has(plainName(name)) === true)
      before.push(`DROP INDEX ${name.text} ${joined(pieces.slice(on, open))}`);
    [pieces[1], pieces[2]].forEach(gone);
  }
  if (isUnheld || isLong) return before;
  pieces.forEach((piece, index) => {
    if (index > open && piece.word === 'IGNORED') hideInMysql(pieces, index);
  });
  return [...before, joined(pieces)];
}

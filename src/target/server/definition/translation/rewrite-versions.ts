import { changeAround, leaveOut } from './changes.ts';
import type { ExistingTable } from './existing-table.ts';
import { definitionAround, gone, type Piece } from './pieces.ts';
import { typePlaces } from './rewrite-types.ts';

/** Comment of the column that says until when a row of a versioned table holds, in a table without versions. */
export const ROW_END_COMMENT = 'AS ROW END';

const IMPLICIT = (start: string, end: string): readonly string[] => [
  `row_start DATETIME(6) NOT NULL DEFAULT ${start} INVISIBLE`,
  `row_end DATETIME(6) NOT NULL DEFAULT '${end}' INVISIBLE COMMENT '${ROW_END_COMMENT}'`,
];

/**
 * ALTER TABLE … ADD and DROP PERIOD, which are left out, and ADD and DROP SYSTEM VERSIONING, which are about ordinary columns here.
 *
 * MariaDB keeps the columns that nobody has named behind all others, also behind those that are added later.
 *
 * @param existing what the table has by now
 * @returns changes to be made behind all others
 */
export function rewritePeriods(pieces: readonly Piece[], existing: ExistingTable | undefined): string[] {
  const hasOwn = pieces.some(({ word }) => word === 'SYSTEM_TIME');
  const added = addedLast(pieces);
  let isDropped = false;
  const later: string[] = [];
  pieces.forEach((piece, at) => {
    const [next, then] = [pieces[at + 1], pieces[at + 2]];
    if (piece.depth > 0 || (piece.word !== 'ADD' && piece.word !== 'DROP')) return;
    if (next?.word === 'PERIOD' && (then?.word === 'FOR' || then?.word === 'IF')) leaveOut(pieces, at, 0);
    if (next?.word !== 'SYSTEM' || then?.word !== 'VERSIONING') return;
    leaveOut(pieces, at, 0);
    isDropped ||= piece.word === 'DROP';
    if (hasOwn || (piece.word === 'DROP' && existing?.types.has('row_end') !== true)) return;
    const columns =
      piece.word === 'ADD'
        ? IMPLICIT('(UTC_TIMESTAMP(6))', '2106-02-07 06:28:15.999999')
        : ['row_start', 'row_end'];
    later.push(...columns.map((column) => `${piece.word} COLUMN ${column}`));
  });
  if (existing?.hasPeriod === true && added !== undefined && !isDropped) {
    const [start, end] = IMPLICIT("'1970-01-01 00:00:00'", '9999-12-31 00:00:00');
    later.push(`MODIFY COLUMN ${start} AFTER ${added}`, `MODIFY COLUMN ${end} AFTER row_start`);
  }
  return later;
}

/** The last column that is added behind all others. */
function addedLast(pieces: readonly Piece[]): string | undefined {
  let last: string | undefined;
  for (const place of typePlaces(pieces, true)) {
    const change = changeAround(pieces, place, 0);
    const isPlaced = change.some(({ word, depth }) => depth === 0 && (word === 'FIRST' || word === 'AFTER'));
    const isVersioning = pieces[place]!.word === 'VERSIONING';
    if (change[0]?.word === 'ADD' && !isPlaced && !isVersioning) last = pieces[place - 1]!.text;
  }
  return last;
}

/** WITH SYSTEM VERSIONING: the columns that say when a row held become ordinary ones. */
export function rewriteVersions(pieces: readonly Piece[]): string {
  let isVersioned = false;
  let hasPeriod = false;
  pieces.forEach((piece, at) => {
    const [next, then] = [pieces[at + 1], pieces[at + 2]];
    if (next?.word === 'SYSTEM' && then?.word === 'VERSIONING') {
      // A column's is the table's too.
      if (piece.word === 'WITH' && pieces[0]?.word === 'CREATE') isVersioned = true;
      if (piece.word === 'WITH' || piece.word === 'WITHOUT') [piece, next, then].forEach(gone);
    }
    if (piece.word === 'ROW' && (next?.word === 'START' || next?.word === 'END')) {
      // [GENERATED ALWAYS] AS ROW START
      for (
        let back = at;
        back > 0 && ['ROW', 'AS', 'ALWAYS', 'GENERATED'].includes(pieces[back]!.word);
        back -= 1
      )
        gone(pieces[back]);
      // Beyond what a TIMESTAMP of MySQL reaches.
      const type = definitionAround(pieces, at).find(({ word }) => word === 'TIMESTAMP');
      if (type !== undefined) type.text = 'DATETIME';
      next.text = next.word === 'END' ? `COMMENT '${ROW_END_COMMENT}'` : '';
    }
    if (piece.word === 'PERIOD' && next?.word === 'FOR' && piece.depth === 1) {
      const end = pieces.findIndex((other, index) => index > at && other.text === ')' && other.depth === 1);
      gone(pieces[at - 1]);
      pieces.slice(at, end + 1).forEach(gone);
      // Another one is the application's.
      hasPeriod ||= then?.word === 'SYSTEM_TIME';
    }
  });
  return isVersioned && !hasPeriod
    ? `, ${IMPLICIT("'1970-01-01 00:00:00'", '9999-12-31 00:00:00').join(', ')}`
    : '';
}

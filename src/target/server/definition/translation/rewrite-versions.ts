import { definitionAround, gone, type Piece } from './pieces.ts';

/** Comment of the column that says until when a row of a versioned table holds, in a table without versions. */
export const ROW_END_COMMENT = 'AS ROW END';

/** WITH SYSTEM VERSIONING: the columns that say when a row held become ordinary ones. */
export function rewriteVersions(pieces: readonly Piece[]): string {
  let isVersioned = false;
  let hasPeriod = false;
  pieces.forEach((piece, at) => {
    const [next, then] = [pieces[at + 1], pieces[at + 2]];
    if (next?.word === 'SYSTEM' && then?.word === 'VERSIONING') {
      if (piece.word === 'WITH' && piece.depth === 0) isVersioned = true;
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
      const type = definitionAround(pieces, at)[1];
      if (type?.word === 'TIMESTAMP') type.text = 'DATETIME';
      next.text = next.word === 'END' ? `COMMENT '${ROW_END_COMMENT}'` : '';
    }
    if (piece.word === 'PERIOD' && next?.word === 'FOR' && piece.depth === 1) {
      const end = pieces.findIndex((other, index) => index > at && other.text === ')' && other.depth === 1);
      gone(pieces[at - 1]);
      pieces.slice(at, end + 1).forEach(gone);
      hasPeriod = true;
    }
  });
  return isVersioned && !hasPeriod
    ? `, row_start DATETIME(6) NOT NULL DEFAULT '1970-01-01 00:00:00' INVISIBLE, row_end DATETIME(6) NOT NULL DEFAULT '9999-12-31 00:00:00' INVISIBLE COMMENT '${ROW_END_COMMENT}'`
    : '';
}

import type { Flavor } from '../../../../binlog/index.ts';
import { Token } from '../../../../sql/index.ts';
import { definitionAround, gone, isName, lastAtDepth, type Piece, plainName } from './pieces.ts';
import { placeOfAs } from './rewrite-generated.ts';

/** Attributes of columns that one family has, or writes otherwise. */
export function rewriteColumns(pieces: readonly Piece[], to: Flavor): void {
  pieces.forEach((piece, at) => {
    const before = pieces[at - 1];
    const after = pieces[at + 1];
    if (to === 'mysql') {
      // Of MySQL, no generated column may depend on one that counts by itself.
      if (piece.word === 'AUTO_INCREMENT' && piece.depth === 1 && isReferenced(pieces, at)) piece.text = '';
      if (piece.word === 'REF_SYSTEM_ID' && after?.text === '=') [piece, after, pieces[at + 2]].forEach(gone);
      if (piece.word === 'PERSISTENT' && piece.text !== '') piece.text = 'STORED';
      if (piece.word === 'COMPRESSED' && before?.text !== '=' && before?.word !== 'ROW_FORMAT') {
        (after?.text === '=' ? [piece, after, pieces[at + 2]] : [piece]).forEach(gone);
      }
      return;
    }
    if (piece.text === '-' && after?.text === '>' && !after.gap) extract(pieces, at);
    if (piece.word === 'SRID' && after?.token === Token.NUMBER) [piece, after].forEach(gone);
    // Where NDB keeps a column.
    if (
      piece.word === 'COLUMN_FORMAT' ||
      (piece.word === 'STORAGE' && /^(disk|memory|default)$/i.test(after?.text ?? ''))
    )
      [piece, after].forEach(gone);
    if (piece.word === 'VISIBLE') piece.text = '';
    // What a generated column of MariaDB is follows from its expression.
    if (piece.word === 'NULL' && isBehindExpression(pieces, at))
      [piece, ...(before?.word === 'NOT' ? [before] : [])].forEach(gone);
    if (piece.word !== 'INVISIBLE') return;
    // MariaDB hides no column that a row must name.
    const words = new Set(definitionAround(pieces, at).map(({ word }) => word));
    if (words.has('NOT') && !words.has('DEFAULT') && !words.has('AS')) piece.text = '';
  });
}

function isBehindExpression(pieces: readonly Piece[], at: number): boolean {
  const definition = definitionAround(pieces, at);
  const as = placeOfAs(definition, pieces[at]!.depth);
  return as >= 0 && definition.indexOf(pieces[at]!) > as;
}

/** Whether an expression of the table names the column whose definition stands here. */
function isReferenced(pieces: readonly Piece[], at: number): boolean {
  const name = plainName(definitionAround(pieces, at)[0]!);
  return pieces.some(
    (piece, index) =>
      piece.depth > 1 &&
      isName(piece) &&
      plainName(piece) === name &&
      definitionAround(pieces, lastAtDepth(pieces, index, 1)).some(({ word }) => word === 'AS'),
  );
}

/** MariaDB knows the functions that `column->path` and `column->>path` stand for, and not the signs. */
function extract(pieces: readonly Piece[], at: number): void {
  const [column, sign, end] = [pieces[at - 1], pieces[at]!, pieces[at + 2]];
  const isText = end?.text === '>' && !end.gap;
  const path = pieces[at + (isText ? 3 : 2)];
  if (column === undefined || path?.token !== Token.STRING) return;
  column.text = `${isText ? 'JSON_UNQUOTE(' : ''}JSON_EXTRACT(${column.text}`;
  [pieces[at + 1], ...(isText ? [end] : [])].forEach(gone);
  sign.text = ', ';
  path.text += isText ? '))' : ')';
}

import type { Flavor } from '../../../../binlog/index.ts';
import { definitionAround, gone, type Piece } from './pieces.ts';
import { typePlaces } from './rewrite-types.ts';

/** Where the AS stands behind which a generated column has its expression; -1: it is an ordinary one. */
export const placeOfAs = (definition: readonly Piece[], depth: number): number =>
  definition.findIndex(
    (piece, index) => piece.word === 'AS' && piece.depth === depth && definition[index + 1]?.text === '(',
  );

const isKept = (word: string): boolean => word === 'STORED' || word === 'PERSISTENT';

/**
 * Generated columns whose expressions the target does not take: one that is stored becomes an ordinary column, which has its values from the
 * source's rows; a virtual one is always NULL, as its values are not in every row that is logged.
 *
 * A stored column that is added to a table has values that no row has told: it stays as it is.
 *
 * @param alsoVirtual the target has refused them also where stored ones are ordinary
 */
export function rewriteGenerated(
  pieces: readonly Piece[],
  isAlter: boolean,
  to: Flavor,
  alsoVirtual: boolean,
): void {
  // Of MySQL, no generated column that the table has by now may depend on one that counts by itself.
  if (isAlter && to === 'mysql') pieces.filter(({ word }) => word === 'AUTO_INCREMENT').forEach(gone);
  for (const place of typePlaces(pieces, isAlter)) {
    const definition = definitionAround(pieces, place);
    const { depth } = pieces[place]!;
    const as = placeOfAs(definition, depth);
    if (as < 0) continue;
    const end = definition.findIndex(
      (piece, index) => index > as + 1 && piece.text === ')' && piece.depth === depth,
    );
    // Nothing between its parentheses, or cut off.
    if (end < as + 3) continue;
    const isStored = definition.some(
      ({ word, depth: own }, index) => index > end && own === depth && isKept(word),
    );
    if (isStored && isAlter) continue;
    const expression = definition.slice(as + 2, end);
    if (!isStored && !alsoVirtual) continue;
    if (!isStored) {
      expression.slice(1).forEach(gone);
      expression[0]!.text = 'NULL';
      continue;
    }
    const from = definition[as - 1]?.word === 'ALWAYS' ? as - 2 : as;
    definition.slice(from, end + 1).forEach(gone);
    definition.filter(({ word }, index) => index > end && isKept(word)).forEach(gone);
  }
}

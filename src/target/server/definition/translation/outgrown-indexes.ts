import { quoteName } from '../../../../sql/index.ts';
import type { ExistingTable } from './existing-table.ts';
import { definitionAround, type Piece, plainName } from './pieces.ts';
import { typePlaces } from './rewrite-types.ts';
import { lengthOf, lengthsOf, MOST } from './rewrite-unique.ts';

/**
 * Changes of ALTER TABLE that drop the indexes over columns that it makes larger than MySQL takes there (1170): MariaDB goes on with the beginning of
 * a text, or with hashes. A table that is made with such columns has no such indexes either.
 */
export function outgrownIndexes(pieces: readonly Piece[], existing: ExistingTable | undefined): string[] {
  if (existing === undefined) return [];
  const lengths = lengthsOf(existing.types);
  const changed = new Set<string>();
  for (const at of typePlaces(pieces, true)) {
    const definition = definitionAround(pieces, at);
    const words = definition.slice(definition.indexOf(pieces[at]!));
    const change = definition.find(({ word }) => word === 'MODIFY' || word === 'CHANGE')?.word;
    if (change === undefined) continue;
    // An index knows the column by the name that it had.
    const name = plainName(pieces[change === 'CHANGE' ? at - 2 : at - 1]!);
    lengths.set(name, lengthOf(words.map(({ text }) => text).join(' ')));
    changed.add(name);
  }
  const dropped = new Set(
    pieces.flatMap((piece, at) =>
      ['INDEX', 'KEY'].includes(piece.word) && pieces[at - 1]?.word === 'DROP' && pieces[at + 1] !== undefined
        ? [plainName(pieces[at + 1]!)]
        : [],
    ),
  );
  return [...existing.indexes]
    .filter(([name, { isUnique, parts }]) => {
      const sum = parts.reduce((all, { column, length }) => all + (length ?? lengths.get(column) ?? 0), 0);
      const isChanged = parts.some(({ column, length }) => length === undefined && changed.has(column));
      return isChanged && !dropped.has(name) && sum > (isUnique ? MOST : Number.MAX_SAFE_INTEGER);
    })
    .map(([name]) => `DROP INDEX ${quoteName(name)}`);
}

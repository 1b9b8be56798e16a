import type { Flavor } from '../../../../binlog/index.ts';
import { gone, joined, type Piece } from './pieces.ts';

export const isSchemaStatement = (pieces: readonly Piece[]): boolean =>
  ['CREATE', 'ALTER'].includes(pieces[0]?.word ?? '') &&
  pieces.slice(1, 4).some(({ word }) => word === 'DATABASE' || word === 'SCHEMA');

/** CREATE and ALTER DATABASE in the words of the other family: statements, in order; none where nothing is left to be done. */
export function schemaStatements(pieces: readonly Piece[], to: Flavor): string[] {
  const at = pieces.findIndex(({ word }) => word === 'DATABASE' || word === 'SCHEMA');
  const name = pieces[at + 1];
  // Cut off: the target says so.
  if (name === undefined) return [joined(pieces)];
  const before: string[] = [];
  if (to === 'mysql' && pieces[1]!.word === 'OR') {
    before.push(`DROP DATABASE IF EXISTS ${name.text}`);
    [pieces[1], pieces[2]].forEach(gone);
  }
  pieces.forEach((piece, index) => {
    if (index < at + 1) return;
    const value = pieces[index + 1]?.text === '=' ? 2 : 1;
    const isOwn = to === 'mysql' ? piece.word === 'COMMENT' : piece.word === 'ENCRYPTION';
    if (isOwn && index + value < pieces.length) {
      if (pieces[index - 1]!.word === 'DEFAULT') gone(pieces[index - 1]);
      pieces.slice(index, index + value + 1).forEach(gone);
    }
    // READ ONLY is for those who write by themselves.
    if (to === 'mariadb' && piece.word === 'READ' && pieces[index + 1]?.word === 'ONLY')
      pieces.slice(index, index + 2 + (pieces[index + 2]?.text === '=' ? 2 : 1)).forEach(gone);
  });
  const isLeft = pieces.some(({ word, text }) => text !== '' && ['COLLATE', 'CHARSET', 'SET'].includes(word));
  return pieces[0]!.word === 'ALTER' && !isLeft ? [] : [...before, joined(pieces)];
}

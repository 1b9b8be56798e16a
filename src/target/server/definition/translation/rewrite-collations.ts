import type { Flavor } from '../../../../binlog/index.ts';
import { charsetOfCollationName, collationId, findCharset } from '../../../../charset/index.ts';
import type { Piece } from './pieces.ts';

/** A collation of the target for one that it has not. Its own bytes tell texts apart at least as finely. */
function collationFor(name: string, to: Flavor): string {
  const plain = name.replace(/^[`'"]|[`'"]$/g, '').toLowerCase();
  if (collationId(plain, to) !== undefined) return plain;
  const charset = charsetOfCollationName(plain)?.name ?? 'utf8mb4';
  const known = charsetFor(charset, to);
  const kin =
    to === 'mysql' && plain.includes('uca1400') && plain.endsWith('_ai_ci') && known === 'utf8mb4'
      ? 'utf8mb4_0900_ai_ci'
      : '';
  return kin === '' ? `${known}_bin` : kin;
}

const charsetFor = (name: string, to: Flavor): string => {
  const plain = name.replace(/^[`'"]|[`'"]$/g, '').toLowerCase();
  return to === 'mariadb' && plain === 'gb18030' ? 'utf8mb4' : (findCharset(plain)?.name ?? plain);
};

/** The place of an option's value: behind `=`, if there is one. */
const valueAt = (pieces: readonly Piece[], at: number): number =>
  pieces[at + 1]?.text === '=' ? at + 2 : at + 1;

/** Character sets and collations that the target knows. */
export function rewriteCollations(pieces: readonly Piece[], to: Flavor): void {
  pieces.forEach((piece, at) => {
    if (piece.word === 'COLLATE') {
      const value = pieces[valueAt(pieces, at)];
      if (value !== undefined && value.word !== 'DEFAULT') value.text = collationFor(value.text, to);
    }
    const isCharset =
      piece.word === 'CHARSET' || (piece.word === 'SET' && pieces[at - 1]?.word === 'CHARACTER');
    if (!isCharset) return;
    const value = pieces[valueAt(pieces, at)];
    if (value !== undefined && value.word !== 'DEFAULT') value.text = charsetFor(value.text, to);
  });
}

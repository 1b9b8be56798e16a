import { CatalogError } from '../../../schema/index.ts';
import { changeAround } from './changes.ts';
import { type Piece, plainName } from './pieces.ts';
import { typePlaces } from './rewrite-types.ts';

/** What a definition does to rows in a way that only the source, or a server of its family, can. */
export const untold = (what: string): CatalogError =>
  new CatalogError(what, {
    hint: 'Load the table again, and replicate from the position of that copy.',
  });

/** Types whose bytes the target has, and what they become in MySQL. */
const BYTES: Readonly<Record<string, string>> = {
  UUID: 'binary(16)',
  INET6: 'binary(16)',
  INET4: 'binary(4)',
};

const TEXT = /^(N?(VAR)?CHAR2?|NVARCHAR|CHARACTER|NATIONAL|(TINY|MEDIUM|LONG)?TEXT|LONG|CLOB|JSON)$/;

/**
 * Holds changes of ALTER TABLE against what MySQL has: a UUID or an address that becomes a text, or the other way round, would become other bytes here.
 *
 * @param types what the table has by now
 * @throws CatalogError
 */
export function refuseConversions(pieces: readonly Piece[], types: ReadonlyMap<string, string>): void {
  for (const at of typePlaces(pieces, true)) {
    const verb = changeAround(pieces, at, 0)[0]?.word;
    if (verb !== 'MODIFY' && verb !== 'CHANGE') continue;
    const before = types.get(plainName(pieces[verb === 'CHANGE' ? at - 2 : at - 1]!))?.toLowerCase();
    const { word } = pieces[at]!;
    const wanted = BYTES[word];
    const isOther =
      wanted === undefined ? TEXT.test(word) && /^binary\((16|4)\)$/.test(before ?? '') : before !== wanted;
    if (before !== undefined && isOther)
      throw untold(
        `ALTER TABLE turns ${plainName(pieces[at - 1]!)}, ${before} in the target, into ${word}: what its values become is not in the log`,
      );
  }
}

const FILES: ReadonlySet<string> = new Set(['DISCARD', 'IMPORT']);

/** Holds back what moves rows between tables by their files, where the target has other files. @throws CatalogError */
export function refuseMoves(pieces: readonly Piece[]): void {
  pieces.forEach((piece, at) => {
    const next = pieces[at + 1]?.word ?? '';
    const isMove =
      (piece.word === 'CONVERT' && ['PARTITION', 'TABLE'].includes(next)) ||
      (FILES.has(piece.word) && ['PARTITION', 'TABLESPACE'].includes(next));
    const isChange =
      piece.depth === 0 && !['ADD', 'DROP', 'COLUMN', 'TO', 'TABLE'].includes(pieces[at - 1]?.word ?? '');
    if (isMove && isChange)
      throw untold(`ALTER TABLE … ${piece.word} ${next} moves rows that are not in the log`);
  });
}

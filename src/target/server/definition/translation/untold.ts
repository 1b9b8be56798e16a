import { wideCharsets } from '../../../../charset/index.ts';
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

/** CONVERT TO at the outermost level, and what follows. */
export const conversionAt = (pieces: readonly Piece[]): number =>
  pieces.findIndex(
    ({ word, depth }, at) => word === 'CONVERT' && depth === 0 && pieces[at + 1]?.word === 'TO',
  );

/**
 * CONVERT TO keeps the bytes of what an ENUM or SET may be and reads them in the new character set. MySQL keeps the places of the values then,
 * MariaDB has place 0.
 *
 * @param types what the table has by now, with their character sets
 * @throws CatalogError
 */
export function refuseLabels(pieces: readonly Piece[], types: ReadonlyMap<string, string>): void {
  const at = conversionAt(pieces);
  if (at < 0) return;
  const named = pieces.findIndex(({ word }, index) => index > at && /^(CHAR)?SET$/.test(word)) + 1;
  const charset = pieces[named] === undefined ? '' : plainName(pieces[named]).replaceAll("'", '');
  for (const [name, type] of types) {
    const own = /(?<!\w)\w+$/.exec(type)?.[0] ?? '';
    const isOther =
      own !== charset && (wideCharsets.has(own) || wideCharsets.has(charset) || /[^\0-\x7f]/.test(type));
    if (isOther && /^(enum|set)\(/i.test(type))
      throw untold(
        `ALTER TABLE converts ${name}, whose members become other text: what its values become is not in the log`,
      );
  }
}

/** Whether what MODIFY or CHANGE makes of values must be held against what the table has: of numbers of a vector, each family makes its own. */
export const changesVectors = (pieces: readonly Piece[]): boolean =>
  pieces[0]?.word === 'ALTER' && pieces.some(({ word }) => word === 'VECTOR');

/**
 * A column that becomes a vector: MySQL keeps the bytes that are there, MariaDB fills them up.
 *
 * @param types what the table has by now
 * @throws CatalogError
 */
export function refuseVectors(pieces: readonly Piece[], types: ReadonlyMap<string, string>): void {
  for (const at of typePlaces(pieces, true)) {
    const verb = changeAround(pieces, at, 0)[0]?.word;
    if (pieces[at]!.word !== 'VECTOR' || (verb !== 'MODIFY' && verb !== 'CHANGE')) continue;
    const before = types.get(plainName(pieces[verb === 'CHANGE' ? at - 2 : at - 1]!)) ?? '';
    const length = pieces[at + 1]?.text === '(' ? (pieces[at + 2]?.text ?? '') : '2048';
    if (before !== `vector(${length})` && before !== `varbinary(${Number(length) * 4})`)
      throw untold(
        `ALTER TABLE turns ${plainName(pieces[at - 1]!)} into a vector: what its values become is not in the log`,
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

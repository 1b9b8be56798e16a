import { Token } from '../../../../sql/index.ts';
import { leaveOut } from './changes.ts';
import { definitionAround, gone, isName, type Piece, plainName } from './pieces.ts';
import { typePlaces } from './rewrite-types.ts';

/** Characters of four bytes that an index of MySQL takes. */
export const MOST = 768;

const LARGE =
  /^((tiny|medium|long)?(text|blob)|json|clob|long|geometry|(multi)?(point|linestring|polygon)|geom(etry)?collection|vector)\b/i;
const SIZED = /^(?:var)?(?:char|binary)[a-z0-9]*\s*\(\s*(\d+)/i;

/**
 * `UNIQUE` over more than an index takes is left out: MariaDB holds it by hashes, and the source has held its rows against it. So are other indexes on
 * whole texts, of which MariaDB takes the beginning by itself, and on vectors.
 *
 * @param types what the table has by now: names in small letters → their types
 */
export function rewriteUnique(
  pieces: readonly Piece[],
  isAlter: boolean,
  types: ReadonlyMap<string, string>,
): void {
  const lengths = lengthsOf(types);
  for (const at of typePlaces(pieces, isAlter)) {
    const definition = definitionAround(pieces, at);
    const words = definition.slice(definition.indexOf(pieces[at]!));
    const length = lengthOf(words.map(({ text }) => text).join(' '));
    lengths.set(plainName(pieces[at - 1]!), length);
    if (length > MOST) words.forEach((piece, index) => dropAttribute(words, piece, index));
  }
  pieces.forEach((piece, at) => {
    const isUnique = piece.word === 'UNIQUE';
    if (!(isUnique || piece.word === 'INDEX' || piece.word === 'KEY') || piece.text === '') return;
    const open = pieces.findIndex((one, index) => index > at && one.text === '(');
    if (open > at + 5 || (pieces[at - 1]?.word !== 'ADD' && !isAlone(pieces, at))) return;
    if (isTooLong(pieces, open, lengths, isUnique)) leaveOut(pieces, at, piece.depth);
  });
}

function dropAttribute(words: readonly Piece[], piece: Piece, index: number): void {
  if (piece.word !== 'UNIQUE') return;
  gone(piece);
  if (words[index + 1]?.word === 'KEY') gone(words[index + 1]);
}

/** Whether it stands where a constraint begins, and not behind a column's type. */
function isAlone(pieces: readonly Piece[], at: number): boolean {
  const [first, second, third] = definitionAround(pieces, at);
  const begins = [first, second, third].indexOf(pieces[at]);
  return (
    begins === 0 ||
    (begins > 0 &&
      (first?.word === 'CONSTRAINT' || first?.word === 'CREATE' || second?.word === 'CONSTRAINT'))
  );
}

/** Characters of the values of columns, by their types. */
export const lengthsOf = (types: Iterable<readonly [name: string, type: string]>): Map<string, number> =>
  new Map([...types].map(([name, type]) => [name, lengthOf(type)]));

/** Whether an index, whose columns stand behind the parenthesis, is one of more than MySQL's take. Of one that is not unique MySQL takes the beginning of all but large ones. */
export function isTooLong(
  pieces: readonly Piece[],
  open: number,
  lengths: ReadonlyMap<string, number>,
  isUnique: boolean,
): boolean {
  if (pieces[open] === undefined) return false;
  let sum = 0;
  for (let at = open + 1; at < pieces.length && pieces[at]!.depth > pieces[open].depth; at += 1) {
    const piece = pieces[at]!;
    const begins = pieces[at - 1]!.text === '(' || pieces[at - 1]!.isComma;
    if (!begins || !isName(piece) || piece.depth !== pieces[open]!.depth + 1) continue;
    const [next, size] = [pieces[at + 1], pieces[at + 2]];
    sum +=
      next?.text === '(' && size?.token === Token.NUMBER
        ? Number(size.text)
        : (lengths.get(plainName(piece)) ?? 0);
  }
  return sum > (isUnique ? MOST : Number.MAX_SAFE_INTEGER);
}

/** Characters of a type's values; 0: few. */
export function lengthOf(type: string): number {
  if (LARGE.test(type)) return Number.POSITIVE_INFINITY;
  return Number(SIZED.exec(type)?.[1] ?? 0);
}

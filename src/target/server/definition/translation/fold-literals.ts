import type { Flavor } from '../../../../binlog/index.ts';
import { encodeText, findCharset } from '../../../../charset/index.ts';
import { Token } from '../../../../sql/index.ts';
import { gone, type Piece } from './pieces.ts';

/**
 * Makes one piece of each literal that is written in several: `x'1F'`, `_latin1 x'E9'`, `_latin1'é'`. Behind the name of a character set
 * stand bytes, which come as digits where they are not ASCII: the statement is given in another character set than it was logged in. MariaDB
 * takes `x'1F'` for a text where MySQL takes it for a number, too; `0x1F` is either to both.
 */
export function foldLiterals(pieces: readonly Piece[], charset: string, to: Flavor): void {
  pieces.forEach((piece, at) => {
    if (piece.token !== Token.WORD || piece.text === '') return;
    if (isBytes(pieces, at)) foldBytes(pieces, at, to);
    else if (isIntroducer(piece)) foldIntroduced(pieces, at, charset, to);
  });
}

const isBytes = (pieces: readonly Piece[], at: number): boolean =>
  /^[XB]$/.test(pieces[at]!.word) && pieces[at + 1]?.token === Token.STRING && !pieces[at + 1]!.gap;

const isIntroducer = ({ word }: Piece): boolean =>
  word.startsWith('_') && findCharset(word.slice(1).toLowerCase()) !== undefined;

function foldBytes(pieces: readonly Piece[], at: number, to: Flavor): void {
  const [piece, digits] = [pieces[at]!, pieces[at + 1]!];
  const hex = /^'((?:[\da-f]{2})+)'$/i.exec(digits.text)?.[1];
  piece.text =
    to === 'mariadb' && piece.word === 'X' && hex !== undefined ? `0x${hex}` : piece.text + digits.text;
  piece.token = Token.STRING;
  gone(digits);
}

function foldIntroduced(pieces: readonly Piece[], at: number, charset: string, to: Flavor): void {
  const [piece, literal] = [pieces[at]!, pieces[at + 1]];
  if (literal === undefined) return;
  if (isBytes(pieces, at + 1)) foldBytes(pieces, at + 1, to);
  else if (literal.token !== Token.STRING && !/^0[xb]/i.test(literal.text)) return;
  // Quotes and backslashes mean what sql_mode says.
  const text = /^'([^'\\]*[^\0-\x7f][^'\\]*)'$/.exec(literal.text)?.[1];
  const value = text === undefined ? literal.text : `x'${encodeText(text, charset).toString('hex')}'`;
  piece.text = `${piece.text} ${value}`;
  piece.token = Token.STRING;
  gone(literal);
}

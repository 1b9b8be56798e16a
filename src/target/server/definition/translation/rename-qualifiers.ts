import { decodeText, encodeText } from '../../../../charset/index.ts';
import { type LexerOptions, quoteName, Token } from '../../../../sql/index.ts';
import type { SchemaNames } from '../../../applier/rename-schemas.ts';
import { isName, joined, type Piece, piecesOf } from './pieces.ts';

const unquoted = (text: string): string =>
  /^([`"]).*\1$/s.test(text) ? text.slice(1, -1).replaceAll(text[0]! + text[0]!, text[0]!) : text;

/** Schemas that a definition names get the names they have in the target. */
export function renameQualifiers(pieces: readonly Piece[], nameOf: SchemaNames): void {
  pieces.forEach((piece, at) => {
    const before = pieces[at - 1]?.word;
    const isQualifier =
      isName(piece) && pieces[at + 1]?.text === '.' && (piece.depth === 0 || before === 'REFERENCES');
    const isSchema = isName(piece) && at === schemaPlace(pieces);
    if (isQualifier || isSchema) piece.text = quoteName(nameOf(unquoted(piece.text)));
    // Behind a name in quotes, .2x would be a number.
    const named = isQualifier ? pieces[at + 2] : undefined;
    if (named?.token === Token.NUMBER) named.text = quoteName(named.text);
  });
}

/** Where CREATE, ALTER and DROP DATABASE name it; -1: they do not, or it is another statement. */
function schemaPlace(pieces: readonly Piece[]): number {
  const at = pieces.findIndex(({ word }, index) => index < 4 && (word === 'DATABASE' || word === 'SCHEMA'));
  if (at < 0 || !['CREATE', 'ALTER', 'DROP'].includes(pieces[0]?.word ?? '')) return -1;
  let name = at + 1;
  while (['IF', 'NOT', 'EXISTS'].includes(pieces[name]?.word ?? '')) name += 1;
  return name;
}

/** A definition with the schemas that it names under their names in the target; in the character set it came in. */
export function renamed(
  sql: Uint8Array,
  options: LexerOptions & { readonly charset: string },
  nameOf: SchemaNames,
): Buffer {
  const pieces = piecesOf(decodeText(sql, options.charset), options);
  renameQualifiers(pieces, nameOf);
  return encodeText(joined(pieces), options.charset);
}

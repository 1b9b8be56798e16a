import { decodeText, findCharset } from '../../charset/index.ts';
import { Token } from '../lexer.ts';
import type { ColumnDefault } from './definition.ts';
import type { DefinitionReader } from './reader.ts';

const NUMBER = /^0([xb])([\da-f]+)$/i;

/** Takes a literal behind the word that says its character set: `_latin1'text'`, `_latin1 x'E9'`, `_latin1 0xE9`, `_latin1 b'01'`. */
export function introducedLiteral(reader: DefinitionReader, introducer: string): ColumnDefault {
  const charset = introducer.slice(1).toLowerCase();
  if (findCharset(charset) === undefined) return reader.fail('a character set');
  if (reader.isString) return { kind: 'text', text: reader.string(charset) };
  const bytes = bytesAt(reader);
  return charset === 'binary'
    ? { kind: 'literal', text: `X'${bytes.toString('hex')}'` }
    : { kind: 'text', text: decodeText(bytes, charset) };
}

function bytesAt(reader: DefinitionReader): Buffer {
  const { word, lexer } = reader;
  if (lexer.token === Token.NUMBER) {
    const [, base, digits = ''] = NUMBER.exec(lexer.text) ?? reader.fail('bytes');
    reader.advance();
    return bytesOf(base!, digits);
  }
  if (word !== 'X' && word !== 'B') return reader.fail('bytes');
  reader.advance();
  return bytesOf(word, reader.string());
}

/** What is missing in front is 0. */
function bytesOf(base: string, digits: string): Buffer {
  const hex = /x/i.test(base) || digits === '' ? digits : BigInt(`0b${digits}`).toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

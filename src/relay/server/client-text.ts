import { decodeText } from '../../charset/index.ts';
import { SqlLexer, Token } from '../../sql/index.ts';
import { ColumnType, type Parameter } from '../../wire/index.ts';

const BINARY_STRING = /_binary\s*['"]/i;

/**
 * What a client wrote, in UTF-8. `charset` is what it writes in; undefined: UTF-8. Strings behind `_binary` are bytes in any character set, and
 * stay what they are.
 */
export function clientText(text: Buffer, charset: string | undefined): Buffer {
  if (charset === undefined) return text;
  if (!BINARY_STRING.test(text.toString('latin1'))) return Buffer.from(decodeText(text, charset));
  const lexer = new SqlLexer(text, { charset });
  const parts: Buffer[] = [];
  let done = 0;
  let isBinary = false;
  while (lexer.next() !== Token.END && !lexer.malformed) {
    if (isBinary && lexer.token === Token.STRING) {
      parts.push(Buffer.from(decodeText(text.subarray(done, lexer.start), charset)));
      parts.push(text.subarray(lexer.start, lexer.end));
      done = lexer.end;
    }
    isBinary = lexer.token === Token.WORD && lexer.text.toLowerCase() === '_binary';
  }
  parts.push(Buffer.from(decodeText(text.subarray(done), charset)));
  return Buffer.concat(parts);
}

/** Parameters that are text; what else is bytes says so. */
const TEXTS: ReadonlySet<number> = new Set([ColumnType.STRING, ColumnType.VAR_STRING, ColumnType.VARCHAR]);

/** The value of a bound parameter, or its long data, in UTF-8 where it is text. */
export function clientValue<V extends Parameter['value']>(
  value: V,
  type: number | undefined,
  charset: string | undefined,
): V | Buffer {
  if (charset === undefined || !Buffer.isBuffer(value) || !TEXTS.has(type ?? ColumnType.BLOB)) return value;
  return Buffer.from(decodeText(value, charset));
}

import { isUtf8 } from 'node:buffer';
import type { Flavor } from '../charset/index.ts';
import { nameValue, quoteName, quoteString, rawStringValue, stringValue } from './administration/literal.ts';
import { SqlLexer, SqlMode, Token } from './lexer.ts';

/** Modes that are others taken together, as far as they change where a string ends. */
const ANSI_QUOTES = /\b(ANSI_QUOTES|ANSI|ORACLE|MSSQL|DB2|MAXDB|POSTGRESQL)\b/i;
const NO_BACKSLASH_ESCAPES = /\bNO_BACKSLASH_ESCAPES\b/i;

/** Comments that may be code. */
const EXECUTABLE = /\/\*M?!/;

/**
 * A statement as it would be written without ANSI_QUOTES, NO_BACKSLASH_ESCAPES and comments that are code: names in backticks,
 * backslashes doubled, `/*!80000 '+'*\/ 'x'` as `'+' 'x'`, strings that are no UTF-8 in hexadecimal. What is written so means the same, and everything behind needs to know one way
 * of writing only.
 *
 * @param modes - `@@sql_mode`, a comma list
 */
export function inPlainMode(text: Buffer, modes: string, flavor: Flavor): Buffer {
  const ansiQuotes = ANSI_QUOTES.test(modes);
  const noEscapes = NO_BACKSLASH_ESCAPES.test(modes);
  if (!ansiQuotes && !noEscapes && isUtf8(text) && !EXECUTABLE.test(text.toString('latin1'))) return text;
  const sqlMode = (ansiQuotes ? SqlMode.ANSI_QUOTES : 0) | (noEscapes ? SqlMode.NO_BACKSLASH_ESCAPES : 0);
  const lexer = new SqlLexer(text, { sqlMode, flavor });
  const parts: Buffer[] = [];
  for (let done = 0; ; done = lexer.end) {
    const token = lexer.next();
    // What does not end is for the parser to refuse, as it stands.
    if (lexer.malformed) return Buffer.concat([...parts, text.subarray(done)]);
    const between = text.subarray(done, lexer.start);
    parts.push(between.includes('/*') || between.includes('*/') ? Buffer.from(' ') : between);
    // Of a comment alone, that much has to be seen.
    if (token === Token.END) return done === 0 ? text : Buffer.concat(parts);
    parts.push(plainToken(lexer, noEscapes));
  }
}

function plainToken({ token, text, bytes, start, end }: SqlLexer, noEscapes: boolean): Buffer {
  if (token === Token.QUOTED && text.startsWith('"')) return Buffer.from(quoteName(nameValue(text)));
  const own = bytes.subarray(start, end);
  if (token === Token.STRING && text.length > 1 && /^['"]/.test(text) && !isUtf8(own))
    // Words beside it, _binary say, do not run into it.
    return Buffer.from(` 0x${Buffer.from(rawStringValue(text, !noEscapes), 'latin1').toString('hex')} `);
  if (noEscapes && token === Token.STRING && text.includes('\\'))
    return Buffer.from(quoteString(stringValue(text, false)));
  return own;
}
